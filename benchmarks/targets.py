"""What must be reached, and whether a run did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """One target with the figure of a run; `value` is None if it was not measured.

    Attributes:
        name: what is compared.
        unit: of value and goal.
        at_least: whether larger is better.
        is_aim: hoped for, not demanded.
    """

    name: str
    value: float | None
    goal: float
    unit: str
    at_least: bool
    is_aim: bool = False

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
    """Compare the figures of a run with the targets."""
    full = _get(figures, "full", "rate")
    # A wall must not wait for a marker that never came.
    lost = _get(figures, "latency", "province", "missing")
    p50, p99 = (
        float("inf") if lost else _get(figures, "latency", "province", name)
        for name in ("p50", "p99")
    )
    return [
        Target("Full job, one worker", full, 20_000, "events/s", True),
        Target("Full job, one worker", full, 30_000, "events/s", True, is_aim=True),
        Target("Full job / bare aiokafka loop", ratio(figures, "bare"), 0.85, "×", True),
        Target("Full job / stock Faust agent", ratio(figures, "stock"), 3.0, "×", True),
        Target("Event in Kafka → wall's query, p50", p50, 300, "ms", False),
        Target("Event in Kafka → wall's query, p99", p99, 1000, "ms", False),
        Target(
            "Panel's query, 10 M dossiers, 500 events/s, worst p95",
            _get(figures, "scale", "worst_ms", "writing"),
            50,
            "ms",
            False,
        ),
        Target(
            "Province board, 10 M dossiers, 500 events/s, p95",
            _get(figures, "scale", "province_ms", "writing"),
            300,
            "ms",
            False,
        ),
        Target("Screens: wall's CPU", _get(figures, "screens", "cpu_cores"), 0.2, "cores", False),
        Target("Screens: wall's memory", _largest(figures, "memory_mib"), 200, "MiB", False),
        Target("Screens: row stored → shown", _largest(figures, "update_ms"), 1000, "ms", False),
        Target("Province wall's charts drawn, median", _paint(figures), 1000, "ms", False),
        Target("`ioc up`, empty folder", _get(figures, "up", "empty_seconds"), 25, "s", False),
        Target(
            "`ioc up`, existing folder", _get(figures, "up", "existing_seconds"), 25, "s", False
        ),
        *_gateway(figures),
        *_reading(figures),
        Target(
            "Desk client, 100,000 waiting events sent",
            _get(figures, "desk", "send_seconds"),
            60,
            "s",
            False,
        ),
        Target(
            "Desk client, one event accepted, mean",
            _get(figures, "desk", "accept_mean_ms"),
            2,
            "ms",
            False,
        ),
        Target(
            "Alert due for delivery → at the mail server, p99",
            _get(figures, "alerts", "p99_ms"),
            10_000,
            "ms",
            False,
        ),
        Target(
            "50,000 files late in one second: all told",
            _get(figures, "alerts", "flood_seconds"),
            60,
            "s",
            False,
        ),
    ]


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


def _paint(figures: Mapping[str, Any]) -> float | None:
    found = figures.get("paint")
    return None if found is None else float(found["charts_ms"][0])


def ratio(figures: Mapping[str, Any], other: str) -> float | None:
    """Return the full job's rate as a multiple of another one's."""
    full, rate = _get(figures, "full", "rate"), _get(figures, other, "rate")
    return None if full is None or not rate else full / rate


def _get(figures: Mapping[str, Any], *path: str) -> float | None:
    value: Any = figures
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return float(value)
