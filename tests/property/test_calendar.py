"""Working-time arithmetic against an oracle that looks at every minute, or every second.

The oracle shares nothing with the code under test: its days are written out below, its local time
comes from the zone database, and it counts by walking.
"""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.calendar import (
    CalendarSettings,
    LimitUnit,
    WorkingCalendar,
    classify,
    late_from,
    local_day,
    shift_due,
)

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = ((dt.time(7, 0), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))
DAY_SECONDS_WORKED = 8 * 3600
OFF = {
    dt.date.fromisoformat(text)
    for text in (  # noqa: SIM905 a list of dates reads better without its quotes
        "2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-04-07 2025-04-30 "
        "2025-05-01 2025-05-02 2025-09-01 2025-09-02 2026-01-01 2026-01-02 2026-02-16 2026-02-17 "
        "2026-02-18 2026-02-19 2026-02-20 2026-04-27 2026-04-30 2026-05-01 2026-08-31 2026-09-01 "
        "2026-09-02 2026-11-24 2027-01-01"
    ).split()
}
MAKE_UP = {dt.date(2025, 4, 26), dt.date(2026, 1, 10), dt.date(2026, 8, 22)}


@pytest.fixture(scope="module")
def calendar():
    return WorkingCalendar(CalendarSettings(_env_file=None))


def oracle_works_on(date: dt.date) -> bool:
    return date in MAKE_UP or (date.isoweekday() <= 5 and date not in OFF)


def oracle_second(epoch: int) -> bool:
    """Whether the second that begins at this instant is working time."""
    moment = dt.datetime.fromtimestamp(epoch, LOCAL)
    return oracle_works_on(moment.date()) and any(
        start <= moment.time() < end for start, end in HOURS
    )


@cache
def oracle_minute(minute: int) -> bool:
    """The same for a whole minute: the default hours begin and end on full minutes."""
    return oracle_second(minute * 60)


def epoch_of(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL).timestamp())


