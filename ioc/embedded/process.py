"""Start, watch and end an engine's process."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from schemas.errors import FatalError

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.02
_LOG_TAIL_BYTES = 3000


def _die_with_parent() -> Callable[[], None] | None:
    """Return what the child runs before exec so that it never outlives its parent.

    The kernel sends the signal when the *thread* that spawned the child ends, so engines
    are started from the main thread (or one that lives as long as the process).
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # resolved before the fork
    parent = os.getpid()

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return arm


def tail(path: Path) -> str:
    """Return the end of a log file, or nothing when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


class EngineProcess:
    """One run of an engine: a child in a session of its own, its output in a log file.

    In its own session it does not get the terminal's Ctrl-C: whoever supervises it decides
    the order in which the parts of a system stop.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        inherited: Sequence[int] = (),
    ) -> None:
        """Start the process; call it from the main thread, see `_die_with_parent`."""
        self._name = name
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                pass_fds=tuple(inherited),
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 - only prctl and getppid run there
            )

    @property
    def pid(self) -> int:
        """Process id, also after the end."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended (negative: by that signal), or None while it runs."""
        return self._process.poll()

    def wait_until_ready(self, ready: Callable[[], bool], timeout_seconds: float) -> None:
        """Block until `ready` returns true.

        Raises:
            FatalError: the process ended, or time ran out; it is killed then.
        """
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            if not self.alive:
                raise FatalError(
                    f"{self._name} ended with code {self._process.returncode} while starting; "
                    f"see {self._log}:\n{tail(self._log)}"
                )
            if time.monotonic() > deadline:
                self.kill()
                raise FatalError(
                    f"{self._name} was not ready within {timeout_seconds:g} s; "
                    f"see {self._log}:\n{tail(self._log)}"
                )
            time.sleep(_POLL_SECONDS)

    def stop(self, timeout_seconds: float) -> None:
        """Ask the process to end (SIGTERM), wait, and kill it when time runs out."""
        self._process.terminate()
        try:
            self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process at once (SIGKILL), as a crash would, and wait for its end."""
        self._process.kill()
        self._process.wait()
