"""Working time of the desks: which seconds count, when a limit ends, when a file is late."""

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.deadline import classify, late_from, shift_due
from schemas.calendar.limits import DueTime, LimitUnit
from schemas.calendar.local_time import date_of_day, day_end, day_of_date, day_start, local_day
from schemas.calendar.settings import CalendarSettings

__all__ = [
    "CalendarSettings",
    "DueTime",
    "LimitUnit",
    "WorkingCalendar",
    "classify",
    "date_of_day",
    "day_end",
    "day_of_date",
    "day_start",
    "late_from",
    "local_day",
    "shift_due",
]
