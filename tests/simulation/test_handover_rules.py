"""The rules of a handover, one by one: scripted, because by chance they matter once in a while.

Each test is a history that lost or doubled something before its rule was there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

import orjson
import pytest
from sim_histories import START, UNITS
from sim_kafka import SimRecord
from sim_loop import SimLoop
from sim_oracle import recount
from sim_schedule import RULES
from sim_warehouse import SimStore, SimWarehouse

from schemas.errors import ZombieError
from schemas.events.shard import shard_of
from streams.cells import contribute
from streams.fold import FoldRules
from streams.pipeline import Pipeline, PipelinePolicy
from streams.pipeline.folding import restore_dossier
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.loading import STRAGGLERS_SECONDS
from streams.ports import Columns, StoredDossier
from streams.state.partition import position_of

DOSSIER = "000.00.01.H28-261104-0001"
SHARD = shard_of(DOSSIER)


class Script:
    """One partition, a warehouse without faults, and workers that a test moves by hand."""

    def __init__(self) -> None:
        self.loop = SimLoop(Random(1), shuffle=False)
        self.warehouse = SimWarehouse(self.loop, Random(1))
        self.warehouse.register_epoch("topic-1", 1)

    def now_ms(self) -> int:
        return START * 1000 + int(self.loop.time() * 1000)

    def monotonic(self) -> float:
        return self.loop.time()

    def worker(self, store: SimStore | None = None, **more: Any) -> Pipeline:
        arguments: dict[str, Any] = {
            **{"partitions": 1, "epoch": 1, "rules": RULES},
            "outbox": None,  # mostly nothing is sent
            **more,
        }
        return Pipeline(
            topic="events",
            known_units=UNITS,
            store=store or SimStore(self.warehouse),
            clock=self,
            guard=ZombieGuard(self, 4.0),
            policy=PipelinePolicy(closed_kept=0, linger_seconds=0.01),
            **arguments,
        )

    def record(self, offset: int, status: int, **said: Any) -> SimRecord:
        event = {
            "event_id": f"e{offset}",
            "source": "mot-cua",
            "dossier_id": DOSSIER,
            "status": status,
            "occurred_at": f"2026-11-04T01:{offset:02d}:00Z",
            **said,
        }
        return SimRecord(offset, self.now_ms(), b"", orjson.dumps(event))

    async def store(self, worker: Pipeline, records: Sequence[SimRecord]) -> list[str]:
        """Let a worker fold and store records; the acknowledgements that it gave."""
        given: list[str] = []
        writer = self.loop.spawn(None, worker.writer.run())
        await worker.process(0, records, lambda: given.append("acknowledged"))
        await worker.writer.idle()
        writer.cancel()
        return given

    def run(self, history: Callable[[], Awaitable[None]]) -> None:
        try:
            self.loop.run_until_complete(self.loop.spawn(None, history()))
        finally:
            self.loop.end()

    def dossier_rows(self, records: Sequence[SimRecord], epoch: int) -> list[dict[str, Any]]:
        """The row that another worker would have stored after these records."""
        other = Script()
        worker = other.worker(epoch=epoch)
        while len(other.warehouse.epochs) < epoch:
            other.warehouse.register_epoch(f"topic-{len(other.warehouse.epochs) + 1}", 1)

        async def history() -> None:
            await worker.assign([0])
            await other.store(worker, records)

        other.run(history)
        return list(other.warehouse.tables["dossiers"].rows.values())

    def assert_cells_fit(self, rules: FoldRules = RULES) -> None:
        """The stored cells are a recount of the stored dossiers."""
        rows = self.warehouse.tables["dossiers"].rows.values()
        dossiers = [
            restore_dossier(StoredDossier(row["shard"], row["dossier_id"], row["history"]))
            for row in rows
        ]
        for table, cells in recount(contribute(one.refold(rules)) for one in dossiers).items():
            assert self.warehouse.cells(table) == cells, table


@pytest.fixture
def script() -> Script:
    return Script()


class SlowStore(SimStore):
    """An insert into one table takes a second; `during` is called in the middle."""

    def __init__(self, server: SimWarehouse, table: str, during: Callable[[], object]) -> None:
        super().__init__(server)
        self._table, self._during = table, during

    async def insert(self, table: str, columns: Columns) -> None:
        if table == self._table:
            await asyncio.sleep(0.5)
            self._during()
            await asyncio.sleep(0.5)
        await super().insert(table, columns)


def test_no_row_follows_for_a_partition_that_is_gone(script: Script) -> None:
    """The next owner has loaded by then: cells that it does not know of would stay for good."""
    store = SlowStore(script.warehouse, "dossiers", lambda: worker.revoke([0]))
    worker = script.worker(store)

    async def history() -> None:
        await worker.assign([0])
        assert await script.store(worker, [script.record(0, 2)]) == []

    script.run(history)
    filled = {name for name, table in script.warehouse.tables.items() if table.rows}
    assert filled == {"dossier_events", "dossiers"}


def test_rows_of_other_partitions_are_written_all_the_same(script: Script) -> None:
    """A group holds several partitions; one that goes takes only its own rows along."""
    store = SlowStore(script.warehouse, "dossiers", lambda: worker.revoke([SHARD % 2]))
    worker = script.worker(store, partitions=2)
    other = next(f"x{n}" for n in range(99) if shard_of(f"x{n}") % 2 != SHARD % 2)
    given: list[int] = []

    async def history() -> None:
        await worker.assign([0, 1])
        for dossier_id in (DOSSIER, other):
            home = shard_of(dossier_id) % 2
            record = script.record(0, 2, dossier_id=dossier_id)
            await worker.process(home, [record], lambda home=home: given.append(home))
        writer = script.loop.spawn(None, worker.writer.run())
        await worker.writer.idle()
        writer.cancel()

    script.run(history)
    assert given == [shard_of(other) % 2]
    cells = script.warehouse.tables["open_dossiers"].rows.values()
    assert [row["shard"] for row in cells] == [shard_of(other)]


def test_a_load_is_repeated_when_rows_land_in_between(script: Script) -> None:
    """They would be in the dossiers and not in the cells, and nobody would ever notice."""
    late = script.dossier_rows([script.record(0, 2), script.record(1, 9)], epoch=1)
    queries = 0

    class Store(SimStore):
        async def _ask(self, query: Callable[[], Any]) -> Any:
            nonlocal queries
            queries += 1
            if queries == 4:  # epoch, checkpoints, newest; dossiers come next
                script.warehouse.land("dossiers", late)
            return await super()._ask(query)

    worker = script.worker(Store(script.warehouse))

    async def history() -> None:
        await worker.assign([0])
        await script.store(worker, [script.record(0, 2), script.record(1, 9)])

    script.run(history)
    script.assert_cells_fit()


def test_a_late_row_of_another_worker_is_not_taken_for_known(script: Script) -> None:
    """The cells in memory do not hold it: folding on from it would count twice."""
    first, second = script.record(0, 9), script.record(1, 10)
    late = script.dossier_rows([first, second], epoch=1)

    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, [first])
        worker = script.worker()
        await worker.assign([0])  # the dossier is closed: it stays in the warehouse
        script.warehouse.land("dossiers", late)
        with pytest.raises(ZombieError, match="newer than what was read"):
            await worker.process(0, [second], lambda: None)
        again = script.worker()
        await again.assign([0])
        await script.store(again, [second])
        script.assert_cells_fit()

    script.run(history)


@pytest.mark.parametrize("case", ["unfinished", "older epoch"])
def test_stragglers_of_a_predecessor_are_waited_for(script: Script, case: str) -> None:
    """In another epoch a late row could hide younger events; cells could land unknown."""
    first, second = script.record(0, 2), script.record(1, 9)
    late = script.dossier_rows([first, second], epoch=1)
    unfinished = script.dossier_rows([first, script.record(1, 4)], epoch=1)

    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, [first])
        if case == "unfinished":
            script.warehouse.land("dossiers", unfinished)
            late[0]["version"] += 1
        else:
            script.warehouse.register_epoch("topic-2", 1)
        script.loop.at_server(
            STRAGGLERS_SECONDS - 0.1, lambda: script.warehouse.land("dossiers", late)
        )
        worker = script.worker(epoch=len(script.warehouse.epochs))
        await worker.assign([0])
        stored = script.warehouse.tables["dossiers"].rows[SHARD, DOSSIER]
        found = await SimStore(script.warehouse).find({SHARD: [DOSSIER]})
        assert found[0].history == stored["history"] == late[0]["history"]
        assert worker.states[0].shards[SHARD].floor == late[0]["position"]

    script.run(history)


def test_a_quiet_handover_waits_for_nothing(script: Script) -> None:
    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, [script.record(0, 2)])
        started = script.loop.time()
        await script.worker().assign([0])
        assert script.loop.time() - started < 1.0

    script.run(history)


def test_a_sleeper_writes_nothing(script: Script) -> None:
    """It stood still for longer than its session: the partition is with somebody else."""
    worker = script.worker()

    async def history() -> None:
        await worker.assign([0])
        await worker.process(0, [script.record(0, 2)], lambda: None)
        await asyncio.sleep(5.0)  # nobody beats
        with pytest.raises(ZombieError, match="stood still"):
            await worker.writer.run()

    script.run(history)
    assert not any(table.rows for table in script.warehouse.tables.values())


@pytest.mark.parametrize("life", ["grown", "registered"])
def test_a_worker_of_an_old_epoch_takes_nothing_over(script: Script, life: str) -> None:
    """Two workers with different partition counts would hold one shard at the same time."""
    worker = script.worker()
    if life == "registered":
        script.warehouse.register_epoch("topic-1", 2)

    async def history() -> None:
        with pytest.raises(ZombieError, match="another life"):
            await worker.assign([0, 1] if life == "grown" else [0])

    script.run(history)
    assert worker.states == {}


def test_an_epoch_that_comes_during_a_group_stops_its_acknowledgement(script: Script) -> None:
    """Whoever registered it has loaded without these rows, and must be given the events."""
    store = SlowStore(
        script.warehouse, "dossiers", lambda: script.warehouse.register_epoch("topic-1", 2)
    )
    worker = script.worker(store)
    given: list[str] = []

    async def history() -> None:
        await worker.assign([0])
        await worker.process(0, [script.record(0, 2)], lambda: given.append("acknowledged"))
        with pytest.raises(ZombieError, match="has epoch 2"):
            await worker.writer.run()

    script.run(history)
    assert given == []


def test_of_two_overlapping_assignments_one_holds_the_partition(script: Script) -> None:
    """The later one was read before the first chunk was stored: it lacks those events."""
    worker = script.worker()

    async def history() -> None:
        second = script.loop.spawn(None, worker.assign([0]))
        await worker.assign([0])
        state = worker.states[0]
        await worker.process(0, [script.record(0, 2)], lambda: None)
        await second
        assert worker.states[0] is state

    script.run(history)


def test_a_repair_does_not_move_the_completeness_back(script: Script) -> None:
    """`complete up to` came from a checkpoint that a mere rebuild wrote with no time at all."""
    records = [script.record(0, 2), script.record(1, 9)]
    unfinished = script.dossier_rows(records, epoch=1)

    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, records[:1])
        script.warehouse.land("dossiers", unfinished)
        worker = script.worker()
        await worker.assign([0])
        writer = script.loop.spawn(None, worker.writer.run())
        await worker.writer.idle()
        writer.cancel()
        row = script.warehouse.tables["checkpoints"].rows[(SHARD,)]
        assert row["position"] == position_of(1, 0)
        assert row["log_at"] == records[0].timestamp
        script.assert_cells_fit()

    script.run(history)
