"""Parts measured on different days keep their own date, and are never compared with each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import write_page
from benchmarks.results import Results, merged, one_run, option_of, read_results
from benchmarks.targets import compare, ratio

DOCS = Path(__file__).parents[3] / "docs"


def _run(date: str, cores: int, **figures: dict[str, Any]) -> Results:
    machine = {"date": date, "cpu": "x", "cores": cores, "memory_gib": 8, "system": "Linux",
               "python": "3.11", "packages": {}, "kafka": "4", "load_average": [0.1]}  # fmt: skip
    return one_run(machine, {"events": cores * 1000}, figures)


def test_a_partial_run_keeps_the_other_parts_with_their_own_run():
    older = _run("monday", 2, full={"rate": 20_000.0}, raw={"cpu_us": 1.0})
    kept = merged(older, _run("tuesday", 8, full={"rate": 30_000.0}))
    assert kept["figures"]["full"] == {"rate": 30_000.0, "run": "tuesday"}
    assert kept["figures"]["raw"] == {"cpu_us": 1.0, "run": "monday"}
    assert set(kept["runs"]) == {"monday", "tuesday"}
    assert option_of(kept, "full", "events") == 8000
    assert option_of(kept, "raw", "events") == 2000
    kept = merged(kept, _run("wednesday", 8, raw={"cpu_us": 2.0}))
    assert set(kept["runs"]) == {"tuesday", "wednesday"}  # of monday nothing is left


def test_figures_of_two_runs_are_not_divided():
    together = _run("monday", 2, full={"rate": 20_000.0}, bare={"rate": 25_000.0})
    assert ratio(together["figures"], "bare") == pytest.approx(0.8)
    apart = merged(together, _run("tuesday", 2, full={"rate": 30_000.0}))
    assert ratio(apart["figures"], "bare") is None


def test_targets_tell_their_run_and_pretend_nothing():
    figures = _run(
        "monday",
        2,
        full={"rate": 21_000.0, "events": 420_000, "walls_seconds": 10.0,
              "usage": {"seconds": 20.0}},
        latency={
            "province": {"missing": 0, "p50": 100.0, "p99": 500.0},
            "units_new": {"missing": 0, "p50": 1_500.0, "p99": 3_000.0},
        },
        screens={"memory_mib": [100.0, 120.0, 132.0], "update_ms": [1.0], "cpu_cores": 0.1,
                 "back_seconds": {"restart": 2.0, "kill": 3.0, "hang": 6.0}},
        paint={"charts_ms": [900.0, 1_100.0]},
    )["figures"]  # fmt: skip
    targets = {target.name: target for target in compare(figures) if not target.is_aim}
    aims = {target.name: target for target in compare(figures) if target.is_aim}
    assert targets["Event in Kafka → province wall's query, p99"].is_met
    assert aims["Event in Kafka → units' table, newest days, p99"].is_met is False
    assert aims["Full job until the walls' derived table is complete"].value == 14_000
    growth = targets["Screens: wall's memory, end beside middle"]
    assert (growth.value, growth.is_met) == (pytest.approx(10.0), False)
    back = "Screens: wall answers again after a {} → the last one has a new frame"
    assert targets[back.format("kill")].is_met
    assert targets[back.format("hang")].is_met is False
    assert targets["Province wall's charts drawn, median"].is_met
    assert aims["Province wall's charts drawn, largest"].is_met is False
    assert {target.run for target in compare(figures) if target.value is not None} == {"monday"}
    assert {target.run for target in compare(figures) if target.value is None} == {""}


def test_a_file_of_one_run_is_still_read(tmp_path: Path):
    old = {"machine": {"date": "monday"}, "options": {}, "figures": {"raw": {"cpu_us": 1.0}}}
    file = tmp_path / "benchmarks.json"
    assert read_results(file)["figures"] == {}
    file.write_text(json.dumps(old), encoding="utf-8")
    assert read_results(file)["figures"]["raw"] == {"cpu_us": 1.0, "run": "monday"}


def test_the_page_is_what_its_figures_say(tmp_path: Path):
    write_page(tmp_path, read_results(DOCS / "benchmarks.json"))
    written = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert written == (DOCS / "benchmarks.md").read_text("utf-8")


def test_the_page_says_of_which_run_a_table_is(tmp_path: Path):
    measured = read_results(DOCS / "benchmarks.json")
    others = {part: found for part, found in measured["figures"].items() if part != "stages"}
    raw = _run("tuesday", 64, raw={"cpu_us": 1.0, "wall_us": 2.0})
    write_page(tmp_path, merged({**measured, "figures": others}, raw))
    page = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert "| tuesday | raw | 64 cores" in page
    assert "Run of tuesday." in page
