"""The figures as rows of text, for the console and for the page alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.targets import Target, ratio

_JOBS = {"full": "full job", "bare": "bare aiokafka loop", "stock": "stock Faust agent"}
#: Queries of panels that the table of the full scale shows.
_SLOWEST = 15
_PROCESSES = ("worker", "kafka", "clickhouse")


@dataclass(frozen=True)
class Figures:
    """A titled table; every cell is text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def target_table(targets: Iterable[Target]) -> Figures:
    """What must be reached, and was."""
    rows = [
        (
            target.name,
            f"{'≥' if target.at_least else '<'} {number(target.goal)} {target.unit}",
            "" if target.value is None else f"{number(target.value)} {target.unit}",
            target.verdict,
            target.run,
        )
        for target in targets
    ]
    return Figures("Targets", ("what", "target", "reached", "met", "run of"), rows)


def job_table(figures: Mapping[str, Any]) -> Figures:
    """Full job, bare loop and stock agent side by side."""
    rows = []
    for key, name in _JOBS.items():
        run = figures.get(key)
        if run is not None:
            share = ratio(figures, key)
            rows.append(
                (
                    name,
                    f"{run['events']:,}",
                    number(run["rate"]),
                    "" if key == "full" or share is None else f"{share:.2f} × this",
                    f"{run['usage']['others_cpu']:.2f}",
                    f"{run['usage']['load_average']:.1f}",
                )
            )
    head = ("job", "events", "events/s", "full job is", "cores used by others", "load average")
    return Figures("The job", head, rows)


def cost_table(figures: Mapping[str, Any]) -> Figures:
    """CPU time and memory of each process."""
    rows = [
        (
            name,
            *(f"{figures[key]['cpu_us'][process]:.1f}" for process in _PROCESSES),
            *(f"{figures[key]['usage']['peak_mib'][process]:.0f}" for process in _PROCESSES),
        )
        for key, name in _JOBS.items()
        if key in figures
    ]
    head = (
        "job", "µs worker", "µs Kafka", "µs ClickHouse",
        "MiB worker", "MiB Kafka", "MiB ClickHouse",
    )  # fmt: skip
    return Figures("CPU microseconds per event, peak resident memory", head, rows)


def stage_table(figures: Mapping[str, Any]) -> Figures:
    """Where the microseconds go, and ClickHouse's own."""
    stages = figures.get("stages", {"us": {}, "total_us": 0.0})
    rows = [
        (name, f"{us:.2f}", f"{us / stages['total_us']:.0%}") for name, us in stages["us"].items()
    ]
    if rows:
        rows.append(("all of these", f"{stages['total_us']:.2f}", "100%"))
    if raw := figures.get("raw"):
        rows.append(("ClickHouse alone, CPU", f"{raw['cpu_us']:.2f}", ""))
        rows.append(("ClickHouse alone, wall time", f"{raw['wall_us']:.2f}", ""))
    head = ("stage", "CPU µs per event", "share")
    return Figures("Where the microseconds go (one process, nothing beside it)", head, rows)


def latency_table(figures: Mapping[str, Any]) -> Figures:
    """From the broker to a wall's query."""
    latency = figures.get("latency", {})
    names = {
        "province": "province by day (the wall's query over time)",
        "units_new": "units, newest days (the walls' derived table)",
        "units_old": "units, oldest days (the same, refreshed last)",
    }
    rows = []
    for key, name in names.items() if latency else ():
        spread = latency[key]
        times = (number(spread[each]) for each in ("p50", "p90", "p99", "most"))
        rows.append((name, f"{spread['markers']}", f"{spread['missing']}", *times))
    head = ("visible in", "markers", "never seen", "p50 ms", "p90 ms", "p99 ms", "most ms")
    return Figures("Latency", head, rows)


def screens_table(figures: Mapping[str, Any]) -> Figures:
    """What many screens cost, and how soon they know."""
    run, paint = figures.get("screens"), figures.get("paint")
    rows = []
    if run is not None:
        rows += [
            ("screens", f"{run['screens']:,}"),
            ("wall's CPU", f"{run['cpu_cores']:.3f} cores"),
            ("wall's memory: begin, middle, end", _several(run["memory_mib"], "MiB")),
            ("frames a second to each screen", f"{run['frames_per_second']:.2f}"),
            ("bytes of a frame", number(run["bytes_per_frame"])),
            ("frame made → on a screen, p50 and p99", _several(run["lag_ms"], "ms")),
            ("row stored → on a screen, p50 and largest", _several(run["update_ms"], "ms")),
            ("streams that ended", str(run["lost"])),
            *(
                (f"wall answers again after a {outage} → the last screen's new frame",
                 f"{number(seconds)} s")
                for outage, seconds in run.get("back_seconds", {}).items()
            ),
        ]  # fmt: skip
    if paint is not None:
        rows += [
            ("first request → figures, median and largest", _several(paint["figures_ms"], "ms")),
            ("first request → charts, median and largest", _several(paint["charts_ms"], "ms")),
        ]
    return Figures("The wall", ("what", "measured"), rows)


