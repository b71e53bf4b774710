"""Bearer tokens of the HTTP API: each is one person's; only hashes are stored."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import ConfigurationError

_PREFIX = "iocalert"
_TOKEN = re.compile(rf"{_PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_\-]{{43}})")


class ApiKey(BaseModel):
    """One token: whose, and the SHA-256 of its secret (256 random bits need no slow hash)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: str
    digest: str


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keys: dict[str, ApiKey] = {}


class ApiKeys:
    """The file, read anew when it changed; a missing one opens to nobody."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, ApiKey] = {}

    def person_of(self, token: str) -> str | None:
        """Return whose token it is, None for one that opens nothing. Reads a small file."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        key = self._read().get(parts.group(1))
        given = _digest(parts.group(2))
        is_right = hmac.compare_digest(given, key.digest if key else _digest(""))
        return key.person if key is not None and is_right else None

    def _read(self) -> dict[str, ApiKey]:
        if self._path is None:
            return {}
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._seen:
            self._keys = _load(self._path).keys
            self._seen = stamp
        return self._keys


def add_key(path: Path, person: str) -> str:
    """Make a token for a person; return it. It is shown once and stored nowhere."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with _changing(path) as content:
        content.keys[key_id] = ApiKey(person=person, digest=_digest(secret))
    return f"{_PREFIX}_{key_id}_{secret}"


def list_keys(path: Path) -> list[tuple[str, str]]:
    """Return id and person of each token."""
    keys = _load(path).keys if path.exists() else {}
    return [(key_id, key.person) for key_id, key in sorted(keys.items())]


def remove_key(path: Path, key_id: str) -> bool:
    """Revoke a token; return whether it was there. A running server sees it at once."""
    with _changing(path) as content:
        return content.keys.pop(key_id, None) is not None


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[_Content]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        content = _load(path) if path.exists() else _Content()
        yield content
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content.model_dump_json(indent=1) + "\n")
        fresh.replace(path)
    finally:
        os.close(lock)


def _load(path: Path) -> _Content:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(f"{path}: others may read these keys; run: chmod 600 {path.name}")
    try:
        return _Content.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError:
        raise ConfigurationError(f"{path} is no file of keys of the alerts' API") from None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
