"""What the fold needs to know besides the events: calendar, unit changes, statutory limits."""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.limits import LimitUnit

#: Raised whenever a change of the fold, or of what it adds to the cells, may change a stored state;
#: part of the fingerprint, so that all stored dossiers are folded anew.
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

    @cached_property
    def fingerprint(self) -> int:
        """A number that is another one whenever these rules may fold a dossier in another way.

        The same on every machine and in every process, below 2^64 and never 0. Takes some
        hundredths of a second the first time.
        """
        digest = hashlib.sha256()
        settings = self.calendar.settings
        words = (
            RULES_VERSION,
            self.receipt_limit_seconds,
            settings.same_day_cutoff.isoformat(),
            sorted((code, *change) for code, change in self.successors.items()),
            sorted((code, value, str(unit)) for code, (value, unit) in self.statutory.items()),
        )
        digest.update(repr(words).encode())
        times = array("q", (time for row in self.calendar.interval_rows() for time in row))
        if sys.byteorder == "big":
            times.byteswap()
        digest.update(times.tobytes())
        return int.from_bytes(digest.digest()[:8], "big") or 1

    def unit_on(self, code: str, day: int) -> str:
        """Return the unit that stands for `code` on a day, following successors."""
        change = self.successors.get(code)
        while change is not None and day >= change[0]:
            code = change[1]
            change = self.successors.get(code)
        return code
