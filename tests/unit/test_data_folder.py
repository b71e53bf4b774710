from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ioc.data_folder import DataFolder, attach
from schemas.errors import ConfigurationError

ENVIRONMENT = {
    "IOC_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "IOC_CLICKHOUSE_URL": "http://127.0.0.1:2",
    "IOC_CLICKHOUSE_PASSWORD_FILE": "/nowhere/password",
}


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        # Registered, so that what the test sets is taken away again.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_secrets_are_readable_by_their_owner_only(tmp_path: Path):
    folder = DataFolder(tmp_path / "data")
    folder.acquire()
    path = folder.write_secret("name", "first")
    assert folder.write_secret("name", "second") == path
    assert path.read_text() == "second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.release()


def test_the_key_of_dead_letters_is_made_once_and_kept(tmp_path: Path):
    """A second key would make all older letters unreadable."""
    folder = DataFolder(tmp_path)
    folder.acquire()
    first = folder.dead_letter_key().read_text()
    assert Fernet(first)
    folder.release()
    assert DataFolder(tmp_path).dead_letter_key().read_text() == first


def test_only_one_process_holds_the_folder(tmp_path: Path):
    folder = DataFolder(tmp_path)
    folder.acquire()
    code = (
        "import sys; from pathlib import Path; from ioc.data_folder import DataFolder;"
        "DataFolder(Path(sys.argv[1])).acquire()"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert other.returncode != 0
    assert f"in use by process {os.getpid()}" in other.stderr
    folder.release()


def test_others_attach_while_it_runs_and_only_then(tmp_path: Path, clean):
    folder = DataFolder(tmp_path)
    assert not attach(tmp_path)
    folder.acquire()
    folder.publish_environment(ENVIRONMENT)
    assert attach(tmp_path)
    assert os.environ["IOC_KAFKA_BOOTSTRAP"] == "127.0.0.1:1"
    folder.release()
    assert not attach(tmp_path)


def test_what_a_killed_one_wrote_down_does_not_count(tmp_path: Path, clean):
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from ioc.data_folder import DataFolder; folder = DataFolder(Path(sys.argv[1]));"
        "folder.acquire(); folder.publish_environment({'IOC_KAFKA_BOOTSTRAP': 'x:1'});"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert (tmp_path / "running.json").exists()
    assert not attach(tmp_path)
    assert "IOC_KAFKA_BOOTSTRAP" not in os.environ


def test_a_server_of_the_environment_keeps_its_own_password(tmp_path: Path, clean):
    clean.setenv("IOC_CLICKHOUSE_URL", "http://warehouse:8123")
    folder = DataFolder(tmp_path)
    folder.acquire()
    folder.publish_environment(ENVIRONMENT)
    attach(tmp_path)
    folder.release()
    assert os.environ["IOC_CLICKHOUSE_URL"] == "http://warehouse:8123"
    assert "IOC_CLICKHOUSE_PASSWORD_FILE" not in os.environ
    assert os.environ["IOC_KAFKA_BOOTSTRAP"] == "127.0.0.1:1"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="file"):
        DataFolder(tmp_path / "file").acquire()
