"""`ioc verify` against stored rows: right ones pass, planted ones are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from verify_kit import AuditLog, at, warehouse
from verify_stored import (
    AWAITING,
    DOSSIERS,
    NEVER,
    OPEN,
    OPEN_CELL,
    PARTIES,
    RESOLVED,
    dossier_row,
    insert,
    open_row,
    store_everything,
)

from ioc.verify import Difference, VerifyReport, verify
from schemas.events.shard import shard_of

MARCH_5 = dt.date(2024, 3, 5)
SHARD = shard_of(OPEN)


@pytest.fixture(scope="module")
def migrated(clickhouse: Any) -> Iterator[Any]:
    with warehouse(clickhouse) as client:
        yield client


@pytest.fixture
def stored(migrated: Any) -> tuple[Any, AuditLog]:
    """A client whose tables hold right rows only, whatever the test before it did."""
    return migrated, store_everything(migrated)


def check(client: Any, **options: Any) -> VerifyReport:
    return verify(client, database=client.database, settle_seconds=0.01, derived_looks=2, **options)


def test_right_rows_pass(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    progress: list[tuple[int, int]] = []
    report = check(client, on_progress=lambda done, total: progress.append((done, total)))
    assert report.differences == ()
    assert report.ok
    assert report.notes == ()
    assert report.checked == {
        "dossiers": 5,
        "dossier_days": 11,
        "province_days": 11,
        "open_dossiers": 2,
        "national_days": 3,
        "leg_days": 3,
        "open_legs": 1,
        "unit_days": 24,
        "field_days": 32,  # eight days of an authority, each for one or all fields and channels
        "province_field_days": 32,  # no two authorities have the same day
        "national_unit_days": 3,
    }
    assert report.positions == log.newest
    assert progress == [(5, 5)]


def test_rows_of_zeros_equal_no_rows(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    at_shard = {"shard": SHARD, "version": log.newest[SHARD]}
    day = {**at_shard, "day": dt.date(2020, 1, 1)}
    insert(client, "dossier_days", {**day, **PARTIES, "channel": 3})
    insert(client, "province_days", day)
    insert(client, "open_dossiers", {**at_shard, "authority": "zero"})
    insert(client, "national_days", {**at_shard, "received_day": MARCH_5, "late_from": NEVER})
    insert(client, "leg_days", {**day, "unit": "u"})
    insert(client, "open_legs", {**at_shard, "unit": "u"})
    insert(client, "unit_days", {"day": MARCH_5, "role": "handler", "unit": "zero", "version": 1})
    insert(client, "field_days", {"day": MARCH_5, "unit": "zero", "version": 1})
    insert(client, "province_field_days", {"day": MARCH_5, "field": "zero", "version": 1})
    insert(client, "national_unit_days", {"received_day": MARCH_5, "unit": "zero", "version": 1})
    assert check(client).differences == ()


CELL_KEY = "receiver=r authority=r handler=r"
PLANTED: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    # table, row, key of the difference, column, stored, recomputed
    (
        "dossier_days",
        {"day": MARCH_5, **PARTIES, "channel": 1, "received": 2},
        f"day=2024-03-05 {CELL_KEY} field=f channel=1",
        "received",
        "2",
        "1",
    ),
    (
        "province_days",
        {"day": MARCH_5, "received": 1, "late": 1},
        "day=2024-03-05",
        "late",
        "1",
        "0",
    ),
    (
        "open_dossiers",
        open_row(0, 0, OPEN_CELL, {"phase": "supplement", "alarm_minute": 60}),
        f"phase=supplement apologised=0 alarm_minute=60 {CELL_KEY} field=f channel=1",
        "n",
        "1",
        "0",
    ),
    (
        "national_days",
        {
            **dict.fromkeys(("receiver", "authority", "handler"), "r"),
            "received_day": MARCH_5,
            "late_from": dt.date(2024, 3, 21),
            "n": 3,
        },
        f"received_day=2024-03-05 late_from=2024-03-21 {CELL_KEY}",
        "n",
        "3",
        "1",
    ),
    (
        "leg_days",
        {"day": MARCH_5, "unit": "u", "field": "f", "started": 1, "no_due": 1},
        "day=2024-03-05 unit=u field=f",
        "no_due",
        "1",
        "0",
    ),
    (
        "open_legs",
        {"unit": "u", "field": "f", "alarm_minute": at("2024-03-09 00:00"), "n": 2},
        f"alarm_minute={at('2024-03-09 00:00')} unit=u field=f",
        "n",
        "2",
        "1",
    ),
]


@pytest.mark.parametrize(
    ("table", "row", "key", "column", "wrong", "right"), PLANTED, ids=[p[0] for p in PLANTED]
)
def test_a_wrong_cell_is_found(
    stored: tuple[Any, AuditLog],
    table: str,
    row: dict[str, Any],
    key: str,
    column: str,
    wrong: str,
    right: str,
) -> None:
    client, log = stored
    insert(client, table, {**row, "shard": SHARD, "version": log.newest[SHARD]})
    report = check(client)
    assert Difference(table, SHARD, key, column, wrong, right) in report.differences
    assert [d for d in report.differences if d.table == table and d.key != key] == []
    # What is derived from the cell, or has to balance with it, differs too; nothing else does.
    consequences = {
        "dossier_days": {"unit_days", "field_days", "province_field_days"},
        "national_days": {"national_unit_days"},
        "province_days": {"balance"},
    }
    allowed = {table, *consequences.get(table, {"balance"} if table == "open_dossiers" else ())}
    assert {d.table for d in report.differences} == allowed


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("dossier_days", "received", "1"),
        ("province_days", "received", "1"),
        ("open_dossiers", "n", "1"),
        ("national_days", "n", "1"),
        ("leg_days", "started", "1"),
        ("open_legs", "n", "1"),
        ("dossiers", "row", "processing"),
    ],
)
def test_a_missing_row_is_found(
    stored: tuple[Any, AuditLog], table: str, column: str, value: str
) -> None:
    client, _ = stored
    client.command(
        f"ALTER TABLE {table} DELETE WHERE shard = {{shard:UInt8}} SETTINGS mutations_sync = 2",
        parameters={"shard": SHARD},
    )
    differences = [d for d in check(client).differences if d.table == table and d.column == column]
    missing = "absent" if table == "dossiers" else "0"
    assert [(d.shard, d.stored, d.recomputed) for d in differences] == [(SHARD, missing, value)]


def test_every_column_of_a_dossier_is_compared(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    changes = {
        "phase": "payment",
        "status": 6,
        "live": 0,
        "received": 0,
        "receiver": "x",
        "authority": "x",
        "handler": "x",
        "procedure": "x",
        "field": "x",
        "channel": 3,
        "registered_at": 1,
        "received_at": 2,
        "first_due_at": 3,
        "due_at": 4,
        "limit_unit": 0,
        "explicit": 1,
        "apologised": 1,
        "result_at": 5,
        "returned_at": 6,
        "finished_at": 7,
        "verdict": "late",
        "receipt_due_at": 8,
        "receipt_late": 1,
        "supplement_seconds": 9,
        "payment_seconds": 10,
        "supplements": 1,
        "paused_since": 11,
        "alarm_at": 12,
        "national_late_from": NEVER,
        "legs": [],
        "last_event_at": 13,
        "source": "x",
    }
    insert(client, "dossiers", dossier_row(OPEN, SHARD, log.newest[SHARD], **changes))
    found = [d for d in check(client).differences if d.table == "dossiers"]
    assert {(d.shard, d.key) for d in found} == {(SHARD, OPEN)}
    assert {d.column for d in found} == set(changes)
    by_column = {d.column: (d.stored, d.recomputed) for d in found}
    assert by_column["phase"] == ("payment", "processing")
    assert by_column["due_at"] == ("4", str(DOSSIERS[OPEN]["due_at"]))
    assert by_column["national_late_from"] == ("2149-06-06", "2024-03-21")


def test_a_lost_payload_is_found(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    row = dossier_row(OPEN, SHARD, log.newest[SHARD], version=(2 << 32) + 7)
    insert(client, "dossiers", row)
    assert check(client).differences == (
        Difference("dossiers", SHARD, OPEN, "payload_count", "7", "1"),
    )


def test_a_dossier_without_events_is_found(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    row = dossier_row(AWAITING, SHARD, log.newest[SHARD]) | {"dossier_id": "invented"}
    insert(client, "dossiers", row)
    assert check(client).differences == (
        Difference("dossiers", SHARD, "invented", "row", "awaiting", "absent"),
    )


def test_a_shard_without_its_home_is_found(stored: tuple[Any, AuditLog]) -> None:
    client, _ = stored
    other = (SHARD + 1) % 48
    client.command(
        "INSERT INTO dossier_events SELECT * REPLACE ({other:UInt8} AS shard, 2 AS position)"
        " FROM dossier_events WHERE dossier_id = {id:String}",
        parameters={"other": other, "id": OPEN},
    )
    differences = check(client).differences
    assert Difference("dossier_events", other, OPEN, "shard", str(other), str(SHARD)) in differences


def test_only_the_named_shards(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    row = {"unit": "u", "field": "f", "alarm_minute": 60, "n": 2}
    insert(client, "open_legs", {**row, "shard": SHARD, "version": log.newest[SHARD]})
    assert check(client, shards=[shard_of(RESOLVED)]).ok
    report = check(client, shards=[SHARD])
    assert [d.table for d in report.differences] == ["open_legs"]
    assert report.checked["dossiers"] == 1


def test_many_differences_are_cut_and_counted(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    client.command(
        "INSERT INTO open_legs SELECT {shard:UInt8}, 'u', 'f', number * 60, {version:UInt64}, 1"
        " FROM numbers(1500)",
        parameters={"shard": SHARD, "version": log.newest[SHARD]},
    )
    report = check(client)
    assert len(report.differences) == 1000
    assert report.difference_count == 1500


def test_leaves_nothing_behind(stored: tuple[Any, AuditLog]) -> None:
    client, _ = stored
    left = "SELECT count() FROM system.databases WHERE startsWith(name, 'ioc_verify_')"
    client.command("CREATE DATABASE ioc_verify_1600000000_0123456789ab")
    check(client)
    assert client.query(left).result_rows == [(0,)], "also what a killed one left"
    client.command("RENAME TABLE procedures TO hidden")
    try:
        with pytest.raises(DatabaseError):
            check(client)
    finally:
        client.command("RENAME TABLE hidden TO procedures")
    assert client.query(left).result_rows == [(0,)]
