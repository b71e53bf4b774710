"""The desk client: what accepting an event costs, and how soon a full spool is empty again."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.child import running
from benchmarks.engines import running_engines
from benchmarks.place import Place
from ioc.desk.client import DeskClient, Options
from ioc.embedded.ports import free_ports
from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right
from schemas.reference import UnitRegistry

_ONE_BY_ONE = 2_000
_KEY_SECONDS = 60.0


def measure_desk(waiting: int = 100_000) -> dict[str, Any]:
    """Accept events one by one, then many, then send all through a real gateway.

    Engines, gateway and client share the machine. The gateway has its usual limits.
    """
    with running_engines() as engines, tempfile.TemporaryDirectory(prefix="ioc-desk-") as folder:
        place = Place(engines, "desk", "desk.events")
        try:
            units = UnitRegistry.load(None)
            provinces = [unit.code for unit in units if unit.parent is None]
            wish = Wish("bench-desk", provinces, [Right.PUSH])
            key = KeyAdmin(place.client, units, "en").create(wish).text
            (port,) = free_ports(1)
            environment = {**place.environment(), "IOC_GATEWAY_PORT": str(port)}
            with running("ioc.gateway", Path(folder) / "gateway.log", environment) as child:
                child.wait_ready()
                options = Options(
                    url=f"http://127.0.0.1:{port}", key=key, folder=Path(folder) / "spool"
                )
                return _measure(options, waiting)
        finally:
            place.drop()


def _measure(options: Options, waiting: int) -> dict[str, Any]:
    costs: list[float] = []
    with DeskClient(options, background=False) as desk:
        for number in range(_ONE_BY_ONE):
            began = time.perf_counter()
            desk.push(_event(number))
            costs.append(time.perf_counter() - began)
        for first in range(_ONE_BY_ONE, waiting, 1_000):
            desk.push([_event(n) for n in range(first, min(first + 1_000, waiting))])
        assert desk.counts().waiting == waiting
        used = desk.counts().used_bytes
        began = time.perf_counter()
        cpu = time.process_time()
        sent = 0
        while sent < waiting:
            done = desk.send()
            sent += done.sent
            assert not done.rejected, "the benchmark's events are valid"
            assert not done.refused, "the benchmark's key is valid"
            if done.why is not None:
                assert time.perf_counter() - began < 10 * _KEY_SECONDS, "never sent"
                time.sleep(done.wait_seconds)
        seconds = time.perf_counter() - began
        cpu = time.process_time() - cpu
    costs.sort()
    return {
        "waiting": waiting,
        "send_seconds": seconds,
        "events_per_second": waiting / seconds,
        "client_cpu_seconds": cpu,
        "spool_bytes": used,
        "accept_p50_ms": costs[len(costs) // 2] * 1000,
        "accept_p99_ms": costs[len(costs) * 99 // 100] * 1000,
        "accept_mean_ms": sum(costs) / len(costs) * 1000,
    }


def _event(number: int) -> dict[str, Any]:
    return {
        "event_id": f"bench-{number}",
        "source": "bench-desk",
        "dossier_id": f"000.25.28.H28-240903-{number // 3:06d}",
        "status": (2, 4, 9)[number % 3],
        "occurred_at": f"2024-09-{3 + number % 3:02d}T08:15:00+07:00",
        "receiver": "04795",
        "procedure": "1.900106",
        "field": "dat-dai",
        "due_at": "2024-09-13T17:00:00+07:00",
    }


if __name__ == "__main__":
    print(json.dumps(measure_desk(), indent=1))
