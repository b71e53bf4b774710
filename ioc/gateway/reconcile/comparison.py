"""Compares two sets of dossiers with their statuses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

#: 4 says no more than 2 where snapshots are sent: both mean "being processed".
_SAME = {4: 2}

KINDS = ("missing", "excess", "differing", "elsewhere")


class Difference(NamedTuple):
    """One dossier that is not the same on both sides; status 0 = it is not there.

    Attributes:
        kind: one of `KINDS`.
    """

    kind: str
    dossier_id: str
    desk_status: int
    ioc_status: int


class Comparison(NamedTuple):
    """What was found.

    Attributes:
        desk: how many dossiers the desk named.
        known: how many are here, in the period, with the same status.
        differences: by kind in the order of `KINDS`, then by id.
    """

    desk: int
    known: int
    differences: tuple[Difference, ...]

    def count(self, kind: str) -> int:
        """Return how many differences are of a kind."""
        return sum(one.kind == kind for one in self.differences)


def compare(
    desk: Mapping[str, int], period: Mapping[str, int], others: Mapping[str, int]
) -> Comparison:
    """Compare what a desk holds with what is stored.

    Args:
        desk: dossier id -> status, as the desk has it.
        period: what is stored of the desk's source in the period.
        others: of what the desk named and `period` lacks, what is stored at all.
    """
    found = list(_differences(desk, period, others))
    found.sort(key=lambda one: (KINDS.index(one.kind), one.dossier_id))
    known = sum(_same(status, period.get(each)) for each, status in desk.items())
    return Comparison(len(desk), known, tuple(found))


def _differences(
    desk: Mapping[str, int], period: Mapping[str, int], others: Mapping[str, int]
) -> Iterator[Difference]:
    for dossier_id, status in desk.items():
        here = period.get(dossier_id)
        if here is not None:
            if not _same(status, here):
                yield Difference("differing", dossier_id, status, here)
        elif dossier_id in others:
            yield Difference("elsewhere", dossier_id, status, others[dossier_id])
        else:
            yield Difference("missing", dossier_id, status, 0)
    for dossier_id, here in period.items():
        if dossier_id not in desk:
            yield Difference("excess", dossier_id, 0, here)


def _same(one: int, other: int | None) -> bool:
    return other is not None and _SAME.get(one, one) == _SAME.get(other, other)
