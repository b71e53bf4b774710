"""What the fold needs to know besides the events: calendar, unit changes, statutory limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.limits import LimitUnit

#: Raised whenever a change of the fold may change a stored state; part of every row's version.
RULES_VERSION = 1


@dataclass(frozen=True)
class FoldRules:
    """Reference data of the fold; immutable, shared by all dossiers.

    Attributes:
        calendar: the working calendar.
        successors: unit code -> (first day on which it is no longer valid, successor's code),
            for every unit that has a successor.
        statutory: procedure id -> (limit value, unit); used where a dossier has no due date.
        receipt_limit_seconds: working seconds within which an online file must be received.
    """

    calendar: WorkingCalendar
    successors: Mapping[str, tuple[int, str]]
    statutory: Mapping[str, tuple[int, LimitUnit]]
    receipt_limit_seconds: int = 8 * 3600

    def unit_on(self, code: str, day: int) -> str:
        """Return the unit that stands for `code` on a day, following successors."""
        change = self.successors.get(code)
        while change is not None and day >= change[0]:
            code = change[1]
            change = self.successors.get(code)
        return code
