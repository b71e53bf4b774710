"""A measured process: started, ready, stopped."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ioc.embedded.process import EngineProcess, tail

READY = b"\nREADY\n"
_ROOT = Path(__file__).parent.parent


class Child:
    """A Python module as a process of its own, its output in a file.

    It dies with the benchmark, whatever ends that.
    """

    def __init__(self, module: str, log: Path, environment: Mapping[str, str]) -> None:
        self.module, self._log = module, log
        log.write_bytes(b"\n")
        self._started_at = time.monotonic()
        self._process = EngineProcess(
            module,
            [sys.executable, "-m", module],
            log=log,
            environment={**environment, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
        )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def output(self) -> bytes:
        """Everything said so far."""
        return self._log.read_bytes()

    def wait_ready(self, timeout_seconds: float = 120.0) -> float:
        """Wait for its READY line; return the seconds since its start."""
        self._process.wait_until_ready(lambda: READY in self.output, timeout_seconds)
        return time.monotonic() - self._started_at

    def check(self) -> None:
        """Raise `RuntimeError` if it ended by itself."""
        if not self._process.alive:
            raise RuntimeError(f"{self.module} ended: {tail(self._log)}")

    def wait_end(self, timeout_seconds: float) -> None:
        """Wait until it ends by itself; raises `RuntimeError` if it fails or takes too long."""
        deadline = time.monotonic() + timeout_seconds
        while self._process.alive:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.module} took too long: {tail(self._log)}")
            time.sleep(0.1)
        if self._process.exit_code != 0:
            raise RuntimeError(f"{self.module} failed: {tail(self._log)}")

    def stop(self) -> None:
        """Ask it to end and wait; kill it when it does not."""
        if self._process.alive:
            self._process.stop(15)


@contextmanager
def running(module: str, log: Path, environment: Mapping[str, str]) -> Iterator[Child]:
    """Run a module; it has ended on leaving."""
    child = Child(module, log, environment)
    try:
        yield child
    finally:
        child.stop()
