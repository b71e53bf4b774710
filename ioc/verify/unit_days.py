"""Verifies `unit_days`, which is derived from `dossier_days` and belongs to no shard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ioc.verify.result import DIFFERENCE_LIMIT, Difference, Findings
from ioc.verify.scratch import Scratch


@dataclass(frozen=True, slots=True)
class UnitDaysResult:
    """What was found, how many rows were compared, and how many kept changing meanwhile."""

    findings: Findings
    checked: int
    changing: int


def verify_unit_days(scratch: Scratch, *, looks: int, wait: Callable[[], None]) -> UnitDaysResult:
    """Compare every row with the sum of its cells.

    A row whose version is that of its cells must have their sums. An older one is about to be
    written, so it is looked at again after `wait`; it is a difference when neither it nor its
    cells have moved between the last two looks.
    """
    before: set[tuple[str, ...]] = set()
    look = 0
    while True:
        look += 1
        scratch.fill("stored_unit_days")
        findings = Findings()
        waiting: set[tuple[str, ...]] = set()
        pending: list[tuple[Difference, tuple[str, ...]]] = []
        total = 0
        rows = scratch.read("compare_unit_days", limit=DIFFERENCE_LIMIT)
        for key, column, stored, recomputed, stored_version, version, total in rows:  # noqa: B007
            difference = Difference("unit_days", None, key, column, stored, recomputed)
            state = (key, stored_version, version)
            if stored_version == version or state in before:
                findings.add([difference], 1)
            else:
                waiting.add(state)
                pending.append((difference, state))
        if not waiting or look == looks:
            break
        before = waiting
        wait()
    findings.count += total - len(rows)
    checked = scratch.read("checked_unit_days")[0][0]
    return UnitDaysResult(findings, checked, len(pending))