_SERVERS = {
    "gateway": "gateway",
    "narrow": "gateway, key of one district",
    "bare": "bare FastAPI, aiokafka",
    "kafka_python": "bare FastAPI, kafka-python",
    "sharp": "raw bodies, quick reader, our outbox, nothing else",
}
_LOADS = {
    "single": "single events",
    "batch": "batches of 500",
    "half": "single events, 1,000/s",
}


def gateway_table(figures: Mapping[str, Any]) -> Figures:
    """The gateway and endpoints that only validate and produce, each on a core of its own."""
    found = figures.get("gateway", {})
    rows = []
    for load, load_name in _LOADS.items():
        for server, server_name in _SERVERS.items():
            run = found.get(f"{server}_{load}")
            if run is not None:
                rows.append(
                    (
                        load_name,
                        server_name,
                        number(run["rate"]),
                        number(run["cpu_us_per_event"]),
                        number(run["p50_ms"]),
                        number(run["p99_ms"]),
                        str(run["failed"]),
                    )
                )
    head = ("load", "server", "events/s", "CPU µs/event", "p50 ms", "p99 ms", "failed")
    return Figures("The gateway", head, rows)


def reading_table(figures: Mapping[str, Any]) -> Figures:
    """Looking single dossiers up through the gateway."""
    run = figures.get("reading")
    head = ("asked", "p50 ms", "p99 ms", "most ms", "a second")
    if run is None:
        return Figures("Reading", head, [])
    asked = {f"one dossier, {callers} at once": each for callers, each in run["lookups"].items()}
    asked["statistics of a month, province"] = run["statistics"]
    rows = [
        (name, *(number(each[one]) for one in ("p50_ms", "p99_ms", "max_ms", "per_second")))
        for name, each in asked.items()
    ]
    return Figures(f"Reading, {run['dossiers']:,} dossiers", head, rows)


def desk_table(figures: Mapping[str, Any]) -> Figures:
    """The desk client on this machine, beside the gateway and the engines."""
    run = figures.get("desk")
    rows: list[tuple[str, ...]] = []
    if run is not None:
        rows = [
            ("one event accepted, p50 and p99",
             _several((run["accept_p50_ms"], run["accept_p99_ms"]), "ms")),
            (f"{run['waiting']:,} waiting events sent", f"{number(run['send_seconds'])} s"),
            ("client's CPU for that", f"{number(run['client_cpu_seconds'])} s"),
            ("their spool", f"{number(run['spool_bytes'] / 1e6)} MB"),
        ]  # fmt: skip
    return Figures("The desk client", ("what", "measured"), rows)


def _several(values: Sequence[float], unit: str) -> str:
    return ", ".join(number(each) for each in values) + f" {unit}"


def scale_table(figures: Mapping[str, Any]) -> Figures:
    """The boards, then the slowest queries of their panels, at full scale."""
    scale = figures.get("scale")
    head = ("asked", "rows", "idle p50 ms", "idle p95 ms", "storing p50 ms", "storing p95 ms")
    if scale is None:
        return Figures("Panels", head, [])
    idle, writing = ({**scale["boards"][state], **scale["queries"][state]}
                     for state in ("idle", "writing"))  # fmt: skip
    boards = list(scale["boards"]["writing"])
    slowest = sorted(scale["queries"]["writing"], key=lambda name: -writing[name]["p95"])
    rows = [
        (
            f"board {name}, all at once" if name in boards else name,
            "" if name in boards else f"{writing[name]['rows']:,}",
            *(number(found[name][each]) for found in (idle, writing) for each in ("p50", "p95")),
        )
        for name in (*boards, *slowest[:_SLOWEST])
    ]
    return Figures("Panels at full scale", head, rows)


def number(value: float) -> str:
    """Write a figure with as many digits as it deserves."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def all_tables(results: Mapping[str, Any], targets: Iterable[Target]) -> list[Figures]:
    """Return the tables that have rows."""
    figures = results["figures"]
    tables = [
        target_table(targets),
        job_table(figures),
        cost_table(figures),
        stage_table(figures),
        latency_table(figures),
        scale_table(figures),
        screens_table(figures),
        gateway_table(figures),
        reading_table(figures),
        desk_table(figures),
    ]
    return [table for table in tables if table.rows]


def show(console: Console, results: Mapping[str, Any], targets: Iterable[Target]) -> None:
    """Print the tables."""
    for each in all_tables(results, targets):
        table = Table(*each.head, title=each.title)
        for row in each.rows:
            table.add_row(*row)
        console.print(table)
