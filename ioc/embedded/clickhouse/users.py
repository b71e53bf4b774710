"""The two accounts of the embedded ClickHouse and their passwords."""

from __future__ import annotations

import enum
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from schemas.errors import ConfigurationError

WRITER = "ioc"
READER = "ioc_read"
WRITER_PASSWORD_VARIABLE = "IOC_CLICKHOUSE_PASSWORD"  # noqa: S105 - a name, not a password
READER_PASSWORD_VARIABLE = "IOC_CLICKHOUSE_READ_PASSWORD"  # noqa: S105 - a name as well


class Role(enum.Enum):
    """What an account may do."""

    WRITER = "writer"
    READER = "reader"


def load_or_create(path: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return user name to password; passwords are made at random on the first call.

    The environment's passwords win over the file's and are never written down.

    Raises:
        ConfigurationError: the file can be read by others, or is no table of passwords.
    """
    given = {
        WRITER: environment.get(WRITER_PASSWORD_VARIABLE),
        READER: environment.get(READER_PASSWORD_VARIABLE),
    }
    if all(given.values()):
        return {name: password for name, password in given.items() if password}
    if not path.exists():
        _create(path)
    stored = _read(path)
    return {name: given[name] or stored[name] for name in given}


def _create(path: Path) -> None:
    passwords = {name: secrets.token_urlsafe(24) for name in (WRITER, READER)}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(passwords) + "\n")


def _read(path: Path) -> dict[str, str]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(f"{path} holds passwords but others may read it: chmod 600 it")
    try:
        content = json.loads(path.read_text())
        return {name: str(content[name]) for name in (WRITER, READER)}
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} must hold the passwords of {WRITER} and {READER}"
        ) from error


def check(users: Mapping[str, str], name: str, password: str) -> Role | None:
    """Return the role of the account, or None; takes the same time for every answer."""
    expected = users.get(name)
    same = hmac.compare_digest((expected or secrets.token_urlsafe(24)).encode(), password.encode())
    if expected is None or not same:
        return None
    return Role.READER if name == READER else Role.WRITER
