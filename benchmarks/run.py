"""One run of the benchmarks, part after part."""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.alerts import measure_alerts
from benchmarks.desk import measure_desk
from benchmarks.engines import Engines, running_engines
from benchmarks.events import fill_topic, moved_records, scenario_records
from benchmarks.gateway import measure_gateway
from benchmarks.job_run import BARE, FULL, STOCK, JobRun, median_run, run_job
from benchmarks.latency import measure_latency
from benchmarks.machine import describe_machine
from benchmarks.options import Options
from benchmarks.page import write_page
from benchmarks.place import Place
from benchmarks.raw_insert import insert_raw
from benchmarks.reading import measure_reading
from benchmarks.results import merged, one_run, read_results
from benchmarks.scale import measure_scale
from benchmarks.screens import measure_screens
from benchmarks.stages import run_stages
from benchmarks.tables import show
from benchmarks.targets import compare
from benchmarks.up_time import measure_up
from benchmarks.wall_paint import measure_paint
from ioc.replay.outgoing import OutgoingRecord

_EVENTS, _STOCK_EVENTS = "bench.events", "bench.stock-events"
#: Used for the stages when the bare loop did not tell.
_USUAL_GROUP_EVENTS = 20_000
#: Moves the events of the latency run by a year: dossiers that the tables do not hold yet.
_LATENCY_WEEKS = -52
#: Long enough to see whether memory stays.
_SCREENS_SECONDS = 60.0
_GATEWAY_SECONDS = 6.0
_READING_DOSSIERS = 1_000_000
_SINGLES_SECONDS = 20.0


def run(options: Options) -> int:
    """Measure what is asked for, show it and write the page; return 1 if a target is missed."""
    console = Console()
    if options.render:
        kept = read_results(options.docs / "benchmarks.json")
        console.print(f"Written: {write_page(options.docs, kept)}")
        return 0
    machine = describe_machine()
    asked = {
        "scenario": options.scenario,
        "events": options.events,
        "stock_events": options.stock_events,
        "repeats": options.repeats,
        "latency_seconds": options.latency_seconds,
        "latency_rate": options.latency_rate,
    }
    figures: dict[str, Any] = {}
    try:
        _measure(options, console, figures)
    finally:
        # What took long to measure outlives a later part's failure.
        results = one_run(machine, asked, figures)
        if figures:
            _keep(options, console, results)
    targets = compare(results["figures"])
    show(console, results, targets)
    return int(any(target.is_met is False and not target.is_aim for target in targets))


def _keep(options: Options, console: Console, results: dict[str, Any]) -> None:
    """Put what was measured beside what other runs measured, if that is wanted."""
    if not options.is_complete and not options.write:
        console.print("Not everything was measured: the page stays as it is (or give --write).")
        return
    raw = options.docs / "benchmarks.json"
    kept = merged(read_results(raw), results)
    raw.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"Written: {write_page(options.docs, kept)}, {raw}")


def _measure(options: Options, console: Console, figures: dict[str, Any]) -> None:
    """Measure part after part; figures get each as soon as it is there."""
    if set(options.parts) - {"up", "scale", "screens", "gateway", "reading", "desk", "alerts"}:
        console.print(f"Making the events of {options.scenario} …")
        records = scenario_records(options.scenario, options.events)
        _calm_collector()
        with running_engines() as engines:
            console.print(f"Sending {len(records):,} events to Kafka …")
            fill_topic(engines, _EVENTS, records)
            _Bench(options, console, engines, records, figures).measure()
    if "up" in options.parts:
        console.print("ioc up: on an empty folder, and on one with a scenario in it …")
        with tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder:
            figures["up"] = measure_up(Path(folder), options.up_scenario).as_json()
    if "scale" in options.parts:
        console.print(f"Panels at {options.scale_dossiers:,} dossiers …")
        with tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder:
            scale = measure_scale(Path(folder), options.scale_dossiers, console.print)
            figures["scale"] = scale.as_json()
    if "screens" in options.parts:
        console.print(f"The wall: {options.screens:,} screens, then a browser …")
        figures["screens"] = measure_screens(options.screens, _SCREENS_SECONDS).as_json()
        figures["paint"] = measure_paint().as_json()
    if "gateway" in options.parts:
        console.print("The gateway, beside endpoints that only validate and produce …")
        figures["gateway"] = measure_gateway(_GATEWAY_SECONDS, options.repeats)
    if "reading" in options.parts:
        console.print(f"Reading through the gateway: {_READING_DOSSIERS:,} dossiers …")
        figures["reading"] = measure_reading(_READING_DOSSIERS)
    if "desk" in options.parts:
        console.print("The desk client: accepting, then sending what waited …")
        figures["desk"] = measure_desk()
    if "alerts" in options.parts:
        console.print(f"Alerts: one by one, then {options.alert_files:,} files in one second …")
        with (
            running_engines() as engines,
            tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder,
        ):
            place = Place(engines, "alerting", "bench.alerting")
            found = measure_alerts(place, Path(folder), options.alert_files, _SINGLES_SECONDS)
            figures["alerts"] = found.as_json()


