"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: In the order in which they run; latency asks the tables that the last full job filled.
PARTS = (
    "full",
    "bare",
    "stock",
    "raw",
    "stages",
    "latency",
    "up",
    "scale",
    "screens",
    "gateway",
    "reading",
    "desk",
    "alerts",
)


@dataclass(frozen=True)
class Options:
    """One run.

    Attributes:
        scenario: where the events come from.
        events: how many of them, in their order.
        stock_events: how many the stock agent gets; it is slow.
        repeats: runs of the full job and of the bare loop, in turns; the median counts.
        latency_seconds: how long events are sent for the latency.
        latency_rate: events a second then.
        up_scenario: what the existing folder of `ioc up` holds.
        scale_dossiers: how many the panels' queries are measured over.
        screens: how many look at the wall at once.
        alert_files: how many become late in one second.
        parts: what is measured.
        docs: where the page and the raw figures go.
        write: write them although not everything was measured; what was not keeps its older
            figures, with the date and machine of their run.
        render: measure nothing, write the page anew from the last run's raw figures.
    """

    scenario: str
    events: int
    stock_events: int
    repeats: int
    latency_seconds: float
    latency_rate: float
    up_scenario: str
    scale_dossiers: int
    screens: int
    alert_files: int
    parts: tuple[str, ...]
    docs: Path
    write: bool
    render: bool

    @property
    def is_complete(self) -> bool:
        """Whether everything is measured."""
        return set(self.parts) == set(PARTS)


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; ends the process with a message when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--scenario", default="september-2024", help="scenario whose events are used")
    add("--events", type=_positive, default=444_701, help="events of the full job at most")
    add("--stock-events", type=_positive, default=120_000, help="events of the stock agent")
    add("--repeats", type=_positive, default=3, help="runs of the full job and the bare loop")
    add("--latency-seconds", type=float, default=120.0, help="how long latency is measured")
    add("--latency-rate", type=float, default=500.0, help="events a second meanwhile")
    add("--up-scenario", default="september-2024", help="what the existing folder holds")
    add("--scale-dossiers", type=_positive, default=10_000_000, help="of the panels' queries")
    add("--screens", type=_positive, default=2_000, help="that look at the wall at once")
    add("--alert-files", type=_positive, default=50_000, help="late in one second")
    add("--only", default=",".join(PARTS), help=f"parts to measure, of: {','.join(PARTS)}")
    add("--docs", type=Path, default=Path("docs"), help="folder of the page")
    add("--write", action="store_true", help="write the parts measured, keep the others")
    add("--render", action="store_true", help="only write the page anew from its raw figures")
    values = parser.parse_args(arguments)
    parts = tuple(part for part in PARTS if part in values.only.split(","))
    if unknown := set(values.only.split(",")) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    if "latency" in parts and "full" not in parts:
        parser.error("latency is measured on the tables of the full job: add full")
    return Options(
        values.scenario,
        values.events,
        min(values.stock_events, values.events),
        values.repeats,
        values.latency_seconds,
        values.latency_rate,
        values.up_scenario,
        values.scale_dossiers,
        values.screens,
        values.alert_files,
        parts,
        values.docs,
        values.write,
        values.render,
    )


def _positive(text: str) -> int:
    number = int(text.replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("must be positive")
    return number
