"""When a file is late, how pauses move its due time, and how a result is classified.

Pure functions of due time and unit. The one convention of the project is `late_from`: the first
second that is late. A result, or the clock, is late when it is at or after that second.
"""

from __future__ import annotations

from typing import Literal

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.limits import LimitUnit
from schemas.calendar.local_time import day_end, local_day

__all__ = ["LimitUnit", "Punctuality", "classify", "late_from", "shift_due"]

Punctuality = Literal["early", "on_time", "late"]


def late_from(due_epoch: int, limit_unit: LimitUnit) -> int:
    """Return the first second that is late, in epoch seconds.

    An hour-based due time is an instant that still counts as on time, so the second after it; a
    day-based one stands for the whole due day, so the following local midnight, whatever time of
    day it carries.
    """
    if limit_unit == LimitUnit.WORKING_HOURS:
        return due_epoch + 1
    return day_end(local_day(due_epoch))


def shift_due(
    due_epoch: int,
    limit_unit: LimitUnit,
    paused_working_seconds: int,
    calendar: WorkingCalendar,
) -> int:
    """Return the due time after pauses of that much working time in all.

    No paused time leaves the due time as it is. An hour-based due time moves on by the working
    time. A day-based one is first read as the end of work on its day, because a date without a
    time promises all of that working day; so one paused working day moves it by exactly one
    working day, and any part of a day runs into the next.

    An explicit new date (an apology, a supplement's new date) wins over shifts: the caller passes
    that date on unshifted, never both.

    Raises:
        ValueError: The paused time is negative.
        RejectError: ``out_of_calendar``, for a due time before or after the shift.
    """
    if paused_working_seconds == 0:
        return due_epoch
    if limit_unit != LimitUnit.WORKING_HOURS:
        due_epoch = calendar.end_of_work(local_day(due_epoch))
    return calendar.add_working_seconds(due_epoch, paused_working_seconds)


def classify(result_epoch: int, due_epoch: int, limit_unit: LimitUnit) -> Punctuality:
    """Class a result by the desk rule: before the due day, on it, or late."""
    if result_epoch >= late_from(due_epoch, limit_unit):
        return "late"
    return "early" if local_day(result_epoch) < local_day(due_epoch) else "on_time"
