"""How long `ioc up` takes until it says that the system is ready."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ioc.embedded.process import EngineProcess
from schemas.messages import Text

_TIMEOUT_SECONDS = 120.0
_FILL_TIMEOUT_SECONDS = 900.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.02
_LANGUAGE = "en"


@dataclass(frozen=True)
class UpTime:
    """Seconds from the start of the command to its ready line.

    Attributes:
        empty_seconds: on a folder that does not exist yet.
        existing_seconds: on one that holds `scenario`.
        load_average: of one minute, before the first.
    """

    empty_seconds: float
    existing_seconds: float
    scenario: str
    load_average: float

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return asdict(self)


def measure_up(parent: Path, scenario: str) -> UpTime:
    """Start, fill and start again; nothing runs any more on return."""
    folder = parent / "data"
    load_average = os.getloadavg()[0]
    empty = _seconds_until_ready(folder)
    with _up(folder, "--scenario", scenario, "--once") as (process, log):
        _wait(lambda: not process.alive, process, log, _FILL_TIMEOUT_SECONDS)
        if process.exit_code != 0:
            raise RuntimeError(f"ioc up --scenario failed: {log.read_text()}")
    existing = _seconds_until_ready(folder)
    return UpTime(empty, existing, scenario, load_average)


def _seconds_until_ready(folder: Path) -> float:
    ready = Text.UP_READY.in_language(_LANGUAGE, seconds="|").partition("|")[0]
    started = time.monotonic()
    with _up(folder) as (process, log):
        _wait(lambda: ready in log.read_text(), process, log, _TIMEOUT_SECONDS)
        return time.monotonic() - started


@contextmanager
def _up(folder: Path, *options: str) -> Iterator[tuple[EngineProcess, Path]]:
    command = Path(sys.executable).with_name("ioc")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("IOC_")}
    log = folder.with_suffix(".log")
    log.unlink(missing_ok=True)
    process = EngineProcess(
        "ioc up",
        [str(command), "--lang", _LANGUAGE, "--data", str(folder), "up", *options],
        log=log,
        # A wide terminal keeps lines whole; the usual port of a wall may be taken.
        environment={
            **environment,
            "COLUMNS": "400",
            "IOC_WALL_PORT": "0",
            "IOC_GATEWAY_PORT": "0",
        },
    )
    try:
        yield process, log
    finally:
        if process.alive:
            process.stop(_STOP_SECONDS)


def _wait(condition: Any, process: EngineProcess, log: Path, timeout_seconds: float) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if not process.alive and not condition():
            raise RuntimeError(f"ioc up ended: {log.read_text()}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"ioc up took too long: {log.read_text()}")
        time.sleep(_POLL_SECONDS)
