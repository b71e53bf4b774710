"""docs/fold.md, section 5, in SQL: the day from which a file is late by the national index rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import HOURS, AuditLog, event, recompute, warehouse

NEVER = "2149-06-06"
PROMISED = {"due_at": "2024-03-15 17:00"}  # a Friday: late from Saturday 16
CASES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "open": ([event(2, "2024-03-04 08:00", **PROMISED)], "2024-03-16"),
    "open, hours": (
        [event(2, "2024-03-04 08:00", due_at="2024-03-15 10:00", limit_unit=HOURS)],
        "2024-03-15",
    ),
    "resolved in time": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(9, "2024-03-15 20:00")],
        NEVER,
    ),
    "resolved late": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(9, "2024-03-20 08:00")],
        "2024-03-16",
    ),
    "withdrawn late": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(7, "2024-03-20 08:00")],
        "2024-03-16",
    ),
    "stopped in time": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(8, "2024-03-06 08:00")],
        NEVER,
    ),
    "never received": (
        [event(1, "2024-03-04 08:00", **PROMISED), event(3, "2024-03-20 08:00")],
        NEVER,
    ),
    "awaiting": ([event(1, "2024-03-04 08:00", **PROMISED)], NEVER),
    # 1 h of supplement moves Friday 15 to Monday 18; a day of payment moves nothing.
    "supplements are subtracted": (
        [
            event(2, "2024-03-04 08:00", **PROMISED),
            event(5, "2024-03-06 08:00"),
            event(4, "2024-03-06 09:00"),
        ],
        "2024-03-19",
    ),
    "payments are not": (
        [
            event(2, "2024-03-04 08:00", **PROMISED),
            event(6, "2024-03-06 08:00"),
            event(4, "2024-03-07 09:00"),
        ],
        "2024-03-16",
    ),
    "an open payment is not": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(6, "2024-03-06 08:00")],
        "2024-03-16",
    ),
    "new dates are not its due date": (
        [event(2, "2024-03-04 08:00", explicit_due_at="2024-03-29 17:00", **PROMISED)],
        "2024-03-16",
    ),
    "an open supplement ends the time": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(5, "2024-03-15 10:00")],
        NEVER,
    ),
    "an open supplement that was late": (
        [event(2, "2024-03-04 08:00", **PROMISED), event(5, "2024-03-20 10:00")],
        "2024-03-16",
    ),
    "a second supplement makes it late": (
        [
            event(2, "2024-03-04 08:00", **PROMISED),
            event(5, "2024-03-05 08:00"),
            event(4, "2024-03-05 09:00"),
            event(5, "2024-03-07 08:00"),
        ],
        "2024-03-07",
    ),
    "a second supplement after the due date": (
        [
            event(2, "2024-03-04 08:00", **PROMISED),
            event(5, "2024-03-05 20:00"),
            event(4, "2024-03-05 21:00"),
            event(5, "2024-03-20 08:00"),
            event(4, "2024-03-20 09:00"),
        ],
        # One working hour of the second one: due Monday 18, which is before the 20th.
        "2024-03-19",
    ),
    "a second supplement without any due date": (
        [
            event(5, "2024-03-05 08:00"),
            event(4, "2024-03-05 09:00"),
            event(5, "2024-03-07 08:00"),
            event(4, "2024-03-07 09:00"),
        ],
        "2024-03-07",
    ),
    "two supplements and a result in time": (
        [
            event(2, "2024-03-04 08:00", **PROMISED),
            event(5, "2024-03-05 08:00"),
            event(4, "2024-03-05 09:00"),
            event(5, "2024-03-07 08:00"),
            event(9, "2024-03-08 08:00"),
        ],
        NEVER,
    ),
    "no due date and no limit": ([event(2, "2024-03-04 08:00")], NEVER),
    "an unknown procedure": ([event(2, "2024-03-04 08:00", procedure="unheard-of")], NEVER),
    "an impossible limit": ([event(2, "2024-03-04 08:00", procedure="hours-0")], NEVER),
    # --- statutory limits; 6 March 2024 is a Wednesday
    "4 working hours": ([event(2, "2024-03-06 16:00", procedure="hours-4")], "2024-03-07"),
    "3 working days": ([event(2, "2024-03-06 16:00", procedure="workdays-3")], "2024-03-12"),
    "3 working days from a Sunday": (
        [event(2, "2024-03-10 16:00", procedure="workdays-3")],
        "2024-03-14",
    ),
    "5 days": ([event(2, "2024-03-06 16:00", procedure="days-5")], "2024-03-12"),
    "5 days that end on a Sunday": (
        [event(2, "2024-03-05 16:00", procedure="days-5")],
        "2024-03-12",
    ),
    "a month": ([event(2, "2024-03-06 16:00", procedure="months-1")], "2024-04-09"),
    "a month clipped to its length": (
        [event(2, "2024-01-31 08:00", procedure="months-1")],
        "2024-03-01",
    ),
    "a month that ends in Tết": (
        [event(2, "2024-01-10 08:00", procedure="months-1")],
        "2024-02-16",
    ),
    "same day, at the cut-off": (
        [event(2, "2024-03-08 15:00", procedure="same-day")],
        "2024-03-09",
    ),
    "same day, after the cut-off": (
        [event(2, "2024-03-08 15:00:01", procedure="same-day")],
        "2024-03-12",
    ),
    "same day, received on a Saturday": (
        [event(2, "2024-03-09 08:00", procedure="same-day")],
        "2024-03-12",
    ),
    "the promise wins over the limit": (
        [event(2, "2024-03-06 16:00", procedure="workdays-3", **PROMISED)],
        "2024-03-16",
    ),
    "a supplement moves the limit": (
        [
            event(2, "2024-03-06 08:00", procedure="workdays-3"),
            event(5, "2024-03-06 09:00"),
            event(4, "2024-03-06 10:00"),
        ],
        "2024-03-13",
    ),
    "a supplement moves a limit in hours": (  # due 14:00, then 15:00
        [
            event(2, "2024-03-06 08:00", procedure="hours-4"),
            event(5, "2024-03-06 09:00"),
            event(4, "2024-03-06 10:00"),
            event(9, "2024-03-06 14:30"),
        ],
        NEVER,
    ),
    "a limit in hours is judged by the second": (
        [
            event(2, "2024-03-06 08:00", procedure="hours-4"),
            event(9, "2024-03-06 14:00:01"),
        ],
        "2024-03-06",
    ),
}


@pytest.fixture(scope="module")
def facts(clickhouse: Any) -> Iterator[dict[str, dict[str, Any]]]:
    log = AuditLog()
    for name, (events, _) in CASES.items():
        log.add(name, *events)
    with warehouse(clickhouse) as client:
        log.store(client)
        yield recompute(client).facts


@pytest.mark.parametrize("name", CASES)
def test_national_rule(facts: dict[str, dict[str, Any]], name: str) -> None:
    assert facts[name]["national_late_from"] == dt.date.fromisoformat(CASES[name][1])
