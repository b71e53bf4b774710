"""The folder in which `ioc up` keeps everything: engines, logs, secrets, and who runs it."""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

from ioc.embedded.folder_lock import FolderLock
from schemas.errors import ConfigurationError

DEFAULT_FOLDER = Path(".ioc")

# Variables of a server by their prefix, and the one that names its address.
_SERVERS = {
    "IOC_KAFKA_": "IOC_KAFKA_BOOTSTRAP",
    "IOC_CLICKHOUSE_": "IOC_CLICKHOUSE_URL",
}


class DataFolder:
    """Names every file of the folder; writes secrets so that only their owner reads them."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.kafka = self.path / "kafka"
        self.clickhouse = self.path / "clickhouse"
        self.logs = self.path / "logs"
        self.wall_users = self.path / "wall-users.json"
        self._secrets = self.path / "secrets"
        self.gateway_key = self._secrets / "gateway.key"
        self._running = self.path / "running.json"
        self._lock = FolderLock(self.path)

    def acquire(self) -> None:
        """Become the only owner; makes the folder if need be.

        Raises:
            ConfigurationError: another process owns it, or it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True)
            self._secrets.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigurationError(f"{error.filename}: {error.strerror}") from error
        self._lock.acquire()
        self._running.unlink(missing_ok=True)

    def release(self) -> None:
        """Give the folder back."""
        self._running.unlink(missing_ok=True)
        self._lock.release()

    def holder(self) -> str:
        """Return the process id that the last owner wrote down, or an empty text."""
        try:
            return self._lock.path.read_text().strip()
        except OSError:
            return ""

    def write_secret(self, name: str, value: str) -> Path:
        """Store a secret in a file of mode 0600 and return its path."""
        path = self._secrets / name
        partial = path.with_suffix(".tmp")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(value)
        partial.replace(path)
        return path

    def dead_letter_key(self) -> Path:
        """Return the file with the key of the dead letters; made once, at random.

        It is never replaced: letters that it sealed could not be read again.
        """
        path = self._secrets / "dead-letter.key"
        if not path.exists():
            # What Fernet.generate_key makes: 32 random bytes, URL-safe.
            self.write_secret(path.name, base64.urlsafe_b64encode(os.urandom(32)).decode())
        return path

    def answers_key(self) -> Path:
        """Return the file with the key that signs links to answer; made once, at random."""
        path = self._secrets / "answers.key"
        if not path.exists():
            self.write_secret(path.name, os.urandom(32).hex())
        return path

    def publish_environment(self, environment: Mapping[str, str]) -> None:
        """Write down how other processes reach this system: addresses and secret files' paths."""
        content = json.dumps({"pid": os.getpid(), "environment": dict(environment)}, indent=1)
        partial = self._running.with_suffix(".tmp")
        partial.write_text(content + "\n")
        partial.replace(self._running)

    def running_environment(self) -> dict[str, str]:
        """Return what the running `ioc up` wrote down; empty when none runs."""
        if not self._owned():
            return {}
        try:
            content = json.loads(self._running.read_text())
            return {str(name): str(value) for name, value in content["environment"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _owned(self) -> bool:
        """Whether a living process holds the folder; a file alone may be a dead one's."""
        try:
            with self._lock.path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


def attach(path: Path) -> bool:
    """Let this process use the engines of the `ioc up` that runs on a folder.

    A server that the environment names already is kept, with its user and password. Returns
    whether a system runs there.
    """
    environment = DataFolder(path).running_environment()
    own = [group for group, address in _SERVERS.items() if os.environ.get(address)]
    for name, value in environment.items():
        if not name.startswith(tuple(own)):
            os.environ.setdefault(name, value)
    return bool(environment)
