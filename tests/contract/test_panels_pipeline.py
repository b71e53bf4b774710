"""The pipeline board's SQL on the real engine: how far, how late, what was refused."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import wall_seed
from panels_kit import PARAMETERS, Ask, Row, asking, migrated
from wall_seed import NOW

from ioc.embedded.clickhouse import EmbeddedClickHouse


@pytest.fixture
def warehouse(clickhouse: EmbeddedClickHouse) -> Iterator[Any]:
    with migrated(clickhouse, f"panels_{uuid.uuid4().hex}") as client:
        yield client


@pytest.fixture
def ask(clickhouse: EmbeddedClickHouse, warehouse) -> Iterator[Ask]:
    with asking(clickhouse, warehouse.database) as run:
        yield run


def _ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)


T0 = dt.datetime(2024, 9, 30, 9, 0, tzinfo=dt.UTC)


def _checkpoint(shard: int, epoch: int, offset: int, log_at: dt.datetime) -> Row:
    return {"shard": shard, "position": (epoch << 40) | (offset + 1), "epoch": epoch,
            "partition_offset": offset, "log_at": log_at}  # fmt: skip


def test_quiet_partitions_are_complete_up_to_the_workers_word(ask: Ask, warehouse):
    """The newest record of a quiet partition may be hours old; nothing newer was missed."""
    wall_seed.tell_epoch(warehouse)
    wall_seed.insert(
        warehouse, "checkpoints", [_checkpoint(s, 1, 9, T0 - dt.timedelta(hours=9)) for s in (0, 5)]
    )
    wall_seed.tell_status(warehouse, T0)
    (row,) = ask("pipeline")
    assert row["complete_up_to"] == row["reported_at"] == _ms(T0)
    assert (row["partitions"], row["reporting"], row["lag"], row["stalled"]) == (4, 4, 0, 0)
    assert row["events_per_second"] == 10.0


def test_a_partition_that_lags_is_complete_up_to_its_newest_stored_record(ask: Ask, warehouse):
    wall_seed.tell_epoch(warehouse)
    late = T0 - dt.timedelta(minutes=20)
    wall_seed.insert(
        warehouse,
        "checkpoints",
        [
            _checkpoint(1, 1, 100, late - dt.timedelta(minutes=5)),  # both of partition 1
            _checkpoint(5, 1, 120, late),
            _checkpoint(2, 1, 3, late - dt.timedelta(hours=5)),  # partition 2 waits for nothing
        ],
    )
    wall_seed.tell_status(warehouse, T0)
    seconds_later = T0 + dt.timedelta(seconds=1)
    wall_seed.insert(
        warehouse,
        "pipeline",
        [{"partition": 1, "worker": "w", "at": seconds_later, "highwater": 200, "lag": 79}],
    )
    (row,) = ask("pipeline")
    assert row["complete_up_to"] == _ms(late)
    assert row["reported_at"] == _ms(T0)
    assert row["lag"] == 79


def test_the_newest_row_of_a_shard_counts_not_the_largest_time(ask: Ask, warehouse):
    """A topic made anew begins with offset 0 again, and its clock may have been put right."""
    wall_seed.tell_epoch(warehouse, epoch=1)
    wall_seed.tell_epoch(warehouse, epoch=2, partitions=2)
    wall_seed.insert(
        warehouse,
        "checkpoints",
        [
            _checkpoint(0, 1, 900_000, T0 + dt.timedelta(days=3)),
            _checkpoint(0, 2, 4, T0 - dt.timedelta(minutes=1)),
        ],
    )
    wall_seed.tell_status(warehouse, T0 - dt.timedelta(days=9), partitions=4, lag=5)
    wall_seed.tell_status(warehouse, T0, partitions=2, lag=5, highwater=15)
    wall_seed.insert(warehouse, "checkpoints", [_checkpoint(1, 2, 4, T0)])
    (row,) = ask("pipeline")
    assert row["partitions"] == row["reporting"] == 2
    assert row["complete_up_to"] == _ms(T0 - dt.timedelta(minutes=1))
    assert row["lag"] == 10


def test_a_partition_nobody_reports_makes_the_report_old(ask: Ask, warehouse):
    wall_seed.tell_epoch(warehouse, partitions=8)
    wall_seed.tell_status(warehouse, T0, partitions=7)
    (row,) = ask("pipeline")
    assert (row["partitions"], row["reporting"], row["reported_at"]) == (8, 7, 0)
    assert row["complete_up_to"] == 0


def test_a_stalled_partition_is_counted(ask: Ask, warehouse):
    wall_seed.tell_epoch(warehouse)
    wall_seed.tell_status(warehouse, T0, stalled=1)
    assert ask("pipeline")[0]["stalled"] == 4


def test_alerts_since_the_shift_began_and_open_letters(ask: Ask, warehouse):
    def alert(name: str, rule: str, at: int) -> Row:
        return {"alert_id": name, "rule": rule, "dossier_id": "d", "shard": 1, "crossed_at": at}

    wall_seed.insert(
        warehouse,
        "alerts",
        [
            alert("a", "overdue", NOW),
            alert("a", "overdue", NOW),  # raised again after a crash
            alert("b", "receipt_overdue", PARAMETERS["shift_at"]),
            alert("e", "receipt_overdue", PARAMETERS["shift_at"] + 1),
            alert("c", "due_soon", NOW),
            alert("d", "overdue", NOW + 1),
        ],
    )
    letters = [("x", "open", 1), ("y", "open", 1), ("y", "redriven", 2), ("z", "dropped", 1)]
    wall_seed.insert(
        warehouse,
        "dead_letters",
        [{"letter_id": i, "state": state, "version": v} for i, state, v in letters],
    )
    (row,) = ask("attention")
    assert (row["alerts_late"], row["alerts_soon"], row["dead_letters"]) == (2, 1, 1)
    assert row["dead_letters_new"] == 0  # received long before the shift


def test_partitions_and_sources(ask: Ask, warehouse):
    wall_seed.seed_lists(warehouse)
    wall_seed.tell_epoch(warehouse)
    wall_seed.tell_status(warehouse, T0, partitions=3, lag=7)
    rows = ask("partitions")
    assert [(each["partition"], each["lag"]) for each in rows] == [
        ("0", 7), ("1", 7), ("2", 7), ("3", 0),
    ]  # fmt: skip
    assert rows[3]["reported_at"] is None
    (source,) = ask("sources")
    assert (source["source"], source["silent_seconds"], source["delay_seconds"]) == (
        "mot-cua", 120, 30,
    )  # fmt: skip
    assert (source["rejected"], source["open_letters"]) == (2, 2)
    assert source["clock_ahead_seconds"] is None  # nobody has measured it
    clocks = {("mot-cua", "a"): 1_500, ("mot-cua", "b"): -90_000, ("other", "c"): 600_000}
    wall_seed.tell_skew(warehouse, clocks, NOW - 60)
    wall_seed.tell_skew(warehouse, {("mot-cua", "old"): 3_600_000}, NOW - 8 * 86_400)
    (source,) = ask("sources")
    assert source["clock_ahead_seconds"] == -90
    (reject,) = ask("rejects")
    assert (reject["code"], reject["rejected"], reject["open_letters"]) == ("bad_time", 2, 2)
    (row,) = ask("attention")
    assert (row["dead_letters"], row["dead_letters_new"]) == (2, 1)
    (latency,) = ask("latency")
    assert latency["events"] == len(wall_seed.EVENTS)
    assert latency["p50_seconds"] > 86_400  # Kafka had them long ago


def test_reconciliations_show_the_newest_of_each_source(warehouse, ask):
    assert ask("reconciliations") == []
    for source, at, missing in (("b", 1, 5), ("b", 2, 3), ("a", 1, 4)):
        wall_seed.tell_reconciliation(warehouse, source, NOW + at, missing)
    rows = ask("reconciliations")
    assert [(row["source"], row["lacking"], row["in_excess"]) for row in rows] == [
        ("a", 4, 1), ("b", 3, 1),
    ]  # fmt: skip
    assert rows[1]["compared_at"] == (NOW + 2) * 1000
