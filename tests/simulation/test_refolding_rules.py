"""Shards that other rules folded: all of it is folded anew, or nothing is shown."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sim_histories import START
from sim_kafka import SimRecord
from sim_schedule import RULES
from sim_warehouse import SimStore
from test_handover_rules import Script

from schemas.calendar.local_time import local_day
from schemas.errors import ZombieError
from schemas.events.shard import shard_of
from streams.cells import CELL_TABLES
from streams.fold import FoldRules
from streams.pipeline import Pipeline, refolding
from streams.pipeline.failpoints import REFOLD_POINTS
from streams.ports import Columns

#: From the day of the events on another unit stands for the first one.
OTHERS = dataclasses.replace(RULES, successors={"xa-1": (local_day(START) - 30, "xa-2")})
IDS = [f"000.00.01.H28-261104-{number:04d}" for number in range(12)]
FINISHED = set(IDS[::3])
SHARDS = {shard_of(one) for one in IDS}


class Died(Exception):
    """The worker was killed at a fail-point."""


def die_at(point: str, times: int) -> Callable[[str], None]:
    left = times

    def fail(name: str) -> None:
        nonlocal left
        if name == point:
            left -= 1
            if not left:
                raise Died(name)

    return fail


class Counting(SimStore):
    """Notes the dossiers that it was given."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.given: list[str] = []

    async def insert(self, table: str, columns: Columns) -> None:
        if table == "dossiers":
            self.given += columns["dossier_id"]
        await super().insert(table, columns)


@pytest.fixture
def script() -> Script:
    return Script()


def records(script: Script) -> list[SimRecord]:
    return [
        script.record(
            number, 9 if one in FINISHED else 2, dossier_id=one, receiver="xa-1", field="dat-dai"
        )
        for number, one in enumerate(IDS)
    ]


async def stored(script: Script) -> None:
    worker = script.worker()
    await worker.assign([0])
    await script.store(worker, records(script))


def successor(script: Script, rules: FoldRules = OTHERS, epoch: int = 0, **more: Any) -> Pipeline:
    """A worker that starts with other rules; its heart beats."""
    if not epoch:
        script.warehouse.register_epoch(f"other-rules-{len(script.warehouse.epochs)}", 1)
    epoch = epoch or len(script.warehouse.epochs)
    worker = script.worker(rules=rules, epoch=epoch, same_since=1, **more)

    async def beat() -> None:
        while True:
            worker._guard.beat()
            await asyncio.sleep(0.5)

    script.loop.spawn(None, beat())
    return worker


def assert_all_anew(script: Script, worker: Pipeline, rules: FoldRules = OTHERS) -> None:
    script.assert_cells_fit(rules)
    tables = script.warehouse.tables
    for row in tables["dossiers"].rows.values():
        assert row["receiver"] == ("xa-2" if rules is OTHERS else "xa-1")
        assert row["version"] >> 32 == worker.epoch
    for name in (table.name for table in CELL_TABLES):
        rows = tables[name].rows.values()
        # Also of cells that are empty now: the walls see by the version that they moved.
        assert all(row["version"] >> 40 == worker.epoch for row in rows), name
    for shard in SHARDS:
        row = tables["checkpoints"].rows[(shard,)]
        assert row["rules"] == rules.fingerprint
        assert (row["epoch"], row["partition_offset"]) == (worker.epoch, len(IDS) - 1)
    assert worker.states[0].read_offset == len(IDS) - 1
    assert set(worker.states[0].dossiers) == set(IDS) - FINISHED


