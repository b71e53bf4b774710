"""Which days a wall shows."""

from __future__ import annotations

import datetime as dt

import pytest

from ioc.wall.period import Asked, Period, Span, read_asked, resolve
from schemas.errors import RejectError

TODAY = dt.date(2026, 11, 22)  # a Sunday


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("week", "2026-11-16", "2026-11-22"),
        ("month", "2026-11-01", "2026-11-30"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-12-31"),
        ("all", "2020-03-05", "2026-11-22"),
    ],
)
def test_named_periods(name: str, first: str, last: str):
    span = Span(d("2020-03-05"), d("2026-11-20"))
    period = resolve(read_asked({"period": name}), TODAY, span)
    assert (period.from_day, period.to_day) == (d(first), d(last))
    assert period.at is None
    assert not period.newest


def test_february_and_december_end_where_they_end():
    assert resolve(Asked("month"), d("2024-02-10"), None).to_day == d("2024-02-29")
    assert resolve(Asked("month"), d("2026-12-31"), None).to_day == d("2026-12-31")
    assert resolve(Asked("quarter"), d("2026-12-31"), None).from_day == d("2026-10-01")


def test_a_range_is_taken_as_it_is():
    period = resolve(read_asked({"from": "2024-09-21", "to": "2024-10-20"}), TODAY, None)
    assert period == Period("range", d("2024-09-21"), d("2024-10-20"))
    whole = resolve(read_asked({"from": "2024-02-01", "to": "2024-02-29"}), TODAY, None)
    assert whole == Period("month", d("2024-02-01"), d("2024-02-29"))


def test_the_default_is_this_month():
    span = Span(d("2024-01-01"), d("2026-11-02"))
    assert resolve(Asked(), TODAY, span) == Period("month", d("2026-11-01"), d("2026-11-30"))
    assert resolve(Asked(), TODAY, None) == Period("month", d("2026-11-01"), d("2026-11-30"))


def test_a_month_without_data_yet_gives_way_to_the_last_one_but_the_clock_stays():
    """After a long holiday files are overdue as of now, however old the newest event is."""
    period = resolve(Asked(), d("2026-11-02"), Span(d("2024-01-01"), d("2026-10-30")))
    assert period == Period("month", d("2026-10-01"), d("2026-10-31"), newest=True)


def test_figures_of_the_past_are_compared_with_their_own_end():
    period = resolve(Asked(), TODAY, Span(d("2024-07-01"), d("2024-09-30")))
    end = int(dt.datetime(2024, 9, 30, 17, tzinfo=dt.UTC).timestamp())
    assert period == Period("month", d("2024-09-01"), d("2024-09-30"), newest=True, at=end)


def test_a_wished_moment_wins():
    asked = read_asked({"at": "2024-09-30T17:00"})
    assert asked.at == int(dt.datetime(2024, 9, 30, 10, tzinfo=dt.UTC).timestamp())
    period = resolve(asked, TODAY, Span(d("2024-07-01"), d("2024-09-30")))
    assert period.at == asked.at


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        ("2024-09-01", "2024-09-30", "day"),
        ("2024-09-01", "2024-11-01", "day"),
        ("2024-09-01", "2024-11-02", "week"),
        ("2024-01-01", "2024-12-31", "week"),
        ("2020-01-01", "2024-12-31", "month"),
    ],
)
def test_long_periods_are_drawn_coarser(first: str, last: str, step: str):
    assert Period("range", d(first), d(last)).step == step


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "fortnight"}, "period"),
        ({"from": "2024-09-01"}, "from"),
        ({"from": "2024-09-01", "to": "2024-09-30", "period": "month"}, "from"),
        ({"from": "2024-09-02", "to": "2024-09-01"}, "to"),
        ({"from": "01/09/2024", "to": "2024-09-30"}, "from"),
        ({"from": "1024-09-01", "to": "2024-09-30"}, "from"),
        ({"at": "yesterday"}, "at"),
        ({"at": "0001-01-01T00:00"}, "at"),
    ],
)
def test_wrong_wishes_are_named(query: dict[str, str], field: str):
    with pytest.raises(RejectError) as caught:
        read_asked(query)
    assert caught.value.field == field
