"""The units in which procedures state their time limits, and what a limit leads to."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class LimitUnit(StrEnum):
    """Unit of a time limit; it decides whether a due time is an instant or a whole day."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"

    @property
    def is_hour_based(self) -> bool:
        """Whether the deadline is an instant; every other unit means the end of the due day."""
        return self is LimitUnit.WORKING_HOURS


class DueTime(NamedTuple):
    """A due time together with the unit that says how to read it.

    Attributes:
        due_epoch: epoch seconds; for a day-based unit any instant of the due day.
        limit_unit: the unit of the limit that it came from.
    """

    due_epoch: int
    limit_unit: LimitUnit
