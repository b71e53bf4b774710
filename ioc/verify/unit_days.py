"""Verifies `unit_days`, which is derived from `dossier_days` and belongs to no shard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ioc.verify.result import DIFFERENCE_LIMIT, Difference, Findings
from ioc.verify.scratch import Scratch

#: While rows go on moving it is looked at so many times as often.
_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class UnitDaysResult:
    """What was found, how many rows were compared, and how many kept changing meanwhile."""

    findings: Findings
    checked: int
    changing: int


def verify_unit_days(scratch: Scratch, *, looks: int, wait: Callable[[], None]) -> UnitDaysResult:
    """Compare every row with the sum of its cells.

    A row whose version is that of its cells must have their sums. An older one is about to be
    written, which may take a while after a flood of events: it is a difference once `looks` looks
    in a row, with `wait` between them, saw none of the older rows or their cells move.
    """
    before: set[tuple[str, ...]] = set()
    unmoved = 0
    for look in range(1, looks * _MOST_ROUNDS + 1):
        scratch.fill("stored_unit_days")
        findings = Findings()
        older: list[Difference] = []
        states: set[tuple[str, ...]] = set()
        total = 0
        rows = scratch.read("compare_unit_days", limit=DIFFERENCE_LIMIT)
        for key, column, stored, recomputed, stored_version, version, total in rows:  # noqa: B007
            difference = Difference("unit_days", None, key, column, stored, recomputed)
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
    checked = scratch.read("checked_unit_days")[0][0]
    return UnitDaysResult(findings, checked, len(older))
