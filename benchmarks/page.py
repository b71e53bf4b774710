"""Writes docs/benchmarks.md: the template's prose around the figures, each with its run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from benchmarks.results import Results, are_of_one_run, option_of, run_of
from benchmarks.tables import (
    Figures,
    cost_table,
    desk_table,
    gateway_table,
    job_table,
    latency_table,
    number,
    reading_table,
    scale_table,
    screens_table,
    stage_table,
    target_table,
)
from benchmarks.targets import compare

_NOT_MEASURED = "not measured yet"
_COMPARED = {"full": "full job", "bare": "bare loop"}
#: Cores that something else used, above which the figures say little.
_QUIET = 0.1
_MANY_ROWS = 10_000
#: The prose's options, and the figure whose run had them.
_OPTIONS = {
    "scenario": "full",
    "events": "full",
    "repeats": "full",
    "stock_events": "stock",
    "latency_seconds": "latency",
    "latency_rate": "latency",
}


def write_page(folder: Path, results: Results) -> Path:
    """Write the page into a folder and return its path."""
    template = resources.files("benchmarks").joinpath("page.md").read_text("utf-8")
    figures = results["figures"]

    def table(shown: Figures, *parts: str) -> str:
        return _markdown(shown, _told_runs(figures, parts))

    text = Template(template).substitute(
        {option: _option(option_of(results, part, option)) for option, part in _OPTIONS.items()},
        runs=_markdown(_runs(results), ""),
        quiet=_quiet(figures),
        targets=table(target_table(compare(figures))),
        jobs=table(job_table(figures), "full", "bare", "stock"),
        costs=table(cost_table(figures)),
        rates=_rates(figures),
        walls=_walls(figures),
        stages=table(stage_table(figures), "stages", "raw"),
        group_events=_group_events(figures),
        latency=table(latency_table(figures), "latency"),
        latency_notes=_latency_notes(figures),
        up=_up(figures),
        scale=table(scale_table(figures), "scale"),
        scale_notes=_scale_notes(figures),
        screens=table(screens_table(figures), "screens", "paint"),
        gateway=table(gateway_table(figures), "gateway"),
        reading=table(reading_table(figures), "reading"),
        desk=table(desk_table(figures), "desk"),
    )
    page = folder / "benchmarks.md"
    page.write_text(text, encoding="utf-8")
    return page


def _runs(results: Results) -> Figures:
    rows = []
    for name, run in sorted(results["runs"].items()):
        machine, figures = run["machine"], results["figures"]
        packages = machine["packages"].items()
        rows.append(
            (
                name,
                ", ".join(part for part in figures if run_of(figures, part) == name),
                f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']} GiB, "
                f"{machine['system']}",
                f"Python {machine['python']}, Kafka {machine['kafka']}, "
                + ", ".join(f"{package} {version}" for package, version in packages),
                " ".join(map(str, machine["load_average"])),
            )
        )
    head = ("run of", "figures", "machine", "software", "load average before")
    return Figures("Runs", head, rows)


def _told_runs(figures: Mapping[str, Any], parts: Sequence[str]) -> str:
    """Say of which run a table is: of one, or part by part."""
    runs = {part: run_of(figures, part) for part in parts if run_of(figures, part)}
    if not runs:
        return ""
    if len(set(runs.values())) == 1:
        return f"Run of {next(iter(runs.values()))}."
    return f"Runs of {', '.join(f'{run} ({part})' for part, run in runs.items())}."


def _group_events(figures: Mapping[str, Any]) -> str:
    stages = figures.get("stages")
    return "some" if stages is None else number(stages["group_events"])


def _scale_notes(figures: Mapping[str, Any]) -> str:
    scale = figures.get("scale")
    if scale is None:
        return ""
    largest = sorted(scale["tables"].items(), key=lambda each: -each[1])
    rows = ", ".join(f"`{table}` {count:,}" for table, count in largest if count > _MANY_ROWS)
    behind = scale["writer_behind_seconds"]
    return (
        f"{scale['dossiers']:,} dossiers. Rows: {rows}. "
        f"The writer was at most {number(behind)} s behind its {number(500)} events/s."
    )


def _option(value: Any) -> str:
    if value is None:
        return f"({_NOT_MEASURED})"
    return value if isinstance(value, str) else f"{value:,g}" if value < 1e5 else f"{value:,}"


def _markdown(table: Figures, told: str) -> str:
    if not table.rows:
        return f"({_NOT_MEASURED})"
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{text}\n\n{told}" if told else text


def _quiet(figures: Mapping[str, Any]) -> str:
    used = [figures[name]["usage"]["others_cpu"] for name in ("full", "bare") if name in figures]
    if not used:
        return ""
    most = max(used)
    if most <= _QUIET:
        return f"Nothing else ran to speak of: other processes used {most:.2f} cores at most."
    return (
        f"**The machine was not quiet: other processes used up to {most:.2f} cores during the "
        "runs, so the rates and latencies below are worse than what the machine gives. CPU times "
        "per event rise too (shared caches and interpreter switches), though less.**"
    )


def _rates(figures: Mapping[str, Any]) -> str:
    names = {key: name for key, name in _COMPARED.items() if key in figures}
    told = [
        f"{name}: {', '.join(number(rate) for rate in figures[key]['rates'])}"
        for key, name in names.items()
    ]
    if are_of_one_run(figures, *_COMPARED):
        full, bare = (figures[key]["cpu_us"]["worker"] for key in ("full", "bare"))
        told.append(
            f"by CPU of the process alone the full job reaches {bare / full:.2f} × the loop"
        )
    return "; ".join(told)


def _walls(figures: Mapping[str, Any]) -> str:
    seconds = figures.get("full", {}).get("walls_seconds")
    return _NOT_MEASURED if seconds is None else f"{seconds:.1f} s"


def _latency_notes(figures: Mapping[str, Any]) -> str:
    latency = figures.get("latency")
    if latency is None:
        return _NOT_MEASURED + "."
    usage, (province_ms, units_ms) = latency["usage"], latency["look_ms"]
    cores = {name: used / usage["seconds"] for name, used in usage["cpu_seconds"].items()}
    return (
        f"Sent: {number(latency['rate'])} records/s, markers among them. The worker used "
        f"{cores['worker']:.2f} cores, Kafka {cores['kafka']:.2f}, ClickHouse "
        f"{cores['clickhouse']:.2f} (with the probes' queries, which took {province_ms:.1f} and "
        f"{units_ms:.1f} ms on average), others {usage['others_cpu']:.2f}; load average before: "
        f"{usage['load_average']:.1f}. Before, the worker had started on the full job's tables "
        f"and was ready after {latency['ready_seconds']:.1f} s."
    )


def _up(figures: Mapping[str, Any]) -> str:
    up = figures.get("up")
    if up is None:
        return _NOT_MEASURED + "."
    return (
        f"From the start of the command to its ready line: **{up['empty_seconds']:.1f} s** on an "
        f"empty folder, **{up['existing_seconds']:.1f} s** on one that holds the scenario "
        f"{up['scenario']} (load average before: {up['load_average']:.1f}). "
        f"{_told_runs(figures, ['up'])}"
    )
