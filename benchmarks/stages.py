"""Runs `benchmarks.loops.stages` and reads what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from benchmarks.child import running
from benchmarks.place import Place

_TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True)
class Stages:
    """CPU microseconds per event by stage, in the order of the work."""

    events: int
    group_events: int
    us: dict[str, float]

    @property
    def total_us(self) -> float:
        """All stages."""
        return sum(self.us.values())

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {
            "events": self.events,
            "group_events": self.group_events,
            "us": self.us,
            "total_us": self.total_us,
        }


def run_stages(place: Place, group_events: int) -> Stages:
    """Measure the stages over the place's topic, in groups of so many events."""
    log = place.engines.folder / f"{place.name}.log"
    environment = {**place.environment(), "BENCH_GROUP_EVENTS": str(group_events)}
    with running("benchmarks.loops.stages", log, environment) as child:
        child.wait_end(_TIMEOUT_SECONDS)
        said = next(line for line in child.output.splitlines() if line.startswith(b"STAGES "))
    answer = json.loads(said[7:])
    events = int(answer["events"])
    return Stages(
        events,
        int(answer["group_events"]),
        {name: seconds / events * 1e6 for name, seconds in answer["seconds"].items()},
    )