def test_the_fingerprint_knows_every_part() -> None:
    """What it does not know would spoil cells without a word."""
    calendar = RULES.calendar
    others = [
        OTHERS,
        dataclasses.replace(RULES, receipt_limit_seconds=RULES.receipt_limit_seconds + 1),
        dataclasses.replace(RULES, statutory={}),
        *(
            dataclasses.replace(
                RULES, calendar=type(calendar)(calendar.settings.model_copy(update=changed))
            )
            for changed in (
                {"working_weekdays": (1, 2, 3, 4, 5, 6)},
                {"same_day_cutoff": calendar.settings.same_day_cutoff.replace(minute=1)},
            )
        ),
    ]
    fingerprints = {rules.fingerprint for rules in (RULES, *others)}
    assert len(fingerprints) == 1 + len(others)
    assert dataclasses.replace(RULES).fingerprint == RULES.fingerprint
    assert all(0 < number < 1 << 64 for number in fingerprints)


def test_everything_is_folded_anew_before_a_record_is_read(script: Script) -> None:
    async def history() -> None:
        await stored(script)
        worker = successor(script)
        await worker.assign([0])
        assert_all_anew(script, worker)
        # And the next event of each moves right ones.
        more = [script.record(len(IDS) + n, 4, dossier_id=one) for n, one in enumerate(IDS)]
        await script.store(worker, more)
        script.assert_cells_fit(OTHERS)
        # Whoever comes next has nothing to do.
        store = Counting(script.warehouse)
        await successor(script, epoch=worker.epoch, store=store).assign([0])
        assert store.given == []

    script.run(history)


def test_and_back(script: Script) -> None:
    async def history() -> None:
        await stored(script)
        await successor(script).assign([0])
        worker = successor(script, RULES)
        await worker.assign([0])
        assert_all_anew(script, worker, RULES)

    script.run(history)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("point", REFOLD_POINTS)
def test_a_crash_half_way_is_made_good(
    script: Script, monkeypatch: pytest.MonkeyPatch, point: str, times: int
) -> None:
    monkeypatch.setattr(refolding, "DOSSIERS_AT_ONCE", 2)
    monkeypatch.setattr(refolding, "CELLS_AT_ONCE", 3)

    async def history() -> None:
        await stored(script)
        doomed = successor(script, fail_point=die_at(point, times))
        with pytest.raises(Died):
            await doomed.assign([0])
        assert doomed.states == {}
        done = {
            shard
            for (shard,), row in script.warehouse.tables["checkpoints"].rows.items()
            if row["rules"] == OTHERS.fingerprint and shard in SHARDS
        }
        if "checkpoint" in point:
            assert times <= len(done) < len(SHARDS)
        store = Counting(script.warehouse)
        worker = successor(script, epoch=doomed.epoch, store=store)
        await worker.assign([0])
        assert_all_anew(script, worker)
        assert sorted(store.given) == [one for one in IDS if shard_of(one) not in done]

    script.run(history)


def test_a_late_row_of_the_old_rules_loses(script: Script) -> None:
    """It holds one event more, which its sender can no longer acknowledge."""
    one_more = [*records(script), script.record(len(IDS), 9, dossier_id=IDS[1])]
    late = [row for row in script.dossier_rows(one_more, epoch=1) if row["dossier_id"] == IDS[1]]

    async def history() -> None:
        await stored(script)
        worker = successor(script)
        await worker.assign([0])
        script.warehouse.land("dossiers", late)
        assert_all_anew(script, worker)
        await script.store(worker, one_more[-1:])
        script.assert_cells_fit(OTHERS)

    script.run(history)


def test_a_partition_that_goes_meanwhile_is_left_alone(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refolding, "DOSSIERS_AT_ONCE", 2)

    async def history() -> None:
        await stored(script)
        store = Counting(script.warehouse)
        worker = successor(
            script,
            store=store,
            fail_point=lambda name: worker.revoke([0]) if name == REFOLD_POINTS[0] else None,
        )
        await worker.assign([0])
        assert worker.states == {}
        assert 0 < len(store.given) < len(IDS), "it went on for the next owner"

    script.run(history)


def test_a_worker_of_the_old_rules_takes_nothing_over(script: Script) -> None:
    async def history() -> None:
        await stored(script)
        old = script.worker()
        await successor(script).assign([0])
        with pytest.raises(ZombieError, match="another life"):
            await old.assign([0])
        assert old.states == {}

    script.run(history)
