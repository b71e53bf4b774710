"""How long reading through the gateway takes: `python -m benchmarks.reading`.

Stands by itself: prints what it measured, writes no page.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson

from benchmarks.child import running
from benchmarks.engines import running_engines
from benchmarks.place import Place
from benchmarks.scale_seed import seed
from ioc.embedded.ports import free_ports
from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right
from schemas.reference import UnitRegistry

_IDS = 2_000
_ASKED = 1_500
_AT_ONCE = 4
_EVENTS = 6
_FREE = {
    "IOC_READING_LOOKUPS_PER_SECOND": "100000",
    "IOC_READING_LOOKUPS_BURST": "100000",
    "IOC_READING_MISSES_PER_MINUTE": "1000000",
    "IOC_READING_KEY_MISSES_PER_MINUTE": "1000000",
    "IOC_READING_QUERIES_PER_MINUTE": "1000000",
    "IOC_GATEWAY_REQUESTS_PER_SECOND": "100000",
    "IOC_GATEWAY_REQUESTS_BURST": "100000",
}


def main(dossiers: int) -> None:
    """Measure with so many dossiers in the warehouse."""
    with running_engines() as engines:
        place = Place(engines, "reading", "reading.events")
        try:
            now = dt.datetime(2026, 11, 18, 10, tzinfo=dt.UTC)
            seed(place.client, place.clickhouse.database, dossiers, now, lambda _: None)
            ids = _give_histories(place.client)
            _measure(place, ids, dossiers)
        finally:
            place.drop()


def _give_histories(client: Any) -> list[str]:
    """Let some dossiers have the events that a worker would have stored with them."""
    base: list[Any] = ["desk", "", 0, 4, 0, *[None] * 14]
    events = []
    for number in range(_EVENTS):
        event = list(base)
        event[1], event[3], event[4] = f"e-{number}", (1, 2, 4, 4, 5, 9)[number], number * 60_000
        events.append(event)
    history = orjson.dumps([events, []]).decode()
    client.command(
        "INSERT INTO dossiers SELECT * REPLACE (version + 1 AS version, {history:String} AS "
        "history) FROM dossiers WHERE cityHash64(dossier_id) % 100 = 0 LIMIT {count:UInt32}",
        parameters={"history": history, "count": _IDS},
    )
    client.command("INSERT INTO checkpoints SELECT number, 2199023255552, 2, 0, now64(3)"
                   " FROM numbers(48)")  # fmt: skip
    rows = client.query("SELECT dossier_id FROM dossiers WHERE history != ''").result_rows
    return [row[0] for row in rows]


def _measure(place: Place, ids: list[str], dossiers: int) -> None:
    units = UnitRegistry.load(None)
    provinces = [unit.code for unit in units if unit.parent is None]
    admin = KeyAdmin(place.client, units, "en")
    key = admin.create(Wish("bench", provinces, [Right.LOOKUP, Right.READ])).text
    (port,) = free_ports(1)
    environment = {**place.environment(), **_FREE, "IOC_GATEWAY_PORT": str(port),
                   "IOC_CLICKHOUSE_READ_PASSWORD":
                   place.clickhouse.read_password.get_secret_value()}  # fmt: skip
    log = place.engines.folder / "reading-gateway.log"
    chance = random.Random(7)
    print(f"{dossiers:,} dossiers, {len(ids):,} with a history of {_EVENTS} events")
    with running("ioc.gateway", log, environment) as child:
        child.wait_ready()
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
        ) as client:

            def look_up() -> None:
                answer = client.get(f"/v1/dossiers/{chance.choice(ids)}")
                assert answer.status_code == 200, answer.text

            def miss() -> None:
                answer = client.get(f"/v1/dossiers/none-{chance.random()}")
                assert answer.status_code == 404, answer.text

            def ask(path: str) -> None:
                answer = client.get(path)
                assert answer.status_code == 200, answer.text

            _timed("warm up", 100, 1, look_up)
            _timed("look-up, one after the other", _ASKED, 1, look_up)
            _timed(f"look-up, {_AT_ONCE} at once", _ASKED, _AT_ONCE, look_up)
            _timed("nothing found (padded)", 100, 1, miss)
            _timed("changes, page of 1,000", 10, 1, lambda: ask("/v1/dossiers"))
            month = "/v1/statistics?from=2026-11-01&to=2026-11-30"
            _timed("statistics, province, month", 30, 1, lambda: ask(month))
            _timed("statistics, commune, month", 30, 1, lambda: ask(f"{month}&unit=04795-2025"))


def _timed(name: str, count: int, at_once: int, action: Callable[[], None]) -> None:
    def once(_: int) -> float:
        started = time.perf_counter()
        action()
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        took = sorted(threads.map(once, range(count)))
    rate = count / (time.perf_counter() - started)
    middle, worst = took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.99))]
    print(f"{name}: median {middle:.1f} ms, p99 {worst:.1f} ms, {rate:.0f}/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
