"""What a verification found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: Differences kept in a report; `VerifyReport.difference_count` counts them all.
DIFFERENCE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored value that does not follow from the audit log.

    Attributes:
        table: the table of the value; ``balance`` for a report that does not balance.
        shard: shard of the row; None for tables without shards.
        key: dossier id, or the cell's key as ``name=value`` pairs.
        column: column of the value; ``row`` for a dossier that is missing or should not be.
        stored: what the table says; ``absent`` for a missing row.
        recomputed: what follows from the audit log.
    """

    table: str
    shard: int | None
    key: str
    column: str
    stored: str
    recomputed: str


@dataclass(slots=True)
class Findings:
    """Differences of some shards: the first ones, and how many there are in all."""

    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    def add(self, differences: Iterable[Difference], count: int) -> None:
        """Take over differences of which there are `count` in all."""
        room = DIFFERENCE_LIMIT - len(self.differences)
        self.differences.extend(list(differences)[:room])
        self.count += count


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of `verify`.

    Attributes:
        differences: the first `DIFFERENCE_LIMIT` differences.
        difference_count: how many there are in all.
        checked: rows recomputed and compared, by table.
        positions: by shard, the position up to which its tables were checked (the furthest).
        notes: what a reader should know and what is no difference, in English.
        looks: how often shards were looked at, 1 when nothing had to be repeated.
    """

    differences: tuple[Difference, ...]
    difference_count: int
    checked: dict[str, int]
    positions: dict[int, int]
    notes: tuple[str, ...]
    looks: int

    @property
    def ok(self) -> bool:
        """Whether every value follows from the audit log."""
        return self.difference_count == 0
