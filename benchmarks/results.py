"""Figures of several runs in one file, each with the date and the machine of its own run.

Parts may be measured on different days; what is compared with another figure must be of the same
run, so every figure carries the name of its run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Results = dict[str, Any]


def one_run(
    machine: Mapping[str, Any], options: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]
) -> Results:
    """Return the results of a run; its name is its date."""
    name = machine["date"]
    return {
        "runs": {name: {"machine": dict(machine), "options": dict(options)}},
        "figures": {part: {**found, "run": name} for part, found in figures.items()},
    }


def read_results(file: Path) -> Results:
    """Return what a file holds, nothing if there is none."""
    if not file.exists():
        return {"runs": {}, "figures": {}}
    found: Results = json.loads(file.read_text("utf-8"))
    if "runs" not in found:  # written when a file held one run only
        return one_run(found["machine"], found["options"], found["figures"])
    return found


def merged(older: Results, newer: Results) -> Results:
    """Return the newer figures, and the older ones of what was not measured again."""
    figures = {**older["figures"], **newer["figures"]}
    runs = {**older["runs"], **newer["runs"]}
    used = {found["run"] for found in figures.values()}
    return {
        "runs": {name: run for name, run in runs.items() if name in used},
        "figures": figures,
    }


def run_of(figures: Mapping[str, Any], part: str) -> str:
    """Return the name of the run that a figure is from; empty if it was never measured."""
    return str(figures.get(part, {}).get("run", ""))


def are_of_one_run(figures: Mapping[str, Any], *parts: str) -> bool:
    """Whether all of these were measured, and together."""
    runs = {run_of(figures, part) for part in parts}
    return len(runs) == 1 and "" not in runs


def option_of(results: Results, part: str, option: str) -> Any:
    """Return what a figure's run was asked for; None if it was never measured."""
    run = results["runs"].get(run_of(results["figures"], part))
    return None if run is None else run["options"].get(option)
