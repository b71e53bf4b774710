"""The file of accounts."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ioc.wall import accounts
from ioc.wall.accounts import Accounts
from ioc.wall.sign_in import local_path
from schemas.errors import ConfigurationError

PASSWORD = "mat-khau-dai-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    assert accounts.put(path, "truc-ban", PASSWORD)
    return path


def test_the_password_is_nowhere_and_the_file_is_its_owners(path: Path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert PASSWORD not in text
    assert json.loads(text)["users"]["truc-ban"].startswith("scrypt$15$8$3$")
    assert Accounts(path).check("truc-ban", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password"),
    [("truc-ban", "mat-khau-dai-2"), ("truc-ban", ""), ("nobody", PASSWORD), ("", "")],
)
def test_what_does_not_fit_is_refused(path: Path, name: str, password: str):
    assert not Accounts(path).check(name, password)


def test_a_running_wall_sees_changes(path: Path):
    running = Accounts(path)
    assert running.exist
    assert not accounts.put(path, "truc-ban", "another-password")
    assert running.check("truc-ban", "another-password")
    assert not running.check("truc-ban", PASSWORD)
    assert accounts.remove(path, "truc-ban")
    assert not accounts.remove(path, "truc-ban")
    assert not running.exist
    path.unlink()
    assert not running.exist
    assert accounts.names(path) == []


def test_two_hashes_of_one_password_differ(path: Path):
    accounts.put(path, "ca-dem", PASSWORD)
    users = json.loads(path.read_text())["users"]
    assert users["truc-ban"] != users["ca-dem"]
    assert Accounts(path).signing_key("truc-ban") != Accounts(path).signing_key("ca-dem")


def test_a_file_that_others_may_read_is_refused(path: Path):
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Accounts(path).check("truc-ban", PASSWORD)


@pytest.mark.parametrize("name", ["", "A", "Nguyễn Văn A", "a/b", "x" * 41, "-a"])
def test_names_are_of_shifts(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError):
        accounts.put(tmp_path / "users.json", name, PASSWORD)


def test_short_passwords_are_refused(tmp_path: Path):
    with pytest.raises(ConfigurationError):
        accounts.put(tmp_path / "users.json", "truc-ban", "short")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/board/unit?unit=1", "/board/unit?unit=1"), ("", "/"), ("https://evil.example", "/"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("/a\nb", "/"), ("/login", "/"),
        ("/logout", "/"),
    ],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_elsewhere(asked: str, path: str):
    assert local_path(asked) == path
