"""Finds dossiers that may be one under two codes, a known defect of real feeds.

Only a suspicion, and only within what was sent together: it is reported, never acted on.
"""

from __future__ import annotations

from collections.abc import Sequence

from ioc.national.told import Event, Told

_MIDNIGHT = "T00:00:00"


def report_twins(told: Sequence[Told]) -> None:
    """Add a loss `two_codes` to entries that share procedure, unit, receipt and due time.

    Receipts without a time of day say too little.
    """
    first: dict[tuple[object, ...], Told] = {}
    for one in told:
        receipt = next((event for event in one.events if event["status"] == 2), None)
        if receipt is None or receipt["occurred_at"][10:19] == _MIDNIGHT:
            continue
        other = first.setdefault(_mark(receipt), one)
        if other.dossier_id != one.dossier_id:
            one.lose("two_codes", "perhaps one dossier", "MaHoSo", other.dossier_id or "")


def _mark(receipt: Event) -> tuple[object, ...]:
    names = ("procedure", "authority", "receiver", "occurred_at", "due_at", "channel")
    return tuple(receipt.get(name) for name in names)