def _calm_collector() -> None:
    """Keep the events that wait out of the collector's sight: its pauses would be measured."""
    gc.collect()
    gc.freeze()


class _Bench:
    """What is measured on the benchmark's own engines."""

    def __init__(
        self,
        options: Options,
        console: Console,
        engines: Engines,
        records: Sequence[OutgoingRecord],
        figures: dict[str, Any],
    ) -> None:
        self._options, self._console, self._engines = options, console, engines
        self._records, self._figures = records, figures
        self._filled: Place | None = None

    def measure(self) -> None:
        """Measure the parts in their order."""
        parts = self._options.parts
        rows_at_once = self._jobs()
        if "stock" in parts:
            fill_topic(
                self._engines, _STOCK_EVENTS, list(self._records[: self._options.stock_events])
            )
            stock, place = self._job("stock", STOCK, 1, _STOCK_EVENTS)
            self._figures["stock"] = stock.as_json()
            place.drop()
        if "raw" in parts:
            self._console.print("ClickHouse alone …")
            place = Place(self._engines, "raw", _EVENTS)
            self._figures["raw"] = insert_raw(place, self._records, rows_at_once).as_json()
            place.drop()
        if "stages" in parts:
            self._console.print("Where the microseconds go …")
            place = Place(self._engines, "stages", _EVENTS)
            self._figures["stages"] = run_stages(place, rows_at_once).as_json()
            place.drop()
        if self._filled is not None:  # last: it sends more events to the topic
            self._latency(self._filled)
            self._filled.drop()

    def _jobs(self) -> int:
        """Run full job and bare loop in turns; return how many events a stored group had."""
        parts = self._options.parts
        full: list[JobRun] = []
        bare: list[JobRun] = []
        for number in range(1, self._options.repeats + 1):
            if "bare" in parts:
                result, place = self._job("bare", BARE, number, _EVENTS)
                bare.append(result)
                place.drop()
            if "full" in parts:
                result, place = self._job("full", FULL, number, _EVENTS)
                full.append(result)
                if "latency" in parts and number == self._options.repeats:
                    self._filled = place
                else:
                    place.drop()
        for name, runs in (("full", full), ("bare", bare)):
            if runs:
                rates = [one.rate for one in runs]
                self._figures[name] = {**median_run(runs).as_json(), "rates": rates}
        told = [one.group_events for one in bare if one.group_events]
        return round(min(told)) if told else min(_USUAL_GROUP_EVENTS, len(self._records))

    def _job(self, name: str, module: str, number: int, topic: str) -> tuple[JobRun, Place]:
        place = Place(self._engines, f"{name}{number}", topic)
        result = run_job(place, module)
        self._console.print(
            f"{name} {number}: {result.rate:,.0f} events/s, {result.cpu_us('worker'):.1f} µs of "
            f"CPU an event (others used {result.usage.others_cpu:.2f} cores, "
            f"load average {result.usage.load_average:.1f})"
        )
        return result, place

    def _latency(self, place: Place) -> None:
        options = self._options
        self._console.print(
            f"Latency: {options.latency_rate:g} events/s for {options.latency_seconds:g} s …"
        )
        count = int(options.latency_rate * options.latency_seconds)
        records = moved_records(options.scenario, count, _LATENCY_WEEKS)
        _calm_collector()
        latency = measure_latency(place, records, options.latency_seconds, options.latency_rate)
        self._figures["latency"] = latency.as_json()
