"""Loading a partition's shards from the warehouse, and repairing what a crash left half done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from streams.cells import CELL_TABLES
from streams.pipeline.folding import restore_dossier
from streams.ports import StoredShards
from streams.state.partition import PartitionState, epoch_and_offset

_TABLE_NUMBERS = {table.name: number for number, table in enumerate(CELL_TABLES)}

#: Lets the event loop go round, then holds it; see `Pipeline`.
Turn = Callable[[], AbstractAsyncContextManager[None]]

#: Of one turn: less than a tenth of a second.
DOSSIERS_A_TURN = 1_000
CELLS_A_TURN = 50_000

#: How long an insert may be on its way after its sender is gone; longer ones are not foreseen.
STRAGGLERS_SECONDS = 3.0


def has_stragglers(state: PartitionState, stored: StoredShards) -> bool:
    """Whether a predecessor's inserts may still be on their way, and would do harm.

    Its cells are sent only after its dossiers are stored, so while dossiers and checkpoint agree
    nothing but whole dossiers can come: those are read again from the topic, as the predecessor
    cannot commit them. In another epoch they would come in another order: rows that land late
    could hide younger ones.
    """
    return any(
        needs_rebuild(stored, shard)
        or 0 < epoch_and_offset(stored.checkpoints.get(shard, 0))[0] < state.epoch
        for shard in state.shards
    )


def needs_rebuild(stored: StoredShards, shard: int) -> bool:
    """Whether a shard holds a dossier younger than its checkpoint: its cells may lag behind."""
    return stored.lags(shard)


async def fill(
    state: PartitionState,
    stored: StoredShards,
    lead_working_seconds: int,
    turn: Turn,
    is_ours: Callable[[], bool] = lambda: True,
) -> bool:
    """Put the stored state of all shards into a fresh partition state, a part in each turn.

    The cells of a shard that needs it are counted again from all its dossiers; cells that no
    dossier counts in become zero and are written so. Returns whether anything was rebuilt (then
    the changed cells wait to be written). A shard that other rules folded is left with its old
    cells: `refold` is for it.

    A dossier costs some 50 µs: the event loop, and with it the heart, would stand still for
    longer than a Kafka session with a hundred thousand of them. So nobody may see the state
    before this returns, and whoever waits must look again whether the partition is still theirs.

    Args:
        state: fresh; nobody else holds it yet.
        stored: the live dossiers of sound shards and all of the others.
        lead_working_seconds: of the crossing "due soon".
        turn: lets the event loop go round once before each part.
        is_ours: asked in each turn; if not, what is left is not worth the time.
    """
    rules = state.rules.fingerprint
    rebuild = {
        shard
        for shard in state.shards
        if needs_rebuild(stored, shard) and not stored.is_outdated(shard, rules)
    }
    for table, rows in stored.cells.items():
        number = _TABLE_NUMBERS[table]
        for start in range(0, len(rows), CELLS_A_TURN):
            async with turn():
                for shard, key, counts in rows[start : start + CELLS_A_TURN]:
                    state.shards[shard].cells.load(number, key, counts)
    for number in state.shards:
        async with turn():
            _fill_shard(state, stored, number, must_clear=number in rebuild)
    dossiers = stored.dossiers
    for start in range(0, len(dossiers), DOSSIERS_A_TURN):
        if not is_ours():
            break
        async with turn():
            for one in dossiers[start : start + DOSSIERS_A_TURN]:
                shard_state = state.shards[one.shard]
                dossier = restore_dossier(one)
                state.restore(shard_state, dossier, lead_working_seconds)
                if one.shard in rebuild:
                    shard_state.cells.add(dossier.contribution)
    return bool(rebuild)


def _fill_shard(
    state: PartitionState, stored: StoredShards, number: int, *, must_clear: bool
) -> None:
    shard_state = state.shards[number]
    checkpoint = stored.checkpoints.get(number, 0)
    shard_state.floor = max(checkpoint, stored.newest.get(number, 0))
    shard_state.stored = checkpoint
    shard_state.raised = stored.raised.get(number, set())
    if number in stored.checksums:
        shard_state.known.load(stored.checksums[number])
    if must_clear:
        shard_state.cells.clear_counts()
    state.read_offset = max(state.read_offset, state.offset_at(checkpoint))
