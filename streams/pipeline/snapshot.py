"""A commit group: what changed since the last one, taken at one instant."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TypeVar

from streams.cells import CELL_TABLES
from streams.pipeline.rows import audit_columns, cell_columns, dossier_columns
from streams.ports import Columns, DeadLetter
from streams.state.partition import AuditRow, PartitionState, epoch_and_offset
from streams.state.shard import ShardState

Acknowledge = Callable[[], object]
Row = TypeVar("Row")

_TRUTH = ("dossier_events", "dossiers")
#: What walls show of the province as it is; all else is summed up again before a wall shows it.
_FIRST_CELLS = frozenset({"province_days", "open_dossiers"})
#: What one step makes columns of: some 50 ms.
_ROWS_A_STEP = 8_000


@dataclass
class CommitGroup:
    """Rows in write order, and what to acknowledge once they are stored.

    Attributes:
        writes: (table, columns); truth first, checkpoints last. Empty tables are left out.
        positions: shard -> position that the group completes.
        is_whole: whether it holds all that changed; otherwise cells, checkpoints and
            acknowledgements are still owed.
        states: the partitions whose rows these are.
        letters: records whose folding failed, to be in Kafka before anything is acknowledged.
    """

    writes: list[tuple[str, Columns]] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    states: list[PartitionState] = field(default_factory=list)
    shards: list[ShardState] = field(default_factory=list)
    acknowledge: list[tuple[PartitionState, Acknowledge]] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    events: int = 0
    is_whole: bool = True

    @property
    def stages(self) -> list[list[tuple[str, Columns]]]:
        """The writes in the order in which they must be stored.

        Each stage needs the ones before it to be stored; the writes of one stage need no order
        among themselves: all are made anew from the dossiers, or are signs of life.
        """
        truth = [[write] for write in self.writes if write[0] in _TRUTH]
        last = [write for write in self.writes if write[0] == "checkpoints"]
        others = [w for w in self.writes if w[0] not in _TRUTH and w[0] != "checkpoints"]
        return [stage for stage in (*truth, others, last) if stage]

    def still_ours(self, columns: Columns) -> Columns:
        """Return the rows of partitions that are still held; none = an empty mapping.

        Every table of a group has a column `shard`.
        """
        gone = {shard for state in self.states if not state.is_open for shard in state.shards}
        if not gone:
            return columns
        kept = [shard not in gone for shard in columns["shard"]]
        if not any(kept):
            return {}
        return {name: list(compress(values, kept)) for name, values in columns.items()}


def fill_in_steps(group: CommitGroup) -> Iterator[None]:
    """Fill a group with what changed in its partitions; their dirty marks are gone then.

    The states must be settled: their positions name every event that was taken up. Nothing may be
    taken up or folded between two steps; other things may go on, and a partition may be revoked.

    Order of the writes: audit log, dossiers, roll-ups, sources, checkpoints. A crash between two
    of them is repaired from the ones before it.

    Args:
        group: with its states, acknowledgements and number of events. If it is not whole it gets
            audit log, dossiers and what the walls show of the province only; whoever crashes then
            has the rest repaired as after any other crash.
    """
    states = group.states
    versions: dict[int, int] = {}
    audit: list[AuditRow] = []
    for state in states:
        position = state.position
        for shard in state.shards.values():
            group.positions[shard.shard] = position
            versions[shard.shard] = max(position, shard.floor)
            group.shards.append(shard)
        audit += state.audit
        state.audit = []
        group.letters += state.letters
        state.letters = []
    if audit:
        group.writes.append(("dossier_events", (yield from _columns_of(audit, audit_columns))))
    changed = [held for state in states for held in state.dirty.values()]
    for state in states:
        state.dirty = {}
    if changed:
        columns = yield from _columns_of(changed, lambda some: dossier_columns(some, versions))
        group.writes.append(("dossiers", columns))
    for number, table in enumerate(CELL_TABLES):
        if not group.is_whole and table.name not in _FIRST_CELLS:
            continue
        columns = cell_columns(number, group.shards, versions)
        if columns:
            group.writes.append((table.name, columns))
        yield
    if group.is_whole:
        _add_sources(group, states)
        _add_checkpoints(group, states)


def _columns_of(
    rows: Sequence[Row], make: Callable[[Sequence[Row]], Columns]
) -> Generator[None, None, Columns]:
    if len(rows) <= _ROWS_A_STEP:
        return make(rows)
    columns: dict[str, list[object]] = {}
    for start in range(0, len(rows), _ROWS_A_STEP):
        for name, values in make(rows[start : start + _ROWS_A_STEP]).items():
            columns.setdefault(name, []).extend(values)
        yield
    return columns


def _add_sources(group: CommitGroup, states: list[PartitionState]) -> None:
    # One row a source and partition is enough: under the partition's first shard.
    rows = [
        (source, min(state.shards), heard.log_ms, heard.occurred_ms)
        for state in states
        for source, heard in state.heard.items()
    ]
    for state in states:
        state.heard = {}
    if rows:
        names = ("source", "shard", "last_log_at", "last_occurred_at")
        group.writes.append(("sources", dict(zip(names, zip(*rows, strict=True), strict=True))))


def _add_checkpoints(group: CommitGroup, states: list[PartitionState]) -> None:
    rows = []
    for state in states:
        if not state.read_log_ms:
            continue  # nothing read yet: a rebuild at the start completes no record
        epoch, offset = epoch_and_offset(state.position)
        rows += [
            (shard, state.position, epoch, offset, state.read_log_ms, state.rules.fingerprint)
            for shard in state.shards
        ]
    if rows:
        group.writes.append(("checkpoints", checkpoint_columns(rows)))


def checkpoint_columns(rows: Iterable[tuple[int, ...]]) -> Columns:
    """Columns of `checkpoints`."""
    names = ("shard", "position", "epoch", "partition_offset", "log_at", "rules")
    return dict(zip(names, zip(*rows, strict=True), strict=True))
