"""One assigned partition in memory: its shards and dossiers, and how far it was read."""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import NamedTuple

from schemas.events import EventRecord
from schemas.events.shard import shards_of_partition
from streams.cells import contribute
from streams.deadlines.crossings import Crossing, crossings_of
from streams.fold import Facts, FoldRules
from streams.ports import DeadLetter, Record
from streams.state.dossier import OFFSET_BITS, Dossier
from streams.state.heard import Heard
from streams.state.shard import ShardState


def position_of(epoch: int, offset: int) -> int:
    """Pack epoch and offset into the version of cells: later epochs beat every older offset."""
    return epoch << OFFSET_BITS | (offset + 1)


def epoch_and_offset(position: int) -> tuple[int, int]:
    """Unpack `position_of`; an offset of -1 means that nothing was read yet."""
    return position >> OFFSET_BITS, (position & ((1 << OFFSET_BITS) - 1)) - 1


#: One accepted payload on its way to the audit log: (shard, dossier id, position, log time in
#: milliseconds) and the event. Plain tuples: there is one for every event.
AuditRow = tuple[tuple[int, str, int, int], EventRecord]


class Pending(NamedTuple):
    """A dossier whose newest events are taken up and not folded yet.

    Attributes:
        events, event_count, losers, loser_count: what it held before: the lists as they were then,
            and how much of them, because `Dossier.add` extends or replaces them.
        fresh: what is new, in offset order, each with the record that brought it.
    """

    shard: ShardState
    dossier: Dossier
    events: list[EventRecord]
    event_count: int
    losers: list[tuple[str, str, int]]
    loser_count: int
    fresh: list[tuple[EventRecord, Record]]


class PartitionState:
    """Everything that a worker knows of one partition.

    Not thread-safe: chunks, ticks and snapshots of one partition follow each other in one queue.
    A state whose partition was revoked is closed and never written again.

    Attributes:
        read_offset: last offset whose events were taken up, -1 = none.
        read_log_ms: broker time of that record.
        pending: dossiers with events that are not folded yet; facts, cells and timers of these
            are older than `read_offset`, so nobody may look at them before they are folded.
        letters: records whose folding failed; they must be in Kafka before the chunk that brought
            them is acknowledged.
        dirty: dossiers that changed since the last snapshot.
        audit: accepted payloads since the last snapshot.
        heard: sources heard of since the last snapshot.
        is_open: False once the partition is revoked.
        is_telling: alerts of it are on their way to Kafka.
        alerts_owed_since: monotonic seconds since which there are alerts that Kafka has not
            taken; None = it has all.
    """

    def __init__(
        self,
        partition: int,
        partitions: int,
        epoch: int,
        rules: FoldRules,
        same_since: int | None = None,
    ) -> None:
        """Make a partition of which nothing is known.

        Args:
            partition: which.
            partitions: of the topic.
            epoch: whose positions are written.
            rules: of the fold.
            same_since: oldest epoch with the same offsets as this one; the epochs since then
                differ in their rules only. None = this one.
        """
        self.partition = partition
        self.partitions = partitions
        self.epoch = epoch
        self.same_since = epoch if same_since is None else same_since
        self.rules = rules
        self.shards = {
            shard: ShardState(shard) for shard in shards_of_partition(partition, partitions)
        }
        self.dossiers: dict[str, tuple[ShardState, Dossier]] = {}
        self.read_offset = -1
        self.read_log_ms = 0
        self.pending: dict[str, Pending] = {}
        self.letters: list[DeadLetter] = []
        self.dirty: dict[str, tuple[ShardState, Dossier]] = {}
        self.audit: list[AuditRow] = []
        self.heard: dict[str, Heard] = {}
        self.is_open = True
        self.is_telling = False
        self.alerts_owed_since: float | None = None
        self._closed: OrderedDict[str, None] = OrderedDict()

    @property
    def position(self) -> int:
        """Position of the last record whose events were taken up."""
        return position_of(self.epoch, self.read_offset)

    def has_changes(self) -> bool:
        """Whether a snapshot would write anything besides the checkpoint."""
        return bool(self.pending or self.dirty or self.audit)

    def hold(self, shard: ShardState, dossier: Dossier) -> None:
        """Take a dossier into memory and remember that its id is known."""
        self.dossiers[dossier.dossier_id] = (shard, dossier)
        shard.known.add(dossier.dossier_id)

    def restore(self, shard: ShardState, dossier: Dossier, lead_working_seconds: int) -> None:
        """Take a stored dossier in: fold it and set its timers; the cells hold it already."""
        facts = dossier.refold(self.rules)
        dossier.contribution = contribute(facts)
        self.hold(shard, dossier)
        if facts.live:
            self._schedule(shard, dossier, self._crossings(facts, lead_working_seconds), 0)
        else:
            self._closed[dossier.dossier_id] = None

    def refold(self, shard: ShardState, dossier: Dossier, lead_working_seconds: int) -> None:
        """Fold a dossier that other rules folded, and count it; its shard's cells were cleared.

        A finished one does not stay in memory: all that a shard ever had are folded anew.
        """
        facts = dossier.refold(self.rules)
        dossier.contribution = contribute(facts)
        shard.cells.add(dossier.contribution)
        shard.known.add(dossier.dossier_id)
        if facts.live:
            self.hold(shard, dossier)
            self._schedule(shard, dossier, self._crossings(facts, lead_working_seconds), 0)

    def offset_at(self, position: int) -> int:
        """Return the offset of a stored position; -1 if it is one of another life of the topic."""
        epoch, offset = epoch_and_offset(position)
        return offset if self.same_since <= epoch <= self.epoch else -1

    def update(
        self, shard: ShardState, dossier: Dossier, lead_working_seconds: int, known_at: int
    ) -> None:
        """Fold a changed dossier, move its ones between cells, set its timers.

        `known_at` is the epoch second at which the broker stored what changed it.

        Raises whatever the fold raises, and then neither cells nor timers have changed.
        """
        facts = dossier.refold(self.rules)
        contribution = contribute(facts)
        crossings = self._crossings(facts, lead_working_seconds)
        # Nothing below may raise: cells that hold half a dossier would never be right again.
        shard.cells.replace(dossier.contribution, contribution)
        dossier.contribution = contribution
        dossier_id = dossier.dossier_id
        if facts.live:
            self._closed.pop(dossier_id, None)
            self._schedule(shard, dossier, crossings, known_at)
        else:
            dossier.set_crossings((), known_at)
            self._closed[dossier_id] = None
            self._closed.move_to_end(dossier_id)
        self.dirty[dossier_id] = (shard, dossier)

    def drop_closed(self, kept_per_shard: int) -> int:
        """Forget the longest closed, stored dossiers beyond a number; return how many went.

        They are found again in the warehouse when an event names them.
        """
        surplus = len(self._closed) - kept_per_shard * len(self.shards)
        if surplus <= 0:
            return 0
        dropped = [
            closed
            for closed in islice(self._closed, surplus)
            if closed not in self.dirty and closed not in self.pending
        ]
        for dossier_id in dropped:
            del self._closed[dossier_id]
            del self.dossiers[dossier_id]
        return len(dropped)

    def _crossings(self, facts: Facts, lead_working_seconds: int) -> tuple[Crossing, ...]:
        return crossings_of(facts, self.rules.calendar, lead_working_seconds)

    def _schedule(
        self, shard: ShardState, dossier: Dossier, crossings: tuple[Crossing, ...], known_at: int
    ) -> None:
        if crossings == dossier.crossings:
            return
        for crossing in dossier.set_crossings(crossings, known_at):
            shard.timers.set(dossier.dossier_id, crossing)
