"""The working calendar: working time between two instants, and due times from limits.

Every working day has the same two intervals, so working time is arithmetic on the number of
working days before a day: each call is O(1). All times are epoch seconds (UTC) as integers, all
days local day numbers (see `schemas.calendar.local_time`).
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from typing import NoReturn

from schemas.calendar.day_plan import PlannedDay, plan_days
from schemas.calendar.limits import DueTime, LimitUnit
from schemas.calendar.local_time import (
    DAY_SECONDS,
    date_of_day,
    day_end,
    day_of_date,
    day_start,
    local_day,
)
from schemas.calendar.settings import CalendarSettings
from schemas.errors import ConfigurationError, RejectError


class WorkingCalendar:
    """Working days and working time of the covered years; immutable once built.

    Building reads files and takes some tenths of a second; afterwards nothing blocks, and the
    object may be shared between threads. A time outside the covered years raises `RejectError`
    with code ``out_of_calendar``: no answer is ever silently wrong.

    Raises:
        ReferenceDataError: A list of days is wrong.
        ConfigurationError: The settings leave no working day at all.
    """

    __slots__ = (
        "_afternoon_length",
        "_afternoon_start",
        "_day_count",
        "_day_length",
        "_first_day",
        "_first_epoch",
        "_is_working",
        "_morning_length",
        "_morning_start",
        "_planned",
        "_work_starts",
        "_working_days_before",
        "settings",
    )

    local_day = staticmethod(local_day)
    day_start = staticmethod(day_start)
    day_end = staticmethod(day_end)
    day_of_date = staticmethod(day_of_date)
    date_of_day = staticmethod(date_of_day)

    def __init__(self, settings: CalendarSettings) -> None:
        self.settings = settings
        self._planned = plan_days(settings)
        self._first_day = day_of_date(self._planned[0].date)
        self._first_epoch = day_start(self._first_day)
        self._day_count = len(self._planned)
        # Seconds after midnight, and lengths, of the two intervals.
        self._morning_start = _second_of_day(settings.morning_start)
        self._morning_length = _second_of_day(settings.morning_end) - self._morning_start
        self._afternoon_start = _second_of_day(settings.afternoon_start)
        self._afternoon_length = _second_of_day(settings.afternoon_end) - self._afternoon_start
        self._day_length = self._morning_length + self._afternoon_length
        self._is_working = [day.is_working for day in self._planned]
        # For each covered day: the number of covered working days before it.
        self._working_days_before: list[int] = []
        # Midnight of the n-th working day.
        self._work_starts: list[int] = []
        for index, is_working in enumerate(self._is_working):
            self._working_days_before.append(len(self._work_starts))
            if is_working:
                self._work_starts.append(self._first_epoch + index * DAY_SECONDS)
        if not self._work_starts:
            raise ConfigurationError("the calendar has no working day; check IOC_CALENDAR_*")

    def covers(self, epoch: int, field: str = "") -> None:
        """Check that the instant lies in the covered years.

        Raises:
            RejectError: It does not; code ``out_of_calendar``, with the given field name.
        """
        if not 0 <= epoch - self._first_epoch < self._day_count * DAY_SECONDS:
            self._reject(local_day(epoch), field)

    def is_working_day(self, day: int) -> bool:
        """Whether desks work on the day."""
        return self._is_working[self._index(day)]

    def working_seconds(self, start_epoch: int, end_epoch: int) -> int:
        """Return the working time between two instants; 0 if the end is not after the start."""
        elapsed = self._elapsed(end_epoch) - self._elapsed(start_epoch)
        return max(elapsed, 0)

    def add_working_seconds(self, epoch: int, seconds: int) -> int:
        """Return the smallest t >= epoch with exactly that working time between epoch and t.

        Time that runs out with the working day ends at its last instant (17:00), not at the next
        morning. Zero seconds return the instant itself, also outside working hours.

        Raises:
            ValueError: The seconds are negative.
            RejectError: The result lies outside the covered years.
        """
        if seconds <= 0:
            if seconds < 0:
                raise ValueError("working seconds must not be negative")
            self.covers(epoch)
            return epoch
        number, rest = divmod(self._elapsed(epoch) + seconds - 1, self._day_length)
        if number >= len(self._work_starts):
            self._reject(self._first_day + self._day_count)
        rest += 1
        if rest <= self._morning_length:
            return self._work_starts[number] + self._morning_start + rest
        return self._work_starts[number] + self._afternoon_start + rest - self._morning_length

    def add_working_days(self, day: int, count: int) -> int:
        """Return the count-th working day after the day; the day itself for a count of 0.

        Raises:
            ValueError: The count is negative.
            RejectError: The result lies outside the covered years.
        """
        index = self._index(day)
        if count <= 0:
            if count < 0:
                raise ValueError("a number of working days must not be negative")
            return day
        number = self._working_days_before[index] + self._is_working[index] + count - 1
        if number >= len(self._work_starts):
            self._reject(self._first_day + self._day_count)
        return local_day(self._work_starts[number])

    def end_of_work(self, day: int) -> int:
        """Return when the day's work ends; on a non-working day the following midnight."""
        if not self._is_working[self._index(day)]:
            return day_end(day)
        return day_start(day) + self._afternoon_start + self._afternoon_length

    def due_from_limit(self, received_epoch: int, value: int, unit: LimitUnit) -> DueTime:
        """Return the due time of a dossier received at an instant under a stated time limit.

        * working hours run on from the instant of receipt;
        * working days: the n-th working day after the day of receipt (Civil Code 2015, Art. 147:
          the first day is not counted), at the end of its work;
        * days, months: the n-th day, or the same day of the n-th month clipped to its length,
          moved to the next working day if it is none (Art. 148);
        * a limit of 0 days or 0 working days is a same-day procedure: due the day of receipt, or
          the next working day if received after the cut-off or on a non-working day.

        A limit of 8 working hours is *not* a same-day procedure: it keeps its hours.

        Raises:
            RejectError: ``bad_limit`` for a value that is negative, or zero in hours or months;
                ``out_of_calendar``.
        """
        unit = LimitUnit(unit)
        same_day_exists = unit in (LimitUnit.WORKING_DAYS, LimitUnit.DAYS)
        if value < 0 or (value == 0 and not same_day_exists):
            raise RejectError(
                "bad_limit",
                f"a limit of {value} {unit} is impossible",
                field="limit_value",
                value=str(value),
            )
        if unit is LimitUnit.WORKING_HOURS:
            return DueTime(self.add_working_seconds(received_epoch, value * 3600), unit)
        received_day = local_day(received_epoch)
        if value == 0:
            due_day = self._same_day_due(received_epoch)
        elif unit is LimitUnit.WORKING_DAYS:
            due_day = self.add_working_days(received_day, value)
        elif unit is LimitUnit.DAYS:
            due_day = self.next_working_day(received_day + value)
        else:
            due_day = self.next_working_day(_add_months(received_day, value))
        return DueTime(self.end_of_work(due_day), unit)

    def next_working_day(self, day: int) -> int:
        """Return the day itself if desks work on it, else the next day on which they do."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def interval_rows(self) -> Iterator[tuple[int, int]]:
        """Yield every working interval as (start, end) in epoch seconds, in order."""
        for midnight in self._work_starts:
            start = midnight + self._morning_start
            yield start, start + self._morning_length
            start = midnight + self._afternoon_start
            yield start, start + self._afternoon_length

    def day_rows(self) -> Iterator[PlannedDay]:
        """Yield every covered day as (date, is_working, reason_vi, reason_en), in order."""
        return iter(self._planned)

    def _same_day_due(self, received_epoch: int) -> int:
        day = local_day(received_epoch)
        cutoff = day_start(day) + _second_of_day(self.settings.same_day_cutoff)
        if received_epoch > cutoff or not self.is_working_day(day):
            return self.add_working_days(day, 1)
        return day

    def _elapsed(self, epoch: int) -> int:
        """Return the working seconds from the first covered instant to the given one."""
        since_first = epoch - self._first_epoch
        index = since_first // DAY_SECONDS
        if not 0 <= index < self._day_count:
            self._reject(index + self._first_day)
        elapsed = self._working_days_before[index] * self._day_length
        if self._is_working[index]:
            second = since_first - index * DAY_SECONDS
            if second >= self._afternoon_start:
                worked = second - self._afternoon_start
                if worked > self._afternoon_length:  # noqa: PLR1730 min() would double the cost
                    worked = self._afternoon_length
                return elapsed + self._morning_length + worked
            worked = second - self._morning_start
            if worked > 0:
                return elapsed + (worked if worked < self._morning_length else self._morning_length)
        return elapsed

    def _index(self, day: int) -> int:
        index = day - self._first_day
        if not 0 <= index < self._day_count:
            self._reject(day)
        return index

    def _reject(self, day: int, field: str = "") -> NoReturn:
        years = f"{self.settings.first_year} to {self.settings.last_year}"
        try:
            value = date_of_day(day).isoformat()
        except (ValueError, OverflowError):
            value = f"day {day}"
        raise RejectError(
            "out_of_calendar",
            f"{value} lies outside the years {years} of the working calendar",
            field=field,
            value=value,
        )


def _second_of_day(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _add_months(day: int, months: int) -> int:
    date = date_of_day(day)
    years, month_index = divmod(date.month - 1 + months, 12)
    year, month = date.year + years, month_index + 1
    if year > dt.MAXYEAR:
        raise RejectError(
            "bad_limit",
            f"a limit of {months} months is impossible",
            field="limit_value",
            value=str(months),
        )
    return day_of_date(dt.date(year, month, min(date.day, monthrange(year, month)[1])))
