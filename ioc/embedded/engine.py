"""What every embedded engine can do, whatever it is."""

from __future__ import annotations

import abc
from pathlib import Path
from types import TracebackType
from typing import Self

from ioc.embedded.folder_lock import FolderLock
from ioc.embedded.process import EngineProcess


class EmbeddedEngine(abc.ABC):
    """A server process bound to the loopback address, with its data in one folder.

    It may be started again after `stop` or `kill`, on the same folder and the same port,
    and finds its data again. Not safe for use by several threads at once.
    """

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder
        self._lock = FolderLock(data_folder)
        self._process: EngineProcess | None = None

    @property
    def alive(self) -> bool:
        """Whether the engine's process runs; says nothing about its health."""
        return self._process is not None and self._process.alive

    @property
    def pid(self) -> int | None:
        """Process id of the running engine, else None."""
        return self._process.pid if self._process is not None and self._process.alive else None

    @property
    def log_folder(self) -> Path:
        """Where the engine writes its logs."""
        return self.data_folder / "logs"

    def start(self, timeout_seconds: float = 60) -> None:
        """Start the engine and block until it answers; does nothing when it runs.

        Call it from the main thread: the engine dies with the thread that started it.

        Raises:
            ConfigurationError: the folder has another owner, or something is not installed.
            FatalError: the engine ended or was not ready in time.
        """
        if self.alive:
            return
        self.data_folder.mkdir(parents=True, exist_ok=True)
        self.log_folder.mkdir(exist_ok=True)
        self._lock.acquire()
        try:
            self._process = self._launch()
            self._process.wait_until_ready(self._ready, timeout_seconds)
        except BaseException:
            self.kill()
            raise

    def stop(self, timeout_seconds: float = 20) -> None:
        """Let the engine write everything and end; kills it when time runs out."""
        if self._process is not None and self._process.alive:
            self._process.stop(timeout_seconds)
        self._lock.release()

    def kill(self) -> None:
        """End the engine as a crash would (SIGKILL)."""
        if self._process is not None and self._process.alive:
            self._process.kill()
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abc.abstractmethod
    def _launch(self) -> EngineProcess:
        """Prepare the folder and start the process; the folder is locked by now."""

    @abc.abstractmethod
    def _ready(self) -> bool:
        """Tell whether the engine answers; must return within about a second."""
