"""Verifies the walls' tables that are derived from cells by SQL and belong to no shard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ioc.verify.result import DIFFERENCE_LIMIT, Difference, Findings
from ioc.verify.scratch import Scratch

#: While rows go on moving it is looked at so many times as often.
_MOST_ROUNDS = 5


_MEASURES = (
    "registered", "received", "receipt_late", "refused", "withdrawn", "stopped",
    "closed_unreceived", "early", "on_time", "late", "no_due", "returned", "uncollected", "due",
    "due_met",
)  # fmt: skip
#: Table -> its measures, in the order of `stored_*.sql` and `derived_*.sql`.
DERIVED_TABLES: dict[str, tuple[str, ...]] = {
    "unit_days": (*_MEASURES, "received_online"),
    "field_days": _MEASURES,
    "province_field_days": _MEASURES,
    "national_unit_days": ("n",),
}


@dataclass(frozen=True, slots=True)
class DerivedResult:
    """What was found, how many rows were compared, and how many kept changing meanwhile."""

    findings: Findings
    checked: int
    changing: int


def verify_derived(
    scratch: Scratch, table: str, *, looks: int, wait: Callable[[], None]
) -> DerivedResult:
    """Compare every row with the sum of its cells.

    A row whose version is that of its cells must have their sums. An older one is about to be
    written, which may take a while after a flood of events: it is a difference once `looks` looks
    in a row, with `wait` between them, saw none of the older rows or their cells move.
    """
    stored_table, derived_table = f"stored_{table}", f"derived_{table}"
    before: set[tuple[str, ...]] = set()
    unmoved = 0
    for look in range(1, looks * _MOST_ROUNDS + 1):
        scratch.fill(stored_table)
        scratch.fill(derived_table)
        findings = Findings()
        older: list[Difference] = []
        states: set[tuple[str, ...]] = set()
        total = 0
        rows = scratch.read(
            "compare_derived",
            stored=stored_table,
            derived=derived_table,
            names=list(DERIVED_TABLES[table]),
            limit=DIFFERENCE_LIMIT,
        )
        for key, column, stored, recomputed, stored_version, version, total in rows:  # noqa: B007
            difference = Difference(table, None, key, column, stored, recomputed)
            if stored_version == version:
                findings.add([difference], 1)
            else:
                older.append(difference)
                states.add((key, stored_version, version))
        unmoved = unmoved + 1 if states == before else 1
        if unmoved >= looks:
            findings.add(older, len(older))
            older = []
        if not older or look == looks * _MOST_ROUNDS:
            break
        before = states
        wait()
    findings.count += total - len(rows)
    checked = scratch.read("checked_derived", stored=stored_table)[0][0]
    return DerivedResult(findings, checked, len(older))
