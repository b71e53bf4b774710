"""Makes, rotates and revokes keys in the warehouse. Blocks; for commands."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.gateway.keys.model import Key, Right, hash_of, new_text
from ioc.gateway.keys.store import read_keys, write_key
from schemas.errors import ConfigurationError
from schemas.keys_texts import KeysText
from schemas.reference import UnitRegistry

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_SOURCE = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_LAST_USE = "SELECT key_id, max(minute) FROM gateway_use GROUP BY key_id"


@dataclass(frozen=True)
class Wish:
    """What a new key is to be."""

    source: str
    units: Sequence[str]
    rights: Iterable[Right]
    label: str = ""
    sandbox: bool = False
    days: float = 0


@dataclass(frozen=True)
class Made:
    """A new key, and the only copy of its text."""

    key: Key
    text: str


class KeyAdmin:
    """Changes keys; what is wrong is said in a language."""

    def __init__(self, client: Client, units: UnitRegistry, language: str) -> None:
        """Work on this database."""
        self._client = client
        self._units = units
        self._language = language

    def create(self, wish: Wish) -> Made:
        """Make a key.

        Raises:
            ConfigurationError: source or units are wrong.
        """
        if not _SOURCE.fullmatch(wish.source) or wish.source != wish.source.strip():
            raise self._fault(KeysText.BAD_SOURCE)
        if not wish.units:
            raise self._fault(KeysText.NO_UNIT)
        for code in wish.units:
            if code not in self._units:
                raise self._fault(KeysText.UNKNOWN_UNIT, unit=code)
        key_id, text = new_text()
        now_ms = _now_ms()
        key = Key(
            key_id,
            now_ms,
            wish.label[:200],
            wish.source,
            tuple(wish.units),
            frozenset(wish.rights),
            wish.sandbox,
            hash_of(text),
            now_ms // 1000,
            int(now_ms / 1000 + wish.days * 86_400) if wish.days else 0,
        )
        write_key(self._client, key)
        return Made(key, text)

    def rotate(self, key_id: str, overlap_hours: float) -> tuple[Made, Key]:
        """Make a key like another one, which expires soon; return the new and the old one.

        The new one is stored first: a crash between leaves two working keys, never none.

        Raises:
            ConfigurationError: there is no such key, or it does not work any more.
        """
        old = self._find(key_id)
        now = _now_ms() // 1000
        if not old.works(now):
            raise self._fault(KeysText.DEAD_KEY, key_id=key_id)
        new_id, text = new_text()
        made = replace(
            old, key_id=new_id, version=_now_ms(), secret_hash=hash_of(text), created_at=now
        )
        write_key(self._client, made)
        end = int(now + overlap_hours * 3600)
        until = min(end, old.expires_at) if old.expires_at else end
        expiring = replace(old, version=_after(old), expires_at=until)
        write_key(self._client, expiring)
        return Made(made, text), expiring

    def revoke(self, key_id: str) -> Key:
        """Take a key away; harmless if that was done before.

        Raises:
            ConfigurationError: there is no such key.
        """
        key = self._find(key_id)
        if not key.revoked_at:
            key = replace(key, version=_after(key), revoked_at=_now_ms() // 1000)
            write_key(self._client, key)
        return key

    def keys(self) -> list[tuple[Key, dt.datetime | None]]:
        """Return all keys, the newest first, each with its last minute of use."""
        used = dict(self._client.query(_LAST_USE).result_rows)
        keys = sorted(read_keys(self._client), key=lambda key: key.created_at, reverse=True)
        return [(key, used.get(key.key_id)) for key in keys]

    def _find(self, key_id: str) -> Key:
        for key in read_keys(self._client):
            if key.key_id == key_id:
                return key
        raise self._fault(KeysText.UNKNOWN_KEY, key_id=key_id)

    def _fault(self, text: KeysText, **values: object) -> ConfigurationError:
        return ConfigurationError(text.in_language(self._language, **values))


def check_new(path: Path | None, language: str) -> None:
    """Raise `ConfigurationError` if a file exists already."""
    if path is not None and path.exists():
        raise ConfigurationError(KeysText.FILE_EXISTS.in_language(language, file=path))


def write_key_file(path: Path, text: str, language: str) -> None:
    """Write a key into a new file that only its owner may read.

    Raises:
        ConfigurationError: the file exists or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(KeysText.FILE_EXISTS.in_language(language, file=path)) from None
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")


def _after(key: Key) -> int:
    return max(_now_ms(), key.version + 1)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
