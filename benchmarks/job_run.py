"""One run of the job over a filled topic: how fast, and what it costs."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.child import Child, running
from benchmarks.place import Place
from benchmarks.usage import Usage, UsageMeter
from streams.clickhouse.unit_days import stale_days

_POLL_SECONDS = 0.2
_TIMEOUT_SECONDS = 900.0
_WALLS_TIMEOUT_SECONDS = 60.0

FULL, BARE, STOCK = "ioc.worker", "benchmarks.loops.bare", "benchmarks.loops.stock"


@dataclass(frozen=True)
class JobRun:
    """Figures of one run.

    Attributes:
        events: stored in it.
        usage: from READY until all were stored.
        walls_seconds: from then until the walls' derived table showed everything; None if it was
            not waited for.
        group_events: events of a stored group on average; None if the process does not tell.
    """

    events: int
    usage: Usage
    walls_seconds: float | None
    group_events: float | None

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.usage.seconds

    def cpu_us(self, process: str) -> float:
        """CPU microseconds per event."""
        return self.usage.cpu_seconds[process] / self.events * 1e6

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {
            **asdict(self),
            "rate": self.rate,
            "cpu_us": {name: self.cpu_us(name) for name in self.usage.cpu_seconds},
        }


def run_job(place: Place, module: str) -> JobRun:
    """Run a module over the place's topic until everything is stored, and stop it.

    The clock starts with the process's READY, before its first chunk, and ends with the look at
    the checkpoints that finds all of them; looks are 0.2 s apart.
    """
    events = sum(place.end_offsets().values())
    log = place.engines.folder / f"{place.name}.log"
    with running(module, log, place.environment()) as child:
        child.wait_ready()
        meter = UsageMeter(
            {
                "worker": child.pid,
                "kafka": _pid(place.engines.kafka.pid),
                "clickhouse": _pid(place.engines.clickhouse.pid),
            }
        )
        _wait_until_stored(place, child, meter, events)
        usage = meter.stop()
        walls_seconds = _wait_for_walls(place, child)
    return JobRun(events, usage, walls_seconds, _group_events(child.output))


def median_run(runs: Sequence[JobRun]) -> JobRun:
    """Return the run whose rate is the (lower) median."""
    rate = statistics.median_low([run.rate for run in runs])
    return next(run for run in runs if run.rate == rate)


def _wait_until_stored(place: Place, child: Child, meter: UsageMeter, events: int) -> None:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while place.stored_events() < events:
        child.check()
        if time.monotonic() > deadline:
            raise RuntimeError(f"{child.module} did not store everything in time")
        meter.sample()
        time.sleep(_POLL_SECONDS)


def _wait_for_walls(place: Place, child: Child) -> float:
    started = time.monotonic()
    while stale_days(place.client):
        child.check()
        if time.monotonic() - started > _WALLS_TIMEOUT_SECONDS:
            raise RuntimeError("the walls' table was not brought up to date in time")
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - started


def _group_events(output: bytes) -> float | None:
    for line in output.splitlines():
        if line.startswith(b"GROUPS "):
            groups = json.loads(line[7:])
            return statistics.fmean(groups) if groups else None
    return None


def _pid(pid: int | None) -> int:
    if pid is None:
        raise RuntimeError("an engine does not run")
    return pid
