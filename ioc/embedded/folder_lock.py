"""One owner for one data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from schemas.errors import ConfigurationError


class FolderLock:
    """An flock on a file of the folder, which names the holder's process id.

    The descriptor can be handed to the engine's process: the lock then stands until the
    last of the two has ended, so a new owner never meets a dying engine.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "owner.lock"
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The locked file's descriptor; only while the lock is held."""
        if self._descriptor is None:
            raise RuntimeError("the folder is not locked")
        return self._descriptor

    def acquire(self) -> None:
        """Take the lock without waiting; once more by its holder changes nothing.

        Raises:
            ConfigurationError: somebody else holds the folder; the message names its pid.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise ConfigurationError(
                f"the folder {self.path.parent} is in use by process {holder}; "
                "stop that process or choose another folder"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; the file stays, so that no two owners lock two files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
