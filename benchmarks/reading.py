"""How long single dossiers take through the gateway, one caller and several at once."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from benchmarks.child import running
from benchmarks.engines import running_engines
from benchmarks.place import Place
from benchmarks.scale_seed import seed
from ioc.embedded.ports import free_ports
from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right
from ioc.reference import load_reference
from schemas.events import EventRecord
from schemas.reference import UnitRegistry
from schemas.settings import WorkerSettings
from streams.pipeline.folding import history_of
from streams.state.dossier import Dossier

CALLERS = (1, 4, 8)
_IDS = 2_000
_ASKED = 1_200
_WARM = 100
_EVENTS = 6
#: Of the first record of epoch 2.
_POSITION = 2 << 40
_MERGES_SECONDS = 60.0
_NOW = dt.datetime(2026, 11, 18, 10, tzinfo=dt.UTC)
_BEGUN = dt.datetime(2026, 11, 2, 2, tzinfo=dt.UTC)
_DUE = int(dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC).timestamp())
_FREE = {
    "IOC_READING_LOOKUPS_PER_SECOND": "100000",
    "IOC_READING_LOOKUPS_BURST": "100000",
    "IOC_READING_QUERIES_PER_MINUTE": "1000000",
    "IOC_GATEWAY_REQUESTS_PER_SECOND": "100000",
    "IOC_GATEWAY_REQUESTS_BURST": "100000",
}


def measure_reading(dossiers: int) -> dict[str, Any]:
    """Look dossiers up, each by its own id, with so many in the warehouse.

    Engines, gateway and callers share the machine; a caller asks again when it was answered.
    """
    with running_engines() as engines:
        place = Place(engines, "reading", "reading.events")
        try:
            seed(place.client, place.clickhouse.database, dossiers, _NOW, lambda _: None)
            ids = _give_histories(place.client)
            _wait_for_merges(place.client)
            return {"dossiers": dossiers, "events": _EVENTS, **_measure(place, ids)}
        finally:
            place.drop()


def _give_histories(client: Any) -> list[str]:
    """Let some dossiers have the events, and what follows from them, as a worker stores them."""
    dossier = Dossier("")
    for number in range(_EVENTS):
        at_ms = int(_BEGUN.timestamp() * 1000) + number * 3_600_000
        said: list[Any] = ["desk", f"e-{number}", number, (1, 2, 4, 4, 5, 9)[number], at_ms]
        dossier.add(EventRecord(*said, *[None] * 14)._replace(due=_DUE))
    rules = load_reference(WorkerSettings()).rules
    facts = dossier.refold(rules)
    client.command(
        "INSERT INTO dossiers SELECT * REPLACE ({version:UInt64} AS version, {history:String} AS "
        "history, {due:Int64} AS due_at, {alarm:Int64} AS alarm_at) FROM dossiers "
        "WHERE cityHash64(dossier_id) % 100 = 0 LIMIT {count:UInt32}",
        parameters={
            "version": dossier.version_at(_POSITION),
            "history": history_of(dossier),
            "due": facts.due or 0,
            "alarm": facts.alarm or 0,
            "count": _IDS,
        },
    )
    client.insert(
        "topic_epochs",
        [["bench", "bench", 4, 2, rules.fingerprint]],
        column_names=["topic", "topic_id", "partitions", "epoch", "rules"],
    )
    client.command("INSERT INTO checkpoints (shard, position, epoch, partition_offset, log_at)"
                   " SELECT number, 2199023255552, 2, 0, now64(3) FROM numbers(48)")  # fmt: skip
    rows = client.query("SELECT dossier_id FROM dossiers WHERE history != ''").result_rows
    return [row[0] for row in rows]


def _wait_for_merges(client: Any) -> None:
    """Let the warehouse finish with what the seeding left to merge, which no day brings at once."""
    deadline = time.monotonic() + _MERGES_SECONDS
    while client.query("SELECT count() FROM system.merges").result_rows[0][0]:
        if time.monotonic() > deadline:
            return
        time.sleep(0.5)


def _measure(place: Place, ids: list[str]) -> dict[str, Any]:
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
    with (
        running("ioc.gateway", log, environment) as child,
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=60,
        ) as client,
    ):
        child.wait_ready()

        def look_up() -> None:
            answer = client.get(f"/v1/dossiers/{chance.choice(ids)}")
            assert answer.status_code == 200, answer.text

        def ask() -> None:
            month = "/v1/statistics?from=2026-11-01&to=2026-11-30"
            assert client.get(month).status_code == 200

        _timed(_WARM, max(CALLERS), look_up)
        lookups = {str(callers): _timed(_ASKED, callers, look_up) for callers in CALLERS}
        return {"lookups": lookups, "statistics": _timed(20, 1, ask)}


def _timed(count: int, at_once: int, action: Callable[[], None]) -> dict[str, float]:
    def once(_: int) -> float:
        started = time.perf_counter()
        action()
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        took = sorted(threads.map(once, range(count)))
    return {
        "p50_ms": took[len(took) // 2],
        "p99_ms": took[min(len(took) - 1, int(len(took) * 0.99))],
        "max_ms": took[-1],
        "per_second": count / (time.perf_counter() - started),
    }
