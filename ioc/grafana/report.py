"""What a run did or would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from ioc.grafana.compare import Difference
from schemas.grafana_texts import GrafanaSaid


class Action(StrEnum):
    """What becomes of one resource."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "same"


_TEXTS = {
    Action.CREATED: GrafanaSaid.CREATED,
    Action.UPDATED: GrafanaSaid.UPDATED,
    Action.SAME: GrafanaSaid.SAME,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One resource."""

    what: GrafanaSaid
    name: str
    action: Action
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Report:
    """One run.

    Attributes:
        version: of Grafana; empty if it does not tell.
        changes: one a resource, in the order of the run.
        notes: what people should know, in their language.
        problems: what is wrong although everything was written.
    """

    version: str = ""
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, action: Action) -> int:
        """Return how many resources that happened to."""
        return sum(change.action is action for change in self.changes)


def describe(changes: Iterable[Change], language: str, most: int = 8) -> list[str]:
    """Return one line a resource and, below a changed one, its first differences."""
    lines = []
    for change in changes:
        what = change.what.in_language(language)
        lines.append(_TEXTS[change.action].in_language(language, what=what, name=change.name))
        for each in change.differences[:most]:
            lines.append(
                GrafanaSaid.DIFFERENCE.in_language(
                    language, place=each.place, before=each.before, after=each.after
                )
            )
        rest = len(change.differences) - most
        if rest > 0:
            lines.append(GrafanaSaid.MORE.in_language(language, count=rest))
    return lines
