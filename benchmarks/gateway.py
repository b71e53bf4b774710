"""The gateway on one core, beside endpoints that only validate and produce."""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.child import Child, running
from benchmarks.engines import Engines, running_engines
from benchmarks.place import Place
from ioc.embedded.ports import free_ports
from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right
from schemas.reference import UnitRegistry

_ROOT = Path(__file__).parent.parent
_GATEWAY, _NARROW = "gateway", "narrow"
#: Of the unit that the load's events name.
_DISTRICT = "148"
#: Its name here -> what BARE_PRODUCER is.
_BARE = {"bare": "aiokafka", "kafka_python": "kafka-python", "sharp": "sharp"}
_SINGLE_CONNECTIONS, _BATCH_CONNECTIONS = 64, 8
_BATCH = 500
_WARM_SECONDS = 1.0
#: Half of the load that must be reached.
_HALF_RATE = 1_000.0
_UNLIMITED = {
    "IOC_GATEWAY_REQUESTS_PER_SECOND": "1000000",
    "IOC_GATEWAY_REQUESTS_BURST": "1000000",
    "IOC_GATEWAY_EVENTS_PER_SECOND": "10000000",
    "IOC_GATEWAY_EVENTS_BURST": "10000000",
}


@dataclass(frozen=True)
class Measured:
    """One server under one load."""

    rates: tuple[float, ...]
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_us_per_event: float
    failed: int

    @property
    def rate(self) -> float:
        """Events a second, the median of the runs."""
        return statistics.median(self.rates)

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {**vars(self), "rate": self.rate}


def measure_gateway(seconds: float, repeats: int) -> dict[str, Any]:
    """Load all servers in turns; blocks for `repeats` × 8 × (seconds + 3).

    A server has core 0 for itself; Kafka, ClickHouse and the load share the others.
    """
    with running_engines() as engines:
        others = set(range(1, psutil.cpu_count() or 1)) or {0}
        for pid in (engines.kafka.pid, engines.clickhouse.pid):
            _pin(pid, others)
        place = Place(engines, "gateway", "gateway.events")
        try:
            return _Measurement(engines, place, others, seconds, repeats).run()
        finally:
            place.drop()


class _Measurement:
    def __init__(
        self, engines: Engines, place: Place, others: set[int], seconds: float, repeats: int
    ) -> None:
        self._engines, self._place, self._others = engines, place, others
        self._seconds, self._repeats = seconds, repeats
        units = UnitRegistry.load(None)
        provinces = [unit.code for unit in units if unit.parent is None]
        admin = KeyAdmin(place.client, units, "en")
        self._key = admin.create(Wish("bench", provinces, [Right.PUSH])).text
        #: Does not cover the province: the warehouse is asked whose each dossier is.
        self._narrow_key = admin.create(Wish("bench", [_DISTRICT], [Right.PUSH])).text

    def run(self) -> dict[str, Any]:
        runs: dict[str, list[dict[str, float]]] = {}
        for number in range(self._repeats):
            for name in (_GATEWAY, *_BARE):
                with self._server(name, number) as (port, child):
                    self._load(name, "single", port, child, runs)
                    self._load(name, "batch", port, child, runs)
                    if name in (_GATEWAY, "bare"):
                        self._load(name, "half", port, child, runs)
                    if name == _GATEWAY:
                        self._load(_NARROW, "half", port, child, runs)
        found = {name: _summed(each).as_json() for name, each in runs.items()}
        return {"seconds": self._seconds, "repeats": self._repeats, **found}

    def _load(
        self, name: str, kind: str, port: int, child: Child, runs: dict[str, list[dict[str, float]]]
    ) -> None:
        batch = _BATCH if kind == "batch" else 1
        is_bare_batch = batch > 1 and name in _BARE
        options = {
            "port": port,
            "path": "/v1/batch" if is_bare_batch else "/v1/events",
            "key": self._narrow_key if name == _NARROW else self._key,
            "batch": batch,
            "connections": _BATCH_CONNECTIONS if batch > 1 else _SINGLE_CONNECTIONS,
            "rate": _HALF_RATE if kind == "half" else 0.0,
        }
        self._ask(options, _WARM_SECONDS)
        server = psutil.Process(child.pid)
        before = server.cpu_times()
        figures = self._ask(options, self._seconds)
        after = server.cpu_times()
        used = after.user + after.system - before.user - before.system
        figures["cpu_us"] = used / max(1.0, figures["events_per_second"] * self._seconds) * 1e6
        runs.setdefault(f"{name}_{kind}", []).append(figures)
        child.check()

    def _ask(self, options: dict[str, Any], seconds: float) -> dict[str, float]:
        told = json.dumps({**options, "seconds": seconds, "name": secrets.token_hex(3)})
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.gateway_load", told],
            cwd=_ROOT,
            capture_output=True,
            check=True,
            timeout=seconds + 120,
            preexec_fn=lambda: os.sched_setaffinity(0, self._others),
        )
        found: dict[str, float] = json.loads(answer.stdout)
        return found

    @contextmanager
    def _server(self, name: str, number: int) -> Iterator[tuple[int, Child]]:
        (port,) = free_ports(1)
        log = self._engines.folder / f"{name}-{number}.log"
        if name == _GATEWAY:
            module = "ioc.gateway"
            own = {**_UNLIMITED, "IOC_GATEWAY_PORT": str(port)}
        else:
            module = "benchmarks.gateway_bare"
            own = {"BARE_PRODUCER": _BARE[name], "BARE_PORT": str(port)}
        with running(module, log, {**self._place.environment(), **own}) as child:
            child.wait_ready()
            _pin(child.pid, {0})
            yield port, child


def _summed(runs: list[dict[str, float]]) -> Measured:
    middle = sorted(runs, key=lambda run: run["events_per_second"])[len(runs) // 2]
    return Measured(
        tuple(run["events_per_second"] for run in runs),
        middle["p50_ms"],
        middle["p99_ms"],
        middle["max_ms"],
        middle["cpu_us"],
        int(sum(run["failed"] for run in runs)),
    )


def _pin(pid: int | None, cores: set[int]) -> None:
    if pid is None:
        return
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        for thread in each.threads():
            os.sched_setaffinity(thread.id, cores)
