"""Rows of a small September 2024 whose figures are known by hand; see `EXPECTED`.

Units are those of the shipped reference data: 04792 and 04795 are wards of Hòa Bình city (148),
H28.01 stands for a code that nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from clickhouse_connect.driver.client import Client

from schemas.events.shard import shard_of
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.publish import publish_reference
from streams.cells import MEASURES

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


OpenCell = tuple[str, int, int, int]


def open_row(authority: str, *cells: OpenCell, version: int = 2) -> dict[str, Any]:
    """All open cells of one authority, each as phase, alarm minute, n, apologised."""
    width = len(cells)
    return {
        "shard": 3, "authority": authority, "version": version,
        "receiver": [authority] * width, "handler": [authority] * width,
        "field": ["dat-dai"] * width, "channel": [2] * width,
        "phase": [phase for phase, _, _, _ in cells],
        "apologised": [apologised for _, _, _, apologised in cells],
        "alarm_minute": [alarm for _, alarm, _, _ in cells],
        "n": [n for _, _, n, _ in cells],
    }  # fmt: skip


OPEN_AT_04792: tuple[OpenCell, ...] = (
    ("processing", NOW - HOUR, 200, 0),
    ("processing", NOW - HOUR, 20, 1),
    ("supplement", 0, 400, 0),
    ("awaiting", NOW - 60, 6, 0),
    ("awaiting", NOW + 60, 30, 0),
)
OPEN_DOSSIERS = (
    open_row("04792", *OPEN_AT_04792),
    open_row(
        "04795",
        ("payment", NOW, 40, 0),  # the clock stands, but it was late already
        ("processing", NOW + 60, 50, 0),
    ),
    open_row(
        "H28.01",
        ("processing", NOW + 7 * HOUR, 25, 0),
        ("processing", NOW + 200 * HOUR, 9_076, 0),
    ),
    # What was before: other counts, a cell that is gone, an authority that has none any more.
    open_row("04792", ("processing", NOW - HOUR, 5_000, 0), version=1),
    open_row("04795", ("processing", NOW - 2 * HOUR, 7, 0), version=1),
    open_row("148", ("processing", NOW - HOUR, 3, 0), version=1),
    open_row("148", version=2),
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


def _field_row(row: Mapping[str, Any], channel: int = 0) -> dict[str, Any]:
    """A row of `field_days` that stands for all fields."""
    kept = {name: row[name] for name in ("day", "version", *MEASURES) if name in row}
    return {"field": "*", "channel": channel, "unit": row.get("unit", "04792"), **kept}


FIELD_DAYS = tuple(_field_row(row) for row in UNIT_DAYS if row["role"] == "authority")
PROVINCE_FIELD_DAYS = tuple(
    {name: value for name, value in _field_row(row, row["channel"]).items() if name != "unit"}
    for row in DOSSIER_DAYS
)

NEVER = dt.date(2149, 6, 6)
NATIONAL_UNIT_DAYS = tuple(
    {"received_day": day, "unit": unit, "late_from": late_from, "version": version, "n": n}
    for day, unit, late_from, version, n in (
        (dt.date(2024, 9, 3), "04792", NEVER, 2, 88_000),
        (dt.date(2024, 9, 3), "04792", NEVER, 1, 7),
        (dt.date(2024, 9, 3), "04795", dt.date(2024, 9, 30), 2, 500),
        (dt.date(2024, 9, 3), "04795", dt.date(2024, 10, 1), 2, 146),  # late after the period
        (dt.date(2024, 8, 30), "04795", dt.date(2024, 9, 2), 2, 90),
    )
)

ALERTS = tuple(
    {"alert_id": name, "rule": rule, "dossier_id": name, "shard": 1, "about_at": at,
     "crossed_at": at, "authority": unit, "handler": unit, "digest": digest}
    for name, rule, at, unit, digest in (
        ("a1", "overdue", NOW - 90, "04792", 0),
        ("a2", "overdue", NOW - 80, "04792", 0),
        ("a3", "due_soon", NOW - 80, "04792", 0),
        ("a4", "overdue", NOW - 9 * HOUR, "04795", 0),
        ("a5", "overdue", NOW - 10 * HOUR, "04795", 1),  # long known: not told one by one
        ("a6", "overdue", NOW + 60, "04795", 0),
    )
)  # fmt: skip


def _case(name: str, rule: str, at: int, unit: str, state: str, **more: Any) -> dict[str, Any]:
    dossier = "" if rule == "unit_share" else name
    return {"alert_id": name, "rule": rule, "dossier_id": dossier, "shard": 1, "about_at": at,
            "crossed_at": at, "unit": unit, "state": state, "version": 2, **more}  # fmt: skip


#: What came of them, and an alert about a unit, which no worker raises.
ALERT_CASES = (
    _case("a1", "overdue", NOW - 90, "04792", "open", version=1),
    _case("a1", "overdue", NOW - 90, "04792", "explained"),
    _case("a2", "overdue", NOW - 80, "04792", "explained"),
    _case("a4", "overdue", NOW - 9 * HOUR, "04795", "open", level=1),
    _case("u1", "unit_share", NOW - 11 * HOUR, "04795", "withdrawn"),
)
ANSWERS = tuple(
    {"alert_id": name, "answer_id": answer, "person": "p1", "role": "authority_head",
     "kind": kind, "cause": cause, "expected_on": day, "via": "wall",
     "made_at": dt.datetime.fromtimestamp(NOW - ago, dt.UTC), "version": 1}
    for name, answer, kind, cause, day, ago in (
        ("a1", "1", "acknowledged", "", dt.date(1970, 1, 1), 70),
        ("a1", "2", "explained", "complex", dt.date(2024, 10, 2), 60),
        ("a1", "3", "explained", "staff", dt.date(2024, 10, 4), 50),
        ("a2", "4", "explained", "staff", dt.date(2024, 10, 4), 40),
    )
)  # fmt: skip


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
    insert(client, "field_days", FIELD_DAYS)
    insert(client, "province_field_days", PROVINCE_FIELD_DAYS)
    insert(client, "national_unit_days", NATIONAL_UNIT_DAYS)


#: The dossier whose story is seeded.
STORY = "000.00.1.H28-240901-0001"
_T0 = int(dt.datetime(2024, 9, 2, 1, 0, tzinfo=dt.UTC).timestamp())  # 08:00 in Vietnam


def _live(number: int, alarm: int, **more: Any) -> dict[str, Any]:
    name = f"000.00.1.H28-240901-{number:04d}"
    return {
        "shard": shard_of(name), "dossier_id": name, "version": 5, "phase": "processing",
        "status": 4, "live": 1, "received": 1, "receiver": "04792", "authority": "04792",
        "handler": "04792", "procedure": "1.900002", "field": "dat-dai", "channel": 2,
        "registered_at": _T0, "received_at": _T0 + HOUR, "first_due_at": alarm, "due_at": alarm,
        "alarm_at": alarm, "last_event_at": _T0 + HOUR, "source": "mot-cua", **more,
    }  # fmt: skip


DOSSIERS = (
    _live(1, NOW - 24 * HOUR, apologised=1, handler="17-STNMT",
          legs=[(1, "04792", _T0, 0, _T0 + HOUR, 0),
                (2, "17-STNMT", _T0 + HOUR, NOW - 24 * HOUR, 0, NOW - 24 * HOUR)]),
    _live(2, NOW - 60, authority="04795", receiver="04795"),
    _live(3, NOW + 2 * HOUR),
    _live(4, 0, phase="supplement", status=5),
    _live(5, 0, phase="resolved", status=9, live=0, receiver="04795", last_event_at=NOW - 600),
)  # fmt: skip


def _event(number: int, status: int, hours: int, **more: Any) -> dict[str, Any]:
    at = dt.datetime.fromtimestamp(_T0 + hours * HOUR, dt.UTC)
    return {
        "shard": shard_of(STORY), "dossier_id": STORY, "source": "mot-cua",
        "event_id": str(number), "content_hash": number, "position": number, "log_at": at,
        "status": status, "occurred_at": at, "handler": "04792", **more,
    }  # fmt: skip


EVENTS = (
    _event(1, 1, 0),
    _event(2, 2, 1),
    _event(3, 5, 30),
    _event(4, 4, 54, handler="17-STNMT", apology_at=_T0 + 60 * HOUR,
           explicit_due_at=NOW - 24 * HOUR),
)  # fmt: skip


def seed_lists(client: Client) -> None:
    """Single dossiers, alerts, sources and unreadable records; figures of their own."""
    insert(client, "dossiers", DOSSIERS)
    insert(client, "dossier_events", EVENTS)
    insert(client, "alerts", ALERTS)
    insert(client, "alert_cases", ALERT_CASES)
    insert(client, "alert_answers", ANSWERS)
    for unit, day, received in (("04792", 25, 40), ("04792", 26, 40), ("04795", 26, 30)):
        day_row = _unit(unit, dt.date(2024, 9, day), received=received)
        insert(client, "unit_days", [{**day_row, "role": "receiver"}])
    heard = dt.datetime.fromtimestamp(NOW - 120, dt.UTC)
    insert(
        client,
        "marks",
        [
            {
                "mark_id": "m1",
                "kind": "unit",
                "subject": "04792",
                "version": 1,
                "note": "đã gọi, chờ sửa mạng",
                "author": "truc-ca",
                "made_at": heard,
                "expires_at": NOW + HOUR,
            }
        ],
    )
    insert(
        client,
        "sources",
        [
            {
                "source": "mot-cua",
                "shard": 0,
                "last_log_at": heard,
                "last_occurred_at": heard - dt.timedelta(seconds=30),
            }
        ],
    )
    insert(client, "dead_letters", [
        {"letter_id": "t/0/1", "log_at": heard, "source": "mot-cua", "code": "bad_time",
         "state": "open", "version": 1},
        {"letter_id": "t/0/2", "log_at": heard - dt.timedelta(days=3), "source": "mot-cua",
         "code": "bad_time", "state": "open", "version": 1},
    ])  # fmt: skip


def tell_reconciliation(client: Client, source: str, at: int, missing: int) -> None:
    """What a desk's comparison came to, at an epoch second."""
    row = {
        "source": source,
        "at": dt.datetime.fromtimestamp(at, dt.UTC),
        "from_day": FROM_DAY,
        "to_day": TO_DAY,
        "desk": 9,
        "missing": missing,
        "excess": 1,
    }
    insert(client, "reconciliations", [row])


def tell_skew(client: Client, skews: Mapping[tuple[str, str], int], at: int) -> None:
    """How far the clocks of keys are ahead, by source and key, milliseconds."""
    insert(client, "gateway_skew", [
        {"source": source, "key_id": key, "at": dt.datetime.fromtimestamp(at, dt.UTC),
         "skew_ms": skew_ms, "method": "date"}
        for (source, key), skew_ms in skews.items()
    ])  # fmt: skip


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
