"""Folding shards anew whose dossiers were folded by other rules (docs/decisions/0013)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from schemas.errors import RetryError
from streams.cells import CELL_TABLES
from streams.pipeline.failpoints import FailPoint
from streams.pipeline.folding import restore_dossier
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.loading import DOSSIERS_A_TURN, Turn
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.pipeline.rows import cell_columns, dossier_columns
from streams.pipeline.snapshot import checkpoint_columns
from streams.ports import Columns, Store, StoredDossier, StoredShards
from streams.state.dossier import Dossier
from streams.state.partition import PartitionState, position_of
from streams.state.shard import ShardState

log = logging.getLogger(__name__)

Item = TypeVar("Item")

#: Dossiers of one look-up and one insert.
DOSSIERS_AT_ONCE = 5_000
#: Cells of one insert.
CELLS_AT_ONCE = 50_000


class Refolding:
    """Reads all dossiers of shards, finished ones too, folds them and writes everything anew.

    Small shards are done together, a large one alone. Order of the writes: dossiers, cells,
    checkpoints. The checkpoint names the new rules, so shards that were left half-way are done
    again from their start, and those that are done stay so. Nothing of them is kept but the live
    dossiers and the cells, whatever their size.
    """

    def __init__(
        self,
        store: Store,
        policy: PipelinePolicy,
        guard: ZombieGuard,
        *,
        turn: Turn,
        fail_point: FailPoint,
        on_wait: Callable[[RetryError, float], None] | None,
    ) -> None:
        self._store = store
        self._policy = policy
        self._guard = guard
        self._turn = turn
        self._fail_point = fail_point
        self._on_wait = on_wait

    async def run(
        self, state: PartitionState, stored: StoredShards, is_ours: Callable[[], bool]
    ) -> None:
        """Bring the outdated shards of a partition to the rules of its state.

        Args:
            state: filled, and seen by nobody else.
            stored: what it was filled from.
            is_ours: asked before each write; once it says no the rest is left to the next owner.
        """
        rules = state.rules.fingerprint
        sizes = {s: len(stored.checksums[s]) for s in state.shards if stored.is_outdated(s, rules)}
        done, total = 0, sum(sizes.values())
        for shards in _bundles(sizes):
            log.warning(
                "the rules have changed: folding partition %d anew, %d of %d dossiers are done",
                state.partition, done, total,
            )  # fmt: skip
            if not is_ours() or not await self._refold(state, shards, stored, is_ours):
                return
            done += sum(sizes[shard] for shard in shards)
        if sizes:
            log.warning("partition %d is folded anew", state.partition)

    async def _refold(
        self,
        state: PartitionState,
        numbers: Sequence[int],
        stored: StoredShards,
        is_ours: Callable[[], bool],
    ) -> bool:
        shards = [state.shards[number] for number in numbers]
        # In the new epoch: above everything that was written by the old rules, below whatever
        # the next record brings.
        offsets = {n: state.offset_at(stored.checkpoints.get(n, 0)) for n in numbers}
        complete = {n: position_of(state.epoch, offset) for n, offset in offsets.items()}
        # Higher only if a worker of this epoch died before its first checkpoint.
        positions = {n: max(complete[n], stored.newest[n]) for n in numbers}
        for shard in shards:
            async with self._turn():
                shard.cells.clear_counts()
        ids = await retrying(lambda: self._store.ids(numbers), self._policy, self._on_wait)
        for some in _parts(ids, DOSSIERS_AT_ONCE):
            folded = await self._fold(state, await self._find(some))
            async with self._turn():
                columns = dossier_columns(folded, positions)
            if not await self._write("dossiers", columns, is_ours):
                return False
            self._fail_point("after-refolded-dossiers")
        for number, table in enumerate(CELL_TABLES):
            async with self._turn():
                columns = cell_columns(number, shards, positions)
            for part in _column_parts(columns, CELLS_AT_ONCE):
                if not await self._write(table.name, part, is_ours):
                    return False
        self._fail_point("after-refolded-cells")
        rows = [
            (n, complete[n], state.epoch, offsets[n], stored.log_ms[n], state.rules.fingerprint)
            for n in numbers
            if n in stored.checkpoints
        ]
        if rows and not await self._write("checkpoints", checkpoint_columns(rows), is_ours):
            return False
        for shard in shards:
            shard.floor = positions[shard.shard]
            shard.stored = complete[shard.shard]
        self._fail_point("after-refolded-checkpoint")
        return True

    async def _find(self, ids: Sequence[tuple[int, str]]) -> list[StoredDossier]:
        wanted: dict[int, list[str]] = {}
        for shard, dossier_id in ids:
            wanted.setdefault(shard, []).append(dossier_id)
        return await retrying(lambda: self._store.find(wanted), self._policy, self._on_wait)

    async def _fold(
        self, state: PartitionState, found: Sequence[StoredDossier]
    ) -> list[tuple[ShardState, Dossier]]:
        folded: list[tuple[ShardState, Dossier]] = []
        for some in _parts(found, DOSSIERS_A_TURN):
            async with self._turn():
                for one in some:
                    shard, dossier = state.shards[one.shard], restore_dossier(one)
                    state.refold(shard, dossier, self._policy.due_soon_working_seconds)
                    folded.append((shard, dossier))
        return folded

    async def _write(self, table: str, columns: Columns, is_ours: Callable[[], bool]) -> bool:
        """Store rows; False if the partition went, and then perhaps not."""

        async def write() -> None:
            self._guard.check()
            if is_ours():
                await self._store.insert(table, columns)

        await retrying(write, self._policy, self._on_wait)
        return is_ours()


def _bundles(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Put small shards together."""
    bundle: list[int] = []
    dossiers = 0
    for shard, size in sizes.items():
        if bundle and dossiers + size > DOSSIERS_AT_ONCE:
            yield bundle
            bundle, dossiers = [], 0
        bundle.append(shard)
        dossiers += size
    if bundle:
        yield bundle


def _column_parts(columns: Columns, size: int) -> Iterator[Columns]:
    rows = len(next(iter(columns.values()), ()))
    for start in range(0, rows, size):
        yield {name: values[start : start + size] for name, values in columns.items()}


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
