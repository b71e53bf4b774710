"""Rows of a small September 2024 whose figures are known by hand; see `EXPECTED`.

Units are those of the shipped reference data: 04792 and 04795 are wards of Hòa Bình city (148),
H28.01 stands for a code that nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from clickhouse_connect.driver.client import Client

from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.publish import publish_reference

FROM_DAY, TO_DAY = dt.date(2024, 9, 1), dt.date(2024, 9, 30)
#: Monday 30 September 2024, 17:00 in Vietnam.
NOW = int(dt.datetime(2024, 9, 30, 10, 0, tzinfo=dt.UTC).timestamp())
HOUR = 3600

EXPECTED = {
    "received": 88_646,
    "received_online": 78_664,
    "resolved": 80_185,
    "in_time": 79_745,
    "carried_over": 1_500,
    "finished": 80_385,
    "open": 9_811,
    "open_at_end": 9_761,
    "overdue": 260,
    "due_soon": 75,
    "paused": 440,
    "awaiting_receipt": 36,
    "receipt_overdue": 6,
}


def _day(shard: int, day: dt.date, version: int = 2, **measures: int) -> dict[str, Any]:
    return {"shard": shard, "day": day, "version": version, **measures}


PROVINCE_DAYS = (
    # Carried over: 2,000 came in August, 500 of them went.
    _day(0, dt.date(2024, 8, 20), received=2_000, received_online=900, registered=2_000),
    _day(1, dt.date(2024, 8, 28), early=300, on_time=150, late=30, no_due=5, withdrawn=10,
         stopped=5, refused=40, closed_unreceived=3),
    # An older snapshot of a day must not count.
    _day(0, dt.date(2024, 9, 3), version=1, received=999, received_online=999, registered=1),
    _day(0, dt.date(2024, 9, 3), received=40_000, received_online=38_664, registered=50_000,
         early=30_000, on_time=20_000, late=200, receipt_late=310, uncollected=900, returned=100),
    _day(1, dt.date(2024, 9, 3), received=8_646, received_online=5_000, registered=8_000),
    _day(47, dt.date(2024, 9, 30), received=40_000, received_online=35_000, registered=30_000,
         early=20_745, on_time=9_000, late=240, no_due=0, withdrawn=150, stopped=50,
         refused=77, receipt_late=5, uncollected=120),
    # After the period: neither in its figures nor in what is open at its end.
    _day(5, dt.date(2024, 10, 2), received=700, received_online=700, early=650, registered=700),
    # A due day ahead is no day on which something happened.
    _day(5, dt.date(2024, 12, 31), due=12, due_met=3),
)  # fmt: skip


def _cell(authority: str, phase: str, alarm: int, n: int, **more: Any) -> dict[str, Any]:
    return {
        "shard": 3, "receiver": authority, "authority": authority, "handler": authority,
        "field": "dat-dai", "channel": 2, "phase": phase, "apologised": 0,
        "alarm_minute": alarm, "version": 2, "n": n, **more,
    }  # fmt: skip


OPEN_DOSSIERS = (
    _cell("04792", "processing", NOW - HOUR, 200),
    _cell("04792", "processing", NOW - HOUR, 20, apologised=1),
    _cell("04795", "payment", NOW, 40),  # the clock stands, but it was late already
    _cell("04795", "processing", NOW + 60, 50),
    _cell("H28.01", "processing", NOW + 7 * HOUR, 25),
    _cell("H28.01", "processing", NOW + 200 * HOUR, 9_076),
    _cell("04792", "supplement", 0, 400),
    _cell("04792", "awaiting", NOW - 60, 6),
    _cell("04792", "awaiting", NOW + 60, 30),
    # What a cell was before, and one that became empty.
    _cell("04792", "processing", NOW - HOUR, 5_000, version=1),
    _cell("04795", "processing", NOW - 2 * HOUR, 7, version=1),
    _cell("04795", "processing", NOW - 2 * HOUR, 0, version=2),
)  # 9,811 are open; without what October brought (700 - 650), 9,761


def _unit(unit: str, day: dt.date, version: int = 2, **measures: int) -> dict[str, Any]:
    return {"day": day, "role": "authority", "unit": unit, "version": version, **measures}


UNIT_DAYS = (
    _unit("04792", dt.date(2024, 9, 3), received=100, early=90, on_time=5, late=5, no_due=50),
    _unit("04792", dt.date(2024, 9, 30), received=10, early=0, on_time=95, late=5),
    _unit("04795", dt.date(2024, 9, 3), version=1, received=1, late=900),
    _unit("04795", dt.date(2024, 9, 3), received=50, early=40, on_time=40, late=20),
    _unit("148", dt.date(2024, 9, 3), received=70, early=45, on_time=5),
    _unit("H28.01", dt.date(2024, 9, 3), received=3, early=1, late=2),  # too small to be ranked
    _unit("04792", dt.date(2024, 10, 1), late=1_000),
    {**_unit("04792", dt.date(2024, 9, 3), received=5_000, late=9), "role": "receiver"},
)


def _channel(channel: int, received: int, day: dt.date, version: int = 2) -> dict[str, Any]:
    return {
        "shard": 3, "day": day, "receiver": "04792", "authority": "04792", "handler": "04792",
        "field": "dat-dai", "channel": channel, "version": version, "received": received,
    }  # fmt: skip


DOSSIER_DAYS = (
    _channel(1, 9_000, dt.date(2024, 9, 3)),
    _channel(2, 70_000, dt.date(2024, 9, 3)),
    _channel(2, 8_664, dt.date(2024, 9, 4)),
    _channel(2, 1, dt.date(2024, 9, 4), version=1),
    _channel(3, 982, dt.date(2024, 9, 30)),
    _channel(3, 55, dt.date(2024, 8, 31)),
)


def insert(client: Client, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with whatever columns they name, in order (so that versions are parts)."""
    for row in rows:
        client.insert(table, [list(row.values())], column_names=list(row))


def seed_reference(client: Client, database: str) -> None:
    from schemas.calendar import CalendarSettings, WorkingCalendar

    publish_reference(
        client,
        database,
        calendar=WorkingCalendar(CalendarSettings(_env_file=None)),
        units=UnitRegistry.load(None),
        procedures=ProcedureRegistry.load(None),
    )


def seed_figures(client: Client) -> None:
    insert(client, "province_days", PROVINCE_DAYS)
    insert(client, "open_dossiers", OPEN_DOSSIERS)
    insert(client, "unit_days", UNIT_DAYS)
    insert(client, "dossier_days", DOSSIER_DAYS)


def tell_status(client: Client, at: dt.datetime, partitions: int = 4, **more: Any) -> None:
    """Write what a healthy worker writes each second."""
    row = {"worker": "test", "consumed_offset": 9, "highwater": 10, "lag": 0,
           "events_per_second": 2.5, "log_at": at, "stalled": 0, **more}  # fmt: skip
    rows = [{"partition": number, "at": at, **row} for number in range(partitions)]
    client.insert("pipeline", [list(each.values()) for each in rows], column_names=list(rows[0]))


def tell_epoch(client: Client, epoch: int = 1, partitions: int = 4) -> None:
    insert(
        client,
        "topic_epochs",
        [{"topic": "t", "topic_id": f"id{epoch}", "partitions": partitions, "epoch": epoch}],
    )
