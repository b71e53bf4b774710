"""A part that is a Python process of this project: a worker, the wall."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ioc.embedded.process import EngineProcess, tail
from ioc.supervisor.part import Part, answers_ok
from schemas.errors import FatalError

_POLL_SECONDS = 0.05
_LOG_MAX_BYTES = 16 << 20


class ChildPart(Part):
    """A child process that dies with the supervisor, its output in a log file.

    It is ready when it printed its ready line, or, without one, when its health address answers.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        address: str = "",
        health_url: str = "",
        ready_line: str = "",
        start_timeout_seconds: float = 60,
        stop_timeout_seconds: float = 20,
    ) -> None:
        super().__init__(name, log)
        self._command = list(command)
        self._environment = dict(environment)
        self._address = address
        self._health_url = health_url
        self._ready_line = ready_line
        self._start_timeout_seconds = start_timeout_seconds
        self._stop_timeout_seconds = stop_timeout_seconds
        self._process: EngineProcess | None = None
        self._log_start = 0

    @property
    def address(self) -> str:
        """Where others reach it, or an empty text."""
        return self._address

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.alive else None

    @property
    def ending(self) -> str:
        """How the last process ended: its exit code, or the signal's name."""
        return describe_exit(None if self._process is None else self._process.exit_code)

    async def start(self) -> None:
        """Start the process; must run in the main thread, with which the child dies.

        Raises:
            FatalError: it ended, or was not ready in time; the message ends with its log.
        """
        self._log_start = _prepare_log(self.log)
        self._process = EngineProcess(
            self.name, self._command, log=self.log, environment=self._environment
        )
        deadline = time.monotonic() + self._start_timeout_seconds
        while not await asyncio.to_thread(self._is_ready):
            if not self.alive:
                raise FatalError(f"{self.name}: {self.ending}; {self._log_end()}")
            if time.monotonic() > deadline:
                self._process.kill()
                raise FatalError(
                    f"{self.name}: not ready within {self._start_timeout_seconds:g} s; "
                    f"{self._log_end()}"
                )
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self) -> None:
        """Send SIGTERM, wait, and kill the process when time runs out."""
        if self._process is not None and self._process.alive:
            await asyncio.to_thread(self._process.stop, self._stop_timeout_seconds)

    def healthy(self) -> bool:
        """Whether the health address answers; a process without one is healthy while it runs."""
        return answers_ok(self._health_url) if self._health_url else self.alive

    def _is_ready(self) -> bool:
        if not self.alive:
            return False
        if not self._ready_line:
            return self.healthy()
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            return self._ready_line.encode() in file.read().splitlines()

    def _log_end(self) -> str:
        return f"{self.log}:\n{tail(self.log)}"


def describe_exit(code: int | None) -> str:
    """Name an exit code as people know it: `exit code 1`, `SIGKILL`."""
    if code is None:
        return "running"
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"


def _prepare_log(log: Path) -> int:
    """Set an overlong log aside and return the size of the one that will be appended to."""
    if log.exists() and log.stat().st_size > _LOG_MAX_BYTES:
        log.replace(log.with_suffix(".old.log"))
    return log.stat().st_size if log.exists() else 0
