"""Bearer tokens of the HTTP API: each is one person's; only hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ioc.private_file import PrivateFile

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
        self._file = None if path is None else _file(path)

    def person_of(self, token: str) -> str | None:
        """Return whose token it is, None for one that opens nothing. Reads a small file."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        keys = {} if self._file is None else self._file.read().keys
        key = keys.get(parts.group(1))
        given = _digest(parts.group(2))
        is_right = hmac.compare_digest(given, key.digest if key else _digest(""))
        return key.person if key is not None and is_right else None


def add_key(path: Path, person: str) -> str:
    """Make a token for a person; return it. It is shown once and stored nowhere."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with _file(path).changing() as content:
        content.keys[key_id] = ApiKey(person=person, digest=_digest(secret))
    return f"{_PREFIX}_{key_id}_{secret}"


def list_keys(path: Path) -> list[tuple[str, str]]:
    """Return id and person of each token."""
    keys = _file(path).read().keys
    return [(key_id, key.person) for key_id, key in sorted(keys.items())]


def remove_key(path: Path, key_id: str) -> bool:
    """Revoke a token; return whether it was there. A running server sees it at once."""
    with _file(path).changing() as content:
        return content.keys.pop(key_id, None) is not None


def _file(path: Path) -> PrivateFile[_Content]:
    return PrivateFile(path, _Content, _Content, "keys of the alerts' API")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
