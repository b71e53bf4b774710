"""`ioc verify` while rows are being written: what is under way is no difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import PARAMETERS, AuditLog, at, event, warehouse
from verify_stored import NEVER, OPEN, dossier_row, insert, open_row, store_everything

from ioc.verify import Difference, VerifyReport, verify
from ioc.verify.derived import DerivedResult, verify_derived
from ioc.verify.scratch import scratch_database
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


def finish_open_dossier(client: Any, log: AuditLog) -> dict[str, Any]:
    """Store the audit row of a result, without its checkpoint; returns the dossier's new row."""
    before = dict(log.newest)
    log.add(OPEN, event(9, "2024-03-07 08:00", event_id="e9"))
    after = dict(log.newest)
    log.newest = before
    log.store(client)
    log.newest = after
    started, due, ended = (at(f"2024-03-0{t}") for t in ("5 08:00", "8 17:00", "7 08:00"))
    return dossier_row(
        OPEN,
        SHARD,
        after[SHARD],
        version=(1 << 32) + 2,
        phase="resolved",
        status=9,
        live=0,
        result_at=ended,
        finished_at=ended,
        verdict="early",
        alarm_at=0,
        national_late_from=NEVER,
        legs=[(1, "u", started, due, ended, at("2024-03-09 00:00"))],
        last_event_at=ended,
    )


def test_each_table_is_checked_at_its_own_position(stored: tuple[Any, AuditLog]) -> None:
    """Audit rows and dossiers are stored, the cells not yet."""
    client, log = stored
    insert(client, "dossiers", finish_open_dossier(client, log))
    report = check(client)
    assert report.differences == ()
    assert report.positions == log.newest
    assert [f"in 1 shards: {SHARD} " in note for note in report.notes] == [True]

    # Once the checkpoint claims them, the cells have to be there.
    log.store_checkpoints(client)
    assert {d.table for d in check(client).differences} == {
        *("dossier_days", "province_days", "open_dossiers", "national_days"),
        *("leg_days", "open_legs", "balance"),
    }


def test_a_row_without_open_dossiers_says_how_far_its_table_is(
    stored: tuple[Any, AuditLog],
) -> None:
    """The last open dossier is gone; dropped with its cells, the row would leave them missing."""
    client, log = stored
    insert(client, "dossiers", finish_open_dossier(client, log))
    insert(client, "open_dossiers", open_row(SHARD, log.newest[SHARD]))
    assert check(client).differences == ()


def test_audit_rows_ahead_of_everything_change_nothing(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    finish_open_dossier(client, log)
    report = check(client)
    assert report.differences == ()
    assert report.notes == ()


def test_a_shard_under_way_is_looked_at_again(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    row = finish_open_dossier(client, log)
    insert(client, "dossiers", row | {"verdict": "late"})
    report = check(client, on_progress=lambda *_: insert(client, "dossiers", row))
    assert report.differences == ()
    assert report.looks == 2

    insert(client, "dossiers", row | {"verdict": "late"})
    report = check(client, looks=2)
    assert report.differences == (Difference("dossiers", SHARD, OPEN, "verdict", "late", "early"),)
    assert report.looks == 2


def test_a_difference_under_the_checkpoint_is_final(stored: tuple[Any, AuditLog]) -> None:
    client, log = stored
    insert(client, "dossiers", dossier_row(OPEN, SHARD, log.newest[SHARD], status=4))
    report = check(client)
    assert report.differences == (Difference("dossiers", SHARD, OPEN, "status", "4", "2"),)
    assert report.looks == 1


def test_a_shard_without_checkpoint_is_told(stored: tuple[Any, AuditLog]) -> None:
    client, _ = stored
    client.command("TRUNCATE TABLE checkpoints")
    report = check(client)
    assert report.differences == ()
    assert report.notes[-1] == "no checkpoint yet in 5 shards: 8, 11, 18, 23, 34"


def test_a_wrong_day_of_a_unit_is_found(stored: tuple[Any, AuditLog]) -> None:
    client, _ = stored
    row = {"day": MARCH_5, "role": "authority", "unit": "r", "version": 2}
    insert(client, "unit_days", {**row, "received": 1, "registered": 2})
    assert check(client).differences == (
        Difference(
            "unit_days", None, "day=2024-03-05 role=authority unit=r", "registered", "2", "1"
        ),
    )
    assert check(client, shards=range(48)).ok, "belongs to no shard"


class TestUnitDays:
    """`unit_days` is written after `dossier_days`: an older row waits for its turn."""

    WRONG = Difference(
        "unit_days", None, "day=2024-03-05 role=authority unit=r", "registered", "2", "1"
    )

    def plant(self, client: Any, version: int, registered: int) -> None:
        row = {"day": MARCH_5, "role": "authority", "unit": "r", "version": version}
        insert(client, "unit_days", {**row, "received": 1, "registered": registered})

    def look(self, client: Any, between: Any) -> DerivedResult:
        with scratch_database(client, client.database, PARAMETERS) as scratch:
            return verify_derived(scratch, "unit_days", looks=3, wait=between)

    def version_of_cells(self, client: Any) -> int:
        sum_of = "SELECT sum(toUInt128(version)) FROM dossier_days FINAL WHERE day = '2024-03-05'"
        return int(client.query(sum_of).result_rows[0][0])

    def test_a_row_of_its_cells_version_is_wrong_at_once(
        self, stored: tuple[Any, AuditLog]
    ) -> None:
        client, _ = stored
        self.plant(client, self.version_of_cells(client), 2)
        result = self.look(client, lambda: pytest.fail("nothing to wait for"))
        assert (result.findings.differences, result.changing) == ([self.WRONG], 0)

    def test_an_older_row_may_be_written_yet(self, stored: tuple[Any, AuditLog]) -> None:
        client, _ = stored
        self.plant(client, 2, 2)
        result = self.look(client, lambda: self.plant(client, self.version_of_cells(client), 1))
        assert (result.findings.count, result.changing) == (0, 0)

    def test_an_older_row_that_stays_is_wrong(self, stored: tuple[Any, AuditLog]) -> None:
        client, _ = stored
        self.plant(client, 2, 2)
        result = self.look(client, lambda: None)
        assert (result.findings.differences, result.changing) == ([self.WRONG], 0)
        assert result.checked == 24

    def test_a_row_that_keeps_changing_is_not_judged(self, stored: tuple[Any, AuditLog]) -> None:
        client, _ = stored
        self.plant(client, 2, 2)
        versions = iter(range(3, 100))
        result = self.look(client, lambda: self.plant(client, next(versions), 2))
        assert (result.findings.count, result.changing) == (0, 1)
