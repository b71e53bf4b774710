"""Bugs to plant: each breaks one rule of the protocol. The simulation must see every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sim_warehouse import SimStore

from streams.cells import CELL_TABLES, ShardCells
from streams.pipeline import (
    folding,
    loading,
    pipeline,
    refolding,
    snapshot,
    telling,
    writer,
)
from streams.pipeline.pipeline import Pipeline
from streams.pipeline.snapshot import CommitGroup
from streams.pipeline.writer import GroupWriter
from streams.ports import Columns, StoredShards
from streams.state import partition
from streams.state.partition import PartitionState

Patch = pytest.MonkeyPatch


def acknowledge_before_storing(patch: Patch) -> None:
    """A chunk counts as done as soon as it is folded."""
    note = GroupWriter.note

    def hasty(self: GroupWriter, state: Any, acknowledge: Any, events: int) -> None:
        if acknowledge is not None:
            acknowledge()
        note(self, state, None, events)

    patch.setattr(GroupWriter, "note", hasty)


def checkpoint_before_dossiers(patch: Patch) -> None:
    """A crash behind the checkpoint leaves cells that nobody repairs."""
    stages = CommitGroup.stages.fget
    assert stages is not None

    def reordered(group: CommitGroup) -> list[list[tuple[str, Columns]]]:
        late = ("dossier_events", "checkpoints")
        return sorted(stages(group), key=lambda stage: stage[0][0] not in late)

    patch.setattr(CommitGroup, "stages", property(reordered))


def checkpoint_beside_the_roll_ups(patch: Patch) -> None:
    """The checkpoint does not wait for the cells, as they do not wait for each other."""
    stages = CommitGroup.stages.fget
    assert stages is not None

    def together(group: CommitGroup) -> list[list[tuple[str, Columns]]]:
        *before, cells, checkpoints = stages(group)
        return [*before, cells + checkpoints]

    patch.setattr(CommitGroup, "stages", property(together))


def a_part_is_taken_for_the_whole(patch: Patch) -> None:
    """A group without the finer roll-ups writes its checkpoint all the same."""
    fill_in_steps = writer.fill_in_steps

    def checkpointed(group: CommitGroup) -> Iterator[None]:
        yield from fill_in_steps(group)
        if not group.is_whole:
            snapshot._add_checkpoints(group, group.states)

    patch.setattr(writer, "fill_in_steps", checkpointed)


def forget_what_is_owed(patch: Patch) -> None:
    """A whole group acknowledges chunks of partitions that are in an earlier part only."""
    take = GroupWriter._take

    def forgetful(self: GroupWriter) -> CommitGroup:
        self._owed = {}
        return take(self)

    patch.setattr(GroupWriter, "_take", forgetful)


def rebuild_on_top_of_the_old_counts(patch: Patch) -> None:
    """Cells are counted again without being set to zero first."""
    patch.setattr(ShardCells, "clear_counts", lambda self: None)


def rebuild_forgets_empty_cells(patch: Patch) -> None:
    """Cells in which no dossier counts any more are dropped instead of written as zeros."""
    patch.setattr(ShardCells, "clear_counts", lambda self: self.__init__())


def an_emptied_authority_is_not_written(patch: Patch) -> None:
    """With its last open dossier an authority drops out of what is written."""
    take_open = ShardCells.take_open
    patch.setattr(
        ShardCells, "take_open", lambda self: [taken for taken in take_open(self) if taken[1]]
    )


def rebuild_is_not_written(patch: Patch) -> None:
    """Cells are right in memory after a repair and stay wrong in the warehouse."""
    fill = loading.fill

    async def forgetful(state: PartitionState, *arguments: Any) -> bool:
        rebuilt = await fill(state, *arguments)
        for shard in state.shards.values():
            for number in range(len(CELL_TABLES)):
                shard.cells.take_dirty(number)
            shard.cells.take_open()
        return rebuilt

    patch.setattr(pipeline, "fill", forgetful)


def no_rebuild(patch: Patch) -> None:
    """Nobody looks for dossiers that are younger than the checkpoint."""
    patch.setattr(loading, "needs_rebuild", lambda stored, shard: False)


def nobody_asks_for_the_epoch(patch: Patch) -> None:
    """A worker goes on, and commits, in a life of the topic that is over."""

    async def always_the_first(self: SimStore) -> int:
        return 0

    patch.setattr(SimStore, "newest_epoch", always_the_first)


def versions_without_epoch(patch: Patch) -> None:
    """Offsets of a topic that was made anew begin at 0: new rows lose against old ones."""
    for module in (partition, folding):
        patch.setattr(module, "position_of", lambda epoch, offset: offset + 1)
    patch.setattr(loading, "epoch_and_offset", lambda position: (0, position - 1))


def drop_closed_in_flight(patch: Patch) -> None:
    """A closed dossier leaves memory while its row is still on its way."""
    process = Pipeline.process

    async def eager(self: Pipeline, number: int, *arguments: Any) -> None:
        await process(self, number, *arguments)
        state = self.states.get(number)
        if state is not None:
            state.drop_closed(self.policy.closed_kept)

    patch.setattr(Pipeline, "process", eager)


def drop_closed_under_a_chunk(patch: Patch) -> None:
    """A closed dossier leaves memory between a chunk's intake and its fold."""

    def careless(self: Pipeline, group: CommitGroup) -> None:
        for state in self.states.values():
            state.drop_closed(self.policy.closed_kept)

    patch.setattr(Pipeline, "_stored", careless)


