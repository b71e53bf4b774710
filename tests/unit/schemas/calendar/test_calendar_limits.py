"""Due times from stated limits, and what a due time means."""

import pytest

from schemas.calendar import LimitUnit, classify, late_from, shift_due
from schemas.errors import RejectError

HOURS, DAYS = LimitUnit.WORKING_HOURS, LimitUnit.DAYS
WORKING_DAYS, MONTHS = LimitUnit.WORKING_DAYS, LimitUnit.MONTHS
HOUR = 3600


@pytest.mark.parametrize(
    ("received", "value", "unit", "due"),
    [
        ("2026-11-18 10:00", 4, HOURS, "2026-11-18 16:00"),
        ("2026-11-18 16:00", 4, HOURS, "2026-11-19 10:00"),
        # Eight hours are eight hours, not a same-day procedure.
        ("2026-11-18 14:00", 8, HOURS, "2026-11-19 14:00"),
        ("2026-11-18 07:00", 8, HOURS, "2026-11-18 17:00"),
        ("2026-11-18 10:00", 1, WORKING_DAYS, "2026-11-19 17:00"),
        ("2026-11-18 16:59", 3, WORKING_DAYS, "2026-11-23 17:00"),
        ("2026-11-18 16:59", 4, WORKING_DAYS, "2026-11-25 17:00"),
        ("2026-02-12 09:00", 2, WORKING_DAYS, "2026-02-23 17:00"),
        ("2026-08-20 09:00", 2, WORKING_DAYS, "2026-08-22 17:00"),
        # Calendar days; a day off moves to the next working day.
        ("2026-11-18 10:00", 5, DAYS, "2026-11-23 17:00"),
        ("2026-11-18 10:00", 3, DAYS, "2026-11-23 17:00"),
        ("2026-08-12 10:00", 10, DAYS, "2026-08-22 17:00"),
        ("2026-08-21 10:00", 10, DAYS, "2026-09-03 17:00"),
        ("2026-11-18 23:59:59", 1, DAYS, "2026-11-19 17:00"),
        # Months: same number, clipped to the month's length.
        ("2026-03-31 10:00", 1, MONTHS, "2026-05-04 17:00"),
        ("2026-10-30 10:00", 4, MONTHS, "2027-03-01 17:00"),
        ("2023-12-29 10:00", 2, MONTHS, "2024-02-29 17:00"),
        ("2024-01-31 10:00", 1, MONTHS, "2024-02-29 17:00"),
        ("2026-06-15 10:00", 12, MONTHS, "2027-06-15 17:00"),
    ],
)
def test_due_from_limit(calendar, at, received, value, unit, due):
    assert calendar.due_from_limit(at(received), value, unit) == (at(due), unit)


@pytest.mark.parametrize("unit", [WORKING_DAYS, DAYS])
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-18 00:00", "2026-11-18 17:00"),
        ("2026-11-18 14:59:59", "2026-11-18 17:00"),
        ("2026-11-18 15:00", "2026-11-18 17:00"),
        ("2026-11-18 15:00:01", "2026-11-19 17:00"),
        ("2026-11-18 23:00", "2026-11-19 17:00"),
        ("2026-11-20 15:30", "2026-11-23 17:00"),
        ("2026-11-21 09:00", "2026-11-23 17:00"),
        ("2026-11-21 16:00", "2026-11-23 17:00"),
        ("2026-08-22 10:00", "2026-08-22 17:00"),
        ("2026-08-28 15:01", "2026-09-03 17:00"),
    ],
)
def test_same_day_procedure(calendar, at, received, due, unit):
    assert calendar.due_from_limit(at(received), 0, unit) == (at(due), unit)


@pytest.mark.parametrize(
    ("value", "unit"), [(0, HOURS), (0, MONTHS), (-1, WORKING_DAYS), (-1, DAYS), (10**6, MONTHS)]
)
def test_impossible_limits_are_rejected(calendar, at, value, unit):
    with pytest.raises(RejectError) as caught:
        calendar.due_from_limit(at("2026-11-18 10:00"), value, unit)
    assert (caught.value.code, caught.value.field) == ("bad_limit", "limit_value")


def test_limits_beyond_the_calendar_are_rejected(calendar, at):
    for unit, value in ((HOURS, 10**9), (WORKING_DAYS, 10**6), (DAYS, 10**5), (MONTHS, 600)):
        with pytest.raises(RejectError) as caught:
            calendar.due_from_limit(at("2026-11-18 10:00"), value, unit)
        assert caught.value.code == "out_of_calendar", unit


@pytest.mark.parametrize(
    ("unit", "result", "verdict"),
    [
        # Due at 10:00 of a day-based limit: the whole day counts, nobody is alerted at 10:00.
        (WORKING_DAYS, "2026-11-18 15:00", "on_time"),
        (DAYS, "2026-11-18 23:59:59", "on_time"),
        (MONTHS, "2026-11-19 00:00", "late"),
        (WORKING_DAYS, "2026-11-18 00:00", "on_time"),
        (WORKING_DAYS, "2026-11-17 23:59:59", "early"),
        # Due at 10:00 of an hour-based limit: the instant counts.
        (HOURS, "2026-11-18 10:00", "on_time"),
        (HOURS, "2026-11-18 10:00:01", "late"),
        (HOURS, "2026-11-18 00:00", "on_time"),
        (HOURS, "2026-11-17 23:59:59", "early"),
    ],
)
def test_classify(at, unit, result, verdict):
    assert classify(at(result), at("2026-11-18 10:00"), unit) == verdict


def test_late_from_is_the_first_late_second(at):
    due = at("2026-11-18 10:00")
    assert late_from(due, HOURS) == due + 1
    for unit in (WORKING_DAYS, DAYS, MONTHS):
        assert late_from(due, unit) == at("2026-11-19 00:00")
    # A date without a time reads as its first second, and is that day still.
    assert late_from(at("2026-11-18 00:00"), DAYS) == at("2026-11-19 00:00")


@pytest.mark.parametrize(
    ("due", "unit", "paused", "shifted"),
    [
        ("2026-11-18 10:00", HOURS, 0, "2026-11-18 10:00"),
        ("2026-11-18 10:00", WORKING_DAYS, 0, "2026-11-18 10:00"),
        ("2026-11-18 10:00", HOURS, 2 * HOUR, "2026-11-18 14:00"),
        # Day-based: counted from the end of work of the due day.
        ("2026-11-18 10:00", WORKING_DAYS, 8 * HOUR, "2026-11-19 17:00"),
        ("2026-11-18 00:00", DAYS, 8 * HOUR, "2026-11-19 17:00"),
        ("2026-11-18 10:00", WORKING_DAYS, 1, "2026-11-19 07:00:01"),
        ("2026-11-20 17:00", WORKING_DAYS, 16 * HOUR, "2026-11-25 17:00"),
        ("2026-08-21 17:00", MONTHS, 8 * HOUR, "2026-08-22 17:00"),
        # An explicit date on a day off counts from the end of that day.
        ("2026-11-21 10:00", DAYS, HOUR, "2026-11-23 08:00"),
    ],
)
def test_shift_due(calendar, at, due, unit, paused, shifted):
    assert shift_due(at(due), unit, paused, calendar) == at(shifted)


def test_a_negative_pause_is_a_programming_error(calendar, at):
    for unit in LimitUnit:
        with pytest.raises(ValueError, match="negative"):
            shift_due(at("2026-11-18 10:00"), unit, -1, calendar)
