"""Verifies a batch of shards: snapshots, the fold in SQL, comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ioc.verify.result import DIFFERENCE_LIMIT, Difference, Findings
from ioc.verify.scratch import Scratch

# In order: each file reads scratch tables of the files before it.
_FOLD = ("events", "folded", "pauses", "limits_to_add")
_COMPARISONS = ("compare_dossiers", "compare_cells", "homes", "balance")


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What one look at a batch of shards found.

    Attributes:
        findings: by shard; only shards with differences.
        checked: rows recomputed, by table.
        positions: by shard, the furthest position that was checked.
        moving: shards with rows newer than their checkpoint: inserts under way, or a dead worker.
        unmarked: shards with rows and without a checkpoint.
    """

    findings: dict[int, Findings]
    checked: dict[str, int]
    positions: dict[int, int]
    moving: frozenset[int]
    unmarked: frozenset[int]


def fill_calendar(scratch: Scratch) -> None:
    """Make the scratch tables that all batches share: calendar and successors of units."""
    for table in ("intervals", "days", "unit_chains"):
        scratch.fill(table)


def verify_shards(scratch: Scratch, shards: Sequence[int]) -> ShardResult:
    """Look once at some shards; blocks for about 6 µs an audit row.

    May run while events flow: the checkpoints are read first, then each table once, and each
    table is compared with the truth at its own position.
    """
    batch = list(shards)
    for table in ("checkpoints", "stored_dossiers", "stored_cells", "positions", "targets"):
        scratch.fill(table, shards=batch)
    for table in _FOLD:
        scratch.fill(table, shards=batch)
    scratch.fill("limits", file="sums", sums="limits", to_add="limits_to_add")
    scratch.fill("statutory")
    scratch.fill("shifts_to_add")
    scratch.fill("shifts", file="sums", sums="shifts", to_add="shifts_to_add")
    for table in ("legs", "facts", "true_cells"):
        scratch.fill(table)
    positions: dict[int, int] = {}
    moving: set[int] = set()
    unmarked: set[int] = set()
    for shard, row_position, checkpoint, position in scratch.read("shard_positions"):
        positions[shard] = position
        if row_position > checkpoint:
            moving.add(shard)
            if checkpoint == 0:
                unmarked.add(shard)
    return ShardResult(
        findings=_compare(scratch, batch),
        checked={table: rows for table, rows in scratch.read("checked")},  # noqa: C416 rows are sequences
        positions=positions,
        moving=frozenset(moving),
        unmarked=frozenset(unmarked),
    )


def _compare(scratch: Scratch, batch: list[int]) -> dict[int, Findings]:
    found: dict[int, Findings] = {}
    for file in _COMPARISONS:
        totals: dict[int, int] = {}
        listed: dict[int, list[Difference]] = {}
        for table, shard, key, column, stored, recomputed, total in scratch.read(
            file, limit=DIFFERENCE_LIMIT, shards=batch
        ):
            totals[shard] = total
            difference = Difference(table, shard, key, column, stored, recomputed)
            listed.setdefault(shard, []).append(difference)
        for shard, total in totals.items():
            found.setdefault(shard, Findings()).add(listed[shard], total)
    return found