def write_for_revoked_partitions(patch: Patch) -> None:
    """A group goes on being written although a partition of it went to somebody else."""
    patch.setattr(CommitGroup, "still_ours", lambda self, columns: columns)


def assign_forgets_revocations(patch: Patch) -> None:
    """What was read of a partition before it was revoked is taken for its state afterwards."""
    take_over = Pipeline._take_over

    async def trusting(self: Pipeline, state: Any, stored: Any, revocations: Any) -> None:
        await take_over(self, state, stored, self._revocations)

    patch.setattr(Pipeline, "_take_over", trusting)


def refused_alerts_are_forgotten(patch: Patch) -> None:
    """What the alerts topic did not take does not come up again."""
    patch.setattr(telling, "put_back", lambda due: None)


def alerts_count_as_raised_before_kafka_has_them(patch: Patch) -> None:
    """A crossing is taken for told although Kafka refused it."""
    due_alerts = pipeline.due_alerts

    def hasty(*arguments: Any) -> Any:
        due = due_alerts(*arguments)
        for one in due:
            one.shard.raised.add(one.alert.alert_id)
        return due

    patch.setattr(pipeline, "due_alerts", hasty)


def deadlines_are_judged_while_events_wait(patch: Patch) -> None:
    """A tick does not ask whether Kafka has events that are not folded yet."""
    patch.setattr(Pipeline, "_may_judge", lambda self, partition, lag: True)


def changed_rules_go_unseen(patch: Patch) -> None:
    """Shards that other rules folded are taken for sound."""
    patch.setattr(StoredShards, "is_outdated", lambda self, shard, rules: False)


def refolded_cells_are_not_written(patch: Patch) -> None:
    """The checkpoint names the new rules, and cells in the warehouse are still the old ones."""
    patch.setattr(refolding, "CELL_TABLES", ())


#: With the schedules in which each shows: all kinds, or those that dwell on something.
MUTANTS: tuple[tuple[Callable[[Patch], None], str], ...] = (
    (acknowledge_before_storing, ""),
    (checkpoint_before_dossiers, ""),
    (checkpoint_beside_the_roll_ups, ""),
    (a_part_is_taken_for_the_whole, ""),
    (forget_what_is_owed, ""),
    (rebuild_on_top_of_the_old_counts, ""),
    (rebuild_forgets_empty_cells, ""),
    (an_emptied_authority_is_not_written, ""),
    (rebuild_is_not_written, ""),
    (no_rebuild, ""),
    (assign_forgets_revocations, ""),
    (nobody_asks_for_the_epoch, "growth"),
    (versions_without_epoch, "recreation"),
    (drop_closed_in_flight, "busy"),
    (drop_closed_under_a_chunk, "busy"),
    (write_for_revoked_partitions, "handover"),
    (refused_alerts_are_forgotten, "refusal"),
    (alerts_count_as_raised_before_kafka_has_them, "refusal"),
    (deadlines_are_judged_while_events_wait, ""),
    (changed_rules_go_unseen, "news"),
    (refolded_cells_are_not_written, "news"),
)
