"""What must be reached, and whether it was; ratios only of figures that one run measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.results import are_of_one_run, run_of


@dataclass(frozen=True)
class Target:
    """One target with the figure of a run; `value` is None if it was not measured.

    Attributes:
        name: what is compared.
        unit: of value and goal.
        at_least: whether larger is better.
        is_aim: hoped for, not demanded.
        run: name of the run that the figure is from.
    """

    name: str
    value: float | None
    goal: float
    unit: str
    at_least: bool
    is_aim: bool = False
    run: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether it is reached; None if it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.goal if self.at_least else self.value < self.goal

    @property
    def verdict(self) -> str:
        """For a table."""
        words = {True: "yes", False: "aim, not yet" if self.is_aim else "NO", None: "not measured"}
        return words[self.is_met]


def compare(figures: Mapping[str, Any]) -> list[Target]:
    """Compare figures with the targets."""
    parts = {
        "full": _job(figures),
        "latency": _latency(figures),
        "scale": _scale(figures),
        "screens": _screens(figures),
        "paint": _paint(figures),
        "up": _up(figures),
        "gateway": _gateway(figures),
        "reading": _reading(figures),
        "desk": _desk(figures),
        "alerts": _alerts(figures),
    }
    return [
        replace(target, run="" if target.value is None else run_of(figures, part))
        for part, targets in parts.items()
        for target in targets
    ]


def _job(figures: Mapping[str, Any]) -> list[Target]:
    rate = _get(figures, "full", "rate")
    return [
        Target("Full job, one worker", rate, 20_000, "events/s", True),
        Target("Full job, one worker", rate, 30_000, "events/s", True, is_aim=True),
        # The clock of the rate stops at the checkpoints; this one where the walls show it all.
        Target(
            "Full job until the walls' derived table is complete",
            _rate_with_walls(figures),
            20_000,
            "events/s",
            True,
            is_aim=True,
        ),
        Target("Full job / bare aiokafka loop", ratio(figures, "bare"), 0.85, "×", True),
        Target("Full job / stock Faust agent", ratio(figures, "stock"), 3.0, "×", True),
    ]


def _rate_with_walls(figures: Mapping[str, Any]) -> float | None:
    events = _get(figures, "full", "events")
    seconds = _get(figures, "full", "usage", "seconds")
    walls = _get(figures, "full", "walls_seconds")
    if events is None or seconds is None or walls is None:
        return None
    return events / (seconds + walls)


def _latency(figures: Mapping[str, Any]) -> list[Target]:
    def shown(table: str, rank: str) -> float | None:
        # A wall must not wait for a marker that never came.
        lost = _get(figures, "latency", table, "missing")
        return float("inf") if lost else _get(figures, "latency", table, rank)

    return [
        Target("Event in Kafka → province wall's query, p50",
               shown("province", "p50"), 300, "ms", False),
        Target("Event in Kafka → province wall's query, p99",
               shown("province", "p99"), 1000, "ms", False),
        # The units' table is derived once a second: no wall's figure of units can be quicker.
        Target("Event in Kafka → units' table, newest days, p50",
               shown("units_new", "p50"), 300, "ms", False, is_aim=True),
        Target("Event in Kafka → units' table, newest days, p99",
               shown("units_new", "p99"), 1000, "ms", False, is_aim=True),
    ]  # fmt: skip


def _scale(figures: Mapping[str, Any]) -> list[Target]:
    return [
        Target("Panel's query, 10 M dossiers, 500 events/s, worst p95",
               _get(figures, "scale", "worst_ms", "writing"), 50, "ms", False),
        Target("Province board, 10 M dossiers, 500 events/s, p95",
               _get(figures, "scale", "province_ms", "writing"), 300, "ms", False),
    ]  # fmt: skip


#: What the wall promises after every kind of outage.
_BACK_SECONDS = 5


def _screens(figures: Mapping[str, Any]) -> list[Target]:
    return [
        Target("Screens: wall's CPU", _get(figures, "screens", "cpu_cores"), 0.2, "cores", False),
        Target("Screens: wall's memory", _largest(figures, "memory_mib"), 200, "MiB", False),
        Target("Screens: wall's memory, end beside middle", _growth(figures), 5, "% more", False),
        Target("Screens: row stored → shown", _largest(figures, "update_ms"), 1000, "ms", False),
        *(
            Target(f"Screens: wall answers again after a {outage} → the last one has a new frame",
                   _get(figures, "screens", "back_seconds", outage), _BACK_SECONDS, "s", False)
            for outage in ("restart", "kill", "hang")
        ),
    ]  # fmt: skip


def _growth(figures: Mapping[str, Any]) -> float | None:
    found = figures.get("screens")
    if found is None:
        return None
    _, middle, end = found["memory_mib"]
    return float(100 * (end / middle - 1))


def _paint(figures: Mapping[str, Any]) -> list[Target]:
    found = figures.get("paint")
    median, largest = (None, None) if found is None else found["charts_ms"]
    return [
        Target("Province wall's charts drawn, median", median, 1000, "ms", False),
        Target("Province wall's charts drawn, largest", largest, 1000, "ms", False, is_aim=True),
    ]


def _up(figures: Mapping[str, Any]) -> list[Target]:
    return [
        Target(f"`ioc up`, {folder} folder", _get(figures, "up", f"{folder}_seconds"),
               25, "s", False)
        for folder in ("empty", "existing")
    ]  # fmt: skip


def _desk(figures: Mapping[str, Any]) -> list[Target]:
    return [
        Target("Desk client, 100,000 waiting events sent",
               _get(figures, "desk", "send_seconds"), 60, "s", False),
        Target("Desk client, one event accepted, mean",
               _get(figures, "desk", "accept_mean_ms"), 2, "ms", False),
    ]  # fmt: skip


def _alerts(figures: Mapping[str, Any]) -> list[Target]:
    return [
        Target("Alert due for delivery → at the mail server, p99",
               _get(figures, "alerts", "p99_ms"), 10_000, "ms", False),
        Target("50,000 files late in one second: all told",
               _get(figures, "alerts", "flood_seconds"), 60, "s", False),
        Target("Event stored during a flood of 50,000 alerts, p99",
               _stored_in_flood(figures), 1_000, "ms", False),
    ]  # fmt: skip


def _stored_in_flood(figures: Mapping[str, Any]) -> float | None:
    # Runs of before had no other events beside the flood.
    if not _get(figures, "alerts", "load_rate"):
        return None
    return _get(figures, "alerts", "flood_p99_ms")


def _gateway(figures: Mapping[str, Any]) -> list[Target]:
    found = figures.get("gateway", {})
    single, batch = (_get(found, f"gateway_{kind}", "rate") for kind in ("single", "batch"))
    half = _get(found, "gateway_half", "p99_ms")

    def beside_bare(kind: str) -> float | None:
        ours, bare = (_get(found, f"{name}_{kind}", "rate") for name in ("gateway", "bare"))
        return None if ours is None or not bare else ours / bare

    return [
        Target("Gateway, single events, one core", single, 2_000, "requests/s", True),
        Target("Gateway, batches of 500, one core", batch, 20_000, "events/s", True),
        Target("Gateway, singles at 1,000/s, p99", half, 50, "ms", False),
        Target(
            "Gateway, the same, key of one district, p99",
            _get(found, "narrow_half", "p99_ms"),
            50,
            "ms",
            False,
        ),
        Target("Gateway / bare FastAPI, singles", beside_bare("single"), 0.5, "×", True),
        Target("Gateway / bare FastAPI, batches", beside_bare("batch"), 0.8, "×", True),
    ]


def _reading(figures: Mapping[str, Any]) -> list[Target]:
    found = figures.get("reading", {}).get("lookups", {})
    return [
        Target(
            f"A dossier looked up, {callers} at once, p99",
            _get(found, callers, "p99_ms"),
            50,
            "ms",
            False,
        )
        for callers in ("1", "4")
    ]


def _largest(figures: Mapping[str, Any], name: str) -> float | None:
    found = figures.get("screens")
    return None if found is None else float(max(found[name]))


def ratio(figures: Mapping[str, Any], other: str) -> float | None:
    """Return the full job's rate as a multiple of another one's; None if of different runs."""
    if not are_of_one_run(figures, "full", other):
        return None
    full, rate = _get(figures, "full", "rate"), _get(figures, other, "rate")
    return None if full is None or not rate else full / rate


def _get(figures: Mapping[str, Any], *path: str) -> float | None:
    value: Any = figures
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return float(value)
