"""Accounts of the wall: names and scrypt hashes in one file that only its owner may read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from pathlib import Path

from pydantic import BaseModel

from ioc.private_file import PrivateFile
from schemas.errors import ConfigurationError

#: Letters, digits, dots, hyphens: names of desks and shifts, as they appear beside marks.
NAME = re.compile(r"[a-z0-9][a-z0-9._\-]{1,39}")
MIN_PASSWORD_LENGTH = 10
_MAX_PASSWORD_BYTES = 1024
#: OWASP's recommendation for 32 MB of memory: log2 of N, r, p.
_COST = (15, 8, 3)
_MAX_MEMORY_BYTES = 64 << 20
_KEY_BYTES = 32


class _Content(BaseModel):
    key: str
    users: dict[str, str]


class Accounts:
    """The file, read anew when it changed; a missing one holds nobody."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else _file(path)
        self._nobody = _hash(secrets.token_urlsafe(), (10, 8, 1))

    @property
    def exist(self) -> bool:
        """Whether anybody has an account."""
        return bool(self._read().users)

    def check(self, name: str, password: str) -> bool:
        """Whether name and password fit; blocks for about a fifth of a second.

        Takes the same work for a name that nobody has.
        """
        users = self._read().users
        if name in users:
            return _fits(password, users[name])
        _fits(password, next(iter(users.values()), self._nobody))
        return False

    def signing_key(self, name: str) -> bytes | None:
        """Return the key of a person's sessions, None for nobody.

        It changes with the password, which ends the sessions that were opened with the old one.
        """
        content = self._read()
        if name not in content.users:
            return None
        return hmac.digest(content.key.encode(), content.users[name].encode(), "sha256")

    def _read(self) -> _Content:
        return _Content(key="", users={}) if self._file is None else self._file.read()


def names(path: Path) -> list[str]:
    """Return the names in a file, sorted; none if it is missing."""
    return sorted(_file(path).read().users)


def put(path: Path, name: str, password: str) -> bool:
    """Add an account or change its password; return whether it is new.

    Raises:
        ConfigurationError: name or password are not acceptable, or the file is not.
    """
    if not NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r}: a name has 2 to 40 small letters, digits, dots or hyphens, no personal data"
        )
    if len(password) < MIN_PASSWORD_LENGTH or len(password.encode()) > _MAX_PASSWORD_BYTES:
        raise ConfigurationError(f"the password must have at least {MIN_PASSWORD_LENGTH} letters")
    with _file(path).changing() as content:
        is_new = name not in content.users
        content.users[name] = _hash(password, _COST)
    return is_new


def remove(path: Path, name: str) -> bool:
    """Remove an account, which ends its sessions; return whether it was there."""
    with _file(path).changing() as content:
        return content.users.pop(name, None) is not None


def _file(path: Path) -> PrivateFile[_Content]:
    # A new file's key signs its sessions; without a file there is nobody to sign for.
    return PrivateFile(
        path, _Content, lambda: _Content(key=secrets.token_urlsafe(32), users={}), "wall users"
    )


def _hash(password: str, cost: tuple[int, int, int]) -> str:
    salt = secrets.token_bytes(16)
    parts = (*map(str, cost), _text(salt), _text(_derive(password, salt, cost)))
    return "scrypt$" + "$".join(parts)


def _fits(password: str, stored: str) -> bool:
    _, log_n, r, p, salt, expected = stored.split("$")
    cost = (int(log_n), int(r), int(p))
    derived = _derive(password[:_MAX_PASSWORD_BYTES], base64.b64decode(salt), cost)
    return hmac.compare_digest(derived, base64.b64decode(expected))


def _derive(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    log_n, r, p = cost
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=1 << log_n,
        r=r,
        p=p,
        maxmem=_MAX_MEMORY_BYTES,
        dklen=_KEY_BYTES,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
