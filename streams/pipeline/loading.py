"""Loading a partition's shards from the warehouse, and repairing what a crash left half done."""

from __future__ import annotations

from streams.cells import CELL_TABLES
from streams.pipeline.folding import restore_dossier
from streams.ports import StoredShards
from streams.state.partition import PartitionState, epoch_and_offset

_TABLE_NUMBERS = {table.name: number for number, table in enumerate(CELL_TABLES)}


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
    return stored.newest.get(shard, 0) > stored.checkpoints.get(shard, 0)


def fill(state: PartitionState, stored: StoredShards, lead_working_seconds: int) -> bool:
    """Put the stored state of all shards into a fresh partition state.

    The cells of a shard that needs it are counted again from all its dossiers; cells that no
    dossier counts in become zero and are written so. Returns whether anything was rebuilt (then
    the changed cells wait to be written).

    `stored.dossiers` must hold the live dossiers of sound shards and all of the others.
    """
    rebuild = {shard for shard in state.shards if needs_rebuild(stored, shard)}
    for table, rows in stored.cells.items():
        number = _TABLE_NUMBERS[table]
        for shard, key, counts in rows:
            state.shards[shard].cells.load(number, key, counts)
    for number, shard_state in state.shards.items():
        checkpoint = stored.checkpoints.get(number, 0)
        shard_state.floor = max(checkpoint, stored.newest.get(number, 0))
        shard_state.stored = checkpoint
        shard_state.raised = stored.raised.get(number, set())
        if number in stored.checksums:
            shard_state.known.load(stored.checksums[number])
        if number in rebuild:
            shard_state.cells.clear_counts()
        epoch, offset = epoch_and_offset(checkpoint)
        if epoch == state.epoch:
            state.read_offset = max(state.read_offset, offset)
    for one in stored.dossiers:
        shard_state = state.shards[one.shard]
        dossier = restore_dossier(one)
        state.restore(shard_state, dossier, lead_working_seconds)
        if one.shard in rebuild:
            shard_state.cells.add(dossier.contribution)
    return bool(rebuild)
