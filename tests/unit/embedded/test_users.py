import stat
from pathlib import Path

import pytest

from ioc.embedded.clickhouse.users import (
    READER,
    READER_PASSWORD_VARIABLE,
    WRITER,
    WRITER_PASSWORD_VARIABLE,
    Role,
    check,
    load_or_create,
)
from schemas.errors import ConfigurationError


def test_passwords_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    users = load_or_create(path, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create(path, {}) == users
    assert users[WRITER] != users[READER]


def test_a_readable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    load_or_create(path, {})
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_or_create(path, {})


def test_the_environment_wins_and_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    given = {WRITER_PASSWORD_VARIABLE: "w", READER_PASSWORD_VARIABLE: "r"}
    assert load_or_create(path, given) == {WRITER: "w", READER: "r"}
    assert not path.exists()
    assert load_or_create(path, {WRITER_PASSWORD_VARIABLE: "secret"})[WRITER] == "secret"
    assert "secret" not in path.read_text()


def test_roles() -> None:
    users = {WRITER: "w", READER: "đọc"}
    assert check(users, WRITER, "w") is Role.WRITER
    assert check(users, READER, "đọc") is Role.READER
    assert check(users, READER, "w") is None
    assert check(users, "default", "") is None
