"""From the broker having an event to a wall's query showing it, at a steady rate."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from benchmarks.child import Child, running
from benchmarks.job_run import FULL
from benchmarks.markers import Era, marker
from benchmarks.place import PARTITIONS, Place
from benchmarks.prober import Look, Prober
from benchmarks.usage import Usage, UsageMeter
from dashboards.query import load_query
from ioc.replay.outgoing import OutgoingRecord
from schemas.events.shard import partition_of_shard, shard_of

_OLD_A_SECOND, _NEW_A_SECOND = 4, 2
_PROVINCE_EVERY_SECONDS, _UNITS_EVERY_SECONDS = 0.1, 1.0
_LAST_WAIT_SECONDS = 60.0
#: As the gateway's producer. The clock starts with the broker's time, after it.
_LINGER_MILLISECONDS = 5

_UNITS = """
SELECT days.day
FROM field_days AS days FINAL
PREWHERE days.field = '*' AND days.channel = 0
  AND (days.day BETWEEN {old_from:Date} AND {old_to:Date}
       OR days.day BETWEEN {new_from:Date} AND {new_to:Date})
GROUP BY days.day
HAVING sum(days.received) > 0
"""


@dataclass(frozen=True)
class Spread:
    """Milliseconds of some markers; `missing` were never seen."""

    markers: int
    missing: int
    p50: float
    p90: float
    p99: float
    most: float

    @classmethod
    def of(cls, sent_ms: dict[dt.date, int], seen_ms: dict[dt.date, float]) -> Spread:
        """Compare when the broker had each marker with when it was seen."""
        waits = sorted(seen_ms[day] - at for day, at in sent_ms.items() if day in seen_ms)
        missing = len(sent_ms) - len(waits)
        if not waits:
            raise RuntimeError("no marker was ever seen")

        def rank(share: float) -> float:
            return waits[min(len(waits) - 1, int(share * len(waits)))]

        return cls(len(waits), missing, rank(0.5), rank(0.9), rank(0.99), waits[-1])


@dataclass(frozen=True)
class Latency:
    """Figures of one run.

    Attributes:
        ready_seconds: from the worker's start to READY, with the state of the full job to load.
        rate: events a second that were really sent.
        province: by the wall's query over time.
        units_new, units_old: by the walls' derived table, markers of its newest and oldest days.
        look_ms: mean time of the two queries.
        usage: while events were sent.
    """

    ready_seconds: float
    rate: float
    province: Spread
    units_new: Spread
    units_old: Spread
    look_ms: tuple[float, float]
    usage: Usage

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return asdict(self)


@dataclass
class Sent:
    """When the broker had each marker: epoch milliseconds of LogAppendTime."""

    old: dict[dt.date, int] = field(default_factory=dict)
    new: dict[dt.date, int] = field(default_factory=dict)
    events: int = 0
    seconds: float = 0.0


def measure_latency(
    place: Place, records: Sequence[OutgoingRecord], seconds: float, rate: float
) -> Latency:
    """Run a worker on a place whose topic is stored already, and send to it at a steady rate.

    Args:
        place: its tables stay as they are, the events come on top.
        records: enough for the time.
        seconds: how long.
        rate: events a second, markers on top.
    """
    log = place.engines.folder / f"{place.name}-latency.log"
    markers = int(seconds) + 1
    unit = next(
        found for record in records if (found := orjson.loads(record.value).get("receiver"))
    )
    with running(FULL, log, place.environment()) as child:
        ready_seconds = child.wait_ready()
        meter = UsageMeter(_pids(place, child))
        with (
            Prober(place.reader(), _province(markers), _PROVINCE_EVERY_SECONDS) as province,
            Prober(place.reader(), _units(markers), _UNITS_EVERY_SECONDS) as units,
        ):
            sent = asyncio.run(_send(place, _mixed(records, rate, seconds, unit)))
            usage = meter.stop()
            _wait_for_last(sent, province, units, child)
    return Latency(
        ready_seconds,
        sent.events / sent.seconds,
        Spread.of(sent.old, province.seen_ms),
        Spread.of(sent.new, units.seen_ms),
        Spread.of(sent.old, units.seen_ms),
        (province.look_ms, units.look_ms),
        usage,
    )


def _province(seconds: int) -> Look:
    query = load_query("over_time")
    bound = {
        "step": "day",
        "from_day": Era.OLD.day(0),
        "to_day": Era.OLD.day(seconds * _OLD_A_SECOND),
    }

    def look(client: Any) -> Iterable[dt.date]:
        rows = client.query(query.text, parameters=bound).result_rows
        return [row[0] for row in rows if row[1]]

    return look


def _units(seconds: int) -> Look:
    bound = {
        "old_from": Era.OLD.day(0),
        "old_to": Era.OLD.day(seconds * _OLD_A_SECOND),
        "new_from": Era.NEW.day(0),
        "new_to": Era.NEW.day(seconds * _NEW_A_SECOND),
    }

    def look(client: Any) -> Iterable[dt.date]:
        return [row[0] for row in client.query(_UNITS, parameters=bound).result_rows]

    return look


_Item = tuple[OutgoingRecord, Era | None, int]


def _mixed(
    records: Sequence[OutgoingRecord], rate: float, seconds: float, unit: str
) -> Iterator[tuple[float, _Item]]:
    """Yield what is sent and when, in seconds from the start: events, and markers among them."""
    plan: list[tuple[float, _Item]] = [
        (i / rate, (record, None, 0)) for i, record in enumerate(records[: int(rate * seconds)])
    ]
    for era, a_second in ((Era.OLD, _OLD_A_SECOND), (Era.NEW, _NEW_A_SECOND)):
        plan += [
            ((n + 0.37) / a_second, (marker(era, n, unit), era, n))
            for n in range(int(seconds * a_second))
        ]
    plan.sort(key=lambda item: item[0])
    yield from plan


async def _send(place: Place, plan: Iterable[tuple[float, _Item]]) -> Sent:
    sent = Sent()
    producer = AIOKafkaProducer(
        bootstrap_servers=place.kafka.bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=_LINGER_MILLISECONDS,
    )
    await producer.start()
    waiting: list[tuple[asyncio.Future[Any], Era, int]] = []
    try:
        started = time.monotonic()
        for due, (record, era, number) in plan:
            await asyncio.sleep(max(0.0, started + due - time.monotonic()))
            home = partition_of_shard(shard_of(record.key.decode()), PARTITIONS)
            answer = await producer.send(
                place.kafka.events_topic, record.value, record.key, partition=home
            )
            sent.events += 1
            if era is not None:
                waiting.append((answer, era, number))
        sent.seconds = time.monotonic() - started
        await producer.flush()
        for answer, era, number in waiting:
            days = sent.old if era is Era.OLD else sent.new
            days[era.day(number)] = (await answer).timestamp
    finally:
        await producer.stop()
    return sent


def _wait_for_last(sent: Sent, province: Prober, units: Prober, child: Child) -> None:
    """Give the last markers time; whatever is not seen then counts as missing."""
    deadline = time.monotonic() + _LAST_WAIT_SECONDS
    while time.monotonic() < deadline:
        child.check()
        for prober in (province, units):
            if prober.error is not None:
                raise RuntimeError("a wall's query failed") from prober.error
        if sent.old.keys() <= province.seen_ms.keys() and (
            sent.old.keys() | sent.new.keys() <= units.seen_ms.keys()
        ):
            return
        time.sleep(0.1)


def _pids(place: Place, child: Child) -> dict[str, int]:
    kafka, clickhouse = place.engines.kafka.pid, place.engines.clickhouse.pid
    if kafka is None or clickhouse is None:
        raise RuntimeError("an engine does not run")
    return {"worker": child.pid, "kafka": kafka, "clickhouse": clickhouse}