FIRST, LAST = epoch_of("2025-01-01 00:00"), epoch_of("2026-12-01 00:00")
# Places where rules meet, so that they are hit often: Tết, swaps, 24 November, a plain week.
ANCHORS = [
    epoch_of(f"{date} {time}")
    for date in ("2025-01-24", "2025-04-26", "2026-02-13", "2026-08-22", "2026-08-28", "2026-11-23")
    for time in ("00:00", "07:00", "11:30", "13:30", "17:00")
]
minutes = st.one_of(
    st.integers(FIRST // 60, LAST // 60),
    st.builds(lambda a, d: a // 60 + d, st.sampled_from(ANCHORS), st.integers(-90, 90)),
)
seconds = st.one_of(
    st.integers(FIRST, LAST),
    st.builds(lambda a, d: a + d, st.sampled_from(ANCHORS), st.integers(-5, 5)),
)
far = st.integers(epoch_of("2015-01-01 00:00"), epoch_of("2034-12-31 23:59"))


@settings(max_examples=150, deadline=None)
@given(start=minutes, length=st.integers(0, 12 * 1440))
def test_working_time_of_whole_minutes(calendar, start, length):
    expected = 60 * sum(oracle_minute(minute) for minute in range(start, start + length))
    assert calendar.working_seconds(start * 60, (start + length) * 60) == expected


@settings(max_examples=60, deadline=None)
@given(start=seconds, length=st.integers(0, 3000))
def test_working_time_of_single_seconds(calendar, start, length):
    expected = sum(oracle_second(second) for second in range(start, start + length))
    assert calendar.working_seconds(start, start + length) == expected


@settings(max_examples=150, deadline=None)
@given(start=minutes, worked=st.integers(1, 3 * 480))
def test_adding_working_minutes_ends_with_the_last_of_them(calendar, start, worked):
    minute, left = start, worked
    while left:
        left -= oracle_minute(minute)
        minute += 1
    assert calendar.add_working_seconds(start * 60, worked * 60) == minute * 60


@settings(max_examples=60, deadline=None)
@given(start=seconds, worked=st.integers(1, 600))
def test_adding_working_seconds_ends_with_the_last_of_them(calendar, start, worked):
    # Skip the hours without work by minutes; count by seconds inside working time.
    second, left = start, worked
    while left:
        if second % 60 == 0 and not oracle_minute(second // 60):
            second += 60
            continue
        left -= oracle_second(second)
        second += 1
    assert calendar.add_working_seconds(start, worked) == second


@given(start=far, amount=st.integers(1, 40 * DAY_SECONDS_WORKED))
def test_the_sum_is_the_smallest_time_with_that_much_work(calendar, start, amount):
    end = calendar.add_working_seconds(start, amount)
    assert calendar.working_seconds(start, end) == amount
    assert calendar.working_seconds(start, end - 1) == amount - 1


@given(start=far, first=st.integers(0, 10**6), second=st.integers(0, 10**6))
def test_sums_may_be_split(calendar, start, first, second):
    halfway = calendar.add_working_seconds(start, first)
    assert calendar.add_working_seconds(halfway, second) == calendar.add_working_seconds(
        start, first + second
    )


@given(times=st.lists(far, min_size=3, max_size=3))
def test_working_time_is_additive_and_never_negative(calendar, times):
    a, b, c = sorted(times)
    assert calendar.working_seconds(a, c) == (
        calendar.working_seconds(a, b) + calendar.working_seconds(b, c)
    )
    assert calendar.working_seconds(c, a) == 0


@settings(max_examples=50, deadline=None)
@given(a=far, b=far)
def test_exported_intervals_give_the_same_working_time(calendar, a, b):
    start, end = sorted((a, b))
    overlap = sum(
        max(0, min(end, stop) - max(start, begin)) for begin, stop in calendar.interval_rows()
    )
    assert calendar.working_seconds(start, end) == overlap


@given(start=seconds, count=st.integers(0, 40))
def test_working_days_are_counted_by_walking(calendar, start, count):
    date = dt.datetime.fromtimestamp(start, LOCAL).date()
    left = count
    while left:
        date += dt.timedelta(days=1)
        left -= oracle_works_on(date)
    assert calendar.date_of_day(calendar.add_working_days(local_day(start), count)) == date


limits = st.one_of(
    st.tuples(st.just(LimitUnit.WORKING_HOURS), st.integers(1, 300)),
    st.tuples(st.just(LimitUnit.WORKING_DAYS), st.integers(0, 60)),
    st.tuples(st.just(LimitUnit.DAYS), st.integers(0, 200)),
    st.tuples(st.just(LimitUnit.MONTHS), st.integers(1, 8)),
)


@given(received=st.integers(FIRST, epoch_of("2026-03-31 23:59:59")), limit=limits)
def test_due_days_are_working_days_and_never_before_receipt(calendar, received, limit):
    unit, value = limit
    due, _ = calendar.due_from_limit(received, value, unit)
    assert oracle_works_on(dt.datetime.fromtimestamp(due, LOCAL).date())
    assert late_from(due, unit) > received
    longer, _ = calendar.due_from_limit(received, value + 1, unit)
    assert longer >= due


@given(received=seconds, value=st.integers(1, 30))
def test_days_end_on_the_first_working_day_at_or_after_the_nth(calendar, received, value):
    date = dt.datetime.fromtimestamp(received, LOCAL).date() + dt.timedelta(days=value)
    while not oracle_works_on(date):
        date += dt.timedelta(days=1)
    due, _ = calendar.due_from_limit(received, value, LimitUnit.DAYS)
    assert dt.datetime.fromtimestamp(due, LOCAL) == dt.datetime.combine(date, dt.time(17), LOCAL)


@given(due=seconds, days=st.integers(1, 30), unit=st.sampled_from(LimitUnit))
def test_a_pause_of_whole_days_moves_the_due_day_by_as_many_working_days(calendar, due, days, unit):
    shifted = shift_due(due, unit, days * DAY_SECONDS_WORKED, calendar)
    if unit is LimitUnit.WORKING_HOURS:
        assert calendar.working_seconds(due, shifted) == days * DAY_SECONDS_WORKED
    else:
        assert local_day(shifted) == calendar.add_working_days(local_day(due), days)


@given(
    due=seconds,
    pause=st.integers(0, 10**6),
    more=st.integers(0, 10**5),
    unit=st.sampled_from(LimitUnit),
)
def test_a_longer_pause_never_brings_the_deadline_forward(calendar, due, pause, more, unit):
    shifted = shift_due(due, unit, pause, calendar)
    longer = shift_due(due, unit, pause + more, calendar)
    assert late_from(longer, unit) >= late_from(shifted, unit) >= late_from(due, unit)


@given(due=seconds, result=seconds, unit=st.sampled_from(LimitUnit))
def test_a_verdict_is_what_local_dates_and_times_say(due, result, unit):
    due_at = dt.datetime.fromtimestamp(due, LOCAL)
    result_at = dt.datetime.fromtimestamp(result, LOCAL)
    if result_at.date() < due_at.date():
        expected = "early"
    elif unit is LimitUnit.WORKING_HOURS:
        expected = "on_time" if result_at <= due_at else "late"
    else:
        expected = "on_time" if result_at.date() == due_at.date() else "late"
    assert classify(result, due, unit) == expected


@st.composite
def working_hours(draw):
    edges = sorted(draw(st.lists(st.integers(0, 1439), min_size=4, max_size=4, unique=True)))
    return [dt.time(minute // 60, minute % 60) for minute in edges]


@settings(max_examples=15, deadline=None)
@given(
    hours=working_hours(),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    start=st.integers(0, 1440),
    length=st.integers(0, 10 * 1440),
)
def test_any_hours_and_weekdays(hours, weekdays, start, length):
    calendar = WorkingCalendar(
        CalendarSettings(
            _env_file=None,
            morning_start=hours[0],
            morning_end=hours[1],
            afternoon_start=hours[2],
            afternoon_end=hours[3],
            working_weekdays=tuple(weekdays),
            first_year=2026,
            last_year=2026,
        )
    )
    # October 2026 has neither holidays nor swaps, so the weekday alone decides.
    first = epoch_of("2026-10-01 00:00") // 60 + start
    worked = 0
    for minute in range(first, first + length):
        moment = dt.datetime.fromtimestamp(minute * 60, LOCAL)
        inside = hours[0] <= moment.time() < hours[1] or hours[2] <= moment.time() < hours[3]
        worked += 60 * (inside and moment.isoweekday() in weekdays)
    end = (first + length) * 60
    assert calendar.working_seconds(first * 60, end) == worked
    if worked:
        last = calendar.add_working_seconds(first * 60, worked)
        assert last <= end
        assert calendar.working_seconds(first * 60, last) == worked
        assert calendar.working_seconds(first * 60, last - 1) == worked - 1
