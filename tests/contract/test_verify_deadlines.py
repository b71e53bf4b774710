"""docs/fold.md, section 5, in SQL: pauses, desk rule, receipt and alarms, computed by hand.

Desks work 07:00-11:30 and 13:30-17:00. 8 March 2024 is a Friday; Tết closes desks from Thursday 8
to Wednesday 14 February 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import DAYS, HOURS, AuditLog, at, event, recompute, warehouse

FRIDAY_15 = {"due_at": "2024-03-15 17:00"}
ONLINE = {"channel": 2}
# Name: (events, expected columns; texts that look like times are local times).
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    # --- pauses: one hour of Friday and one of Monday
    "pause over a weekend": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(5, "2024-03-08 16:00"),
            event(4, "2024-03-11 08:00"),
            event(9, "2024-03-18 16:00"),
        ],
        {
            "supplement_seconds": 7200,
            "payment_seconds": 0,
            "supplements": 1,
            "first_due_at": "2024-03-15 17:00",
            "due_at": "2024-03-18 09:00",
            "verdict": "on_time",
        },
    ),
    "pause over Tết": (  # 1 h + 8 h + 1 h; from the end of Friday 16 February
        [
            event(2, "2024-02-01 08:00", due_at="2024-02-16 10:00"),
            event(5, "2024-02-06 16:00"),
            event(4, "2024-02-15 08:00"),
        ],
        {
            "supplement_seconds": 36000,
            "due_at": "2024-02-20 09:00",
            "alarm_at": "2024-02-21 00:00",
        },
    ),
    "pause for payment shifts the desk's due time too": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(6, "2024-03-06 07:00"),
            event(4, "2024-03-07 07:00"),
            event(9, "2024-03-17 10:00"),
        ],
        {"payment_seconds": 28800, "due_at": "2024-03-18 17:00", "verdict": "early"},
    ),
    "pauses of both kinds add up": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(5, "2024-03-06 07:00"),
            event(6, "2024-03-06 09:00"),
            event(9, "2024-03-06 09:30"),
        ],
        {"supplement_seconds": 7200, "payment_seconds": 1800, "due_at": "2024-03-18 09:30"},
    ),
    "repeated requests are one run": (
        [
            event(5, "2024-03-06 07:00", **FRIDAY_15),
            event(1, "2024-03-06 08:00"),
            event(5, "2024-03-06 09:00"),
            event(4, "2024-03-06 10:00"),
        ],
        {"supplements": 1, "supplement_seconds": 10800},
    ),
    "a pause ends with the result": (
        [
            event(5, "2024-03-06 07:00", **FRIDAY_15),
            event(9, "2024-03-06 08:00"),
            event(6, "2024-03-06 09:00"),
            event(10, "2024-03-06 11:00"),
        ],
        {"supplement_seconds": 3600, "payment_seconds": 0, "paused_since": ""},
    ),
    "a void result ends a pause, a new one begins": (
        [
            event(5, "2024-03-06 07:00"),
            event(9, "2024-03-06 08:00"),
            event(5, "2024-03-06 09:00"),
        ],
        {"supplements": 2, "supplement_seconds": 3600, "paused_since": "2024-03-06 09:00"},
    ),
    "a withdrawal ends a pause": (
        [event(2, "2024-03-06 07:00"), event(5, "2024-03-06 08:00"), event(7, "2024-03-06 09:00")],
        {"supplement_seconds": 3600, "paused_since": "", "finished_at": "2024-03-06 09:00"},
    ),
    "a run of negative length counts as nothing": (
        [
            event(2, "2024-03-06 07:00", sequence=1, **FRIDAY_15),
            event(5, "2024-03-06 10:00", sequence=2),
            event(4, "2024-03-06 09:00", sequence=3),
        ],
        {"supplements": 1, "supplement_seconds": 0, "due_at": "2024-03-15 17:00"},
    ),
    # --- due times
    "a day-based due time lasts the whole day": (
        [event(2, "2024-03-04 08:00", due_at="2024-03-15 10:00"), event(9, "2024-03-15 23:59:59")],
        {"due_at": "2024-03-15 10:00", "verdict": "on_time"},
    ),
    "late from midnight on": (
        [event(2, "2024-03-04 08:00", due_at="2024-03-15 10:00"), event(9, "2024-03-16 00:00")],
        {"verdict": "late"},
    ),
    "early the day before": (
        [event(2, "2024-03-04 08:00", due_at="2024-03-15 10:00"), event(9, "2024-03-14 23:59:59")],
        {"verdict": "early"},
    ),
    "no promise, no verdict": (
        [event(2, "2024-03-04 08:00"), event(9, "2024-03-05 08:00")],
        {"verdict": "no_due", "due_at": ""},
    ),
    "10 alone is the result": (
        [event(2, "2024-03-04 08:00", **FRIDAY_15), event(10, "2024-03-20 08:00")],
        {"verdict": "late", "result_at": "2024-03-20 08:00", "returned_at": "2024-03-20 08:00"},
    ),
    "a late pick-up is no late result": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(9, "2024-03-15 08:00"),
            event(10, "2024-03-20 08:00"),
        ],
        {"verdict": "on_time", "result_at": "2024-03-15 08:00", "returned_at": "2024-03-20 08:00"},
    ),
    "hours: the due second itself is in time": (
        [
            event(2, "2024-03-04 08:00", due_at="2024-03-04 10:00", limit_unit=HOURS),
            event(9, "2024-03-04 10:00:00.999"),
        ],
        {"verdict": "on_time", "limit_unit": 0},
    ),
    "hours: the second after it is late": (
        [
            event(2, "2024-03-04 08:00", due_at="2024-03-04 10:00", limit_unit=HOURS),
            event(9, "2024-03-04 10:00:01"),
        ],
        {"verdict": "late"},
    ),
    "hours shift from the due time itself": (  # 30 min from 16:45 on Friday
        [
            event(2, "2024-03-08 14:00", due_at="2024-03-08 16:45", limit_unit=HOURS),
            event(5, "2024-03-08 14:00"),
            event(4, "2024-03-08 14:30"),
        ],
        {"due_at": "2024-03-11 07:15", "alarm_at": "2024-03-11 07:15:01"},
    ),
    "hours end with the morning, not after lunch": (
        [
            event(2, "2024-03-08 07:00", due_at="2024-03-08 11:00", limit_unit=HOURS),
            event(5, "2024-03-08 08:00"),
            event(4, "2024-03-08 08:30"),
        ],
        {"due_at": "2024-03-08 11:30"},
    ),
    "a due date on a day off shifts from its end": (
        [
            event(2, "2024-03-04 08:00", due_at="2024-03-16 10:00", limit_unit=DAYS),
            event(5, "2024-03-06 08:00"),
            event(4, "2024-03-06 09:00"),
        ],
        {"due_at": "2024-03-18 08:00"},
    ),
    "a pause outside working hours shifts nothing": (
        [
            event(2, "2024-03-04 08:00", due_at="2024-03-15 10:00"),
            event(5, "2024-03-08 17:00"),
            event(4, "2024-03-11 07:00"),
        ],
        {"supplement_seconds": 0, "due_at": "2024-03-15 10:00"},
    ),
    "an explicit date wins over shifts": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(5, "2024-03-06 08:00"),
            event(4, "2024-03-07 09:00", explicit_due_at="2024-03-20 17:00"),
            event(4, "2024-03-08 09:00", apology_at="2024-03-08 09:00"),
        ],
        {
            "due_at": "2024-03-20 17:00",
            "explicit": 1,
            "apologised": 1,
            "first_due_at": "2024-03-15 17:00",
            "alarm_at": "2024-03-21 00:00",
        },
    ),
    # --- receipt: one hour of Friday and seven of Monday
    "received in the last second": (
        [event(1, "2024-03-08 16:00", **ONLINE), event(2, "2024-03-11 16:00")],
        {"receipt_due_at": "2024-03-11 16:00", "receipt_late": 0},
    ),
    "received a second late": (
        [event(1, "2024-03-08 16:00", **ONLINE), event(2, "2024-03-11 16:00:01")],
        {"receipt_due_at": "2024-03-11 16:00", "receipt_late": 1},
    ),
    "the stated receipt decides": (
        [
            event(1, "2024-03-08 16:00", **ONLINE),
            event(4, "2024-03-20 08:00", received_at="2024-03-11 08:00"),
        ],
        {"received_at": "2024-03-11 08:00", "receipt_late": 0},
    ),
    "refused late": (
        [event(1, "2024-03-08 16:00", **ONLINE), event(3, "2024-03-12 08:00")],
        {"receipt_late": 1, "received_at": ""},
    ),
    "withdrawn before any answer": (
        [event(1, "2024-03-08 16:00", **ONLINE), event(7, "2024-03-12 08:00")],
        {"receipt_due_at": "2024-03-11 16:00", "receipt_late": 0},
    ),
    "the counter has no receipt limit": (
        [event(1, "2024-03-08 16:00"), event(2, "2024-03-20 08:00")],
        {"receipt_due_at": "", "receipt_late": 0},
    ),
    "nobody said when it was registered": (
        [event(2, "2024-03-20 08:00", **ONLINE)],
        {"registered_at": "", "receipt_due_at": "", "receipt_late": 0},
    ),
    # --- alarms of live files
    "awaiting receipt": (
        [event(1, "2024-03-08 16:00", **ONLINE)],
        {"alarm_at": "2024-03-11 16:00:01", "alarm_minute": "2024-03-11 16:01"},
    ),
    "awaiting at the counter": ([event(1, "2024-03-08 16:00")], {"alarm_at": ""}),
    "processing": (
        [event(2, "2024-03-04 08:00", **FRIDAY_15)],
        {"alarm_at": "2024-03-16 00:00", "alarm_minute": "2024-03-16 00:00"},
    ),
    "paused in time: the clock stands": (
        [event(2, "2024-03-04 08:00", **FRIDAY_15), event(5, "2024-03-15 23:59:59")],
        {"alarm_at": "", "alarm_minute": ""},
    ),
    "paused when it was late already": (
        [event(2, "2024-03-04 08:00", **FRIDAY_15), event(6, "2024-03-16 00:00")],
        {"alarm_at": "2024-03-16 00:00"},
    ),
    "paused with an explicit date": (
        [
            event(2, "2024-03-04 08:00", **FRIDAY_15),
            event(5, "2024-03-06 08:00", explicit_due_at="2024-03-20 17:00"),
        ],
        {"alarm_at": "2024-03-21 00:00"},
    ),
    "finished files raise no alarm": (
        [event(2, "2024-03-04 08:00", **FRIDAY_15), event(8, "2024-03-20 08:00")],
        {"alarm_at": "", "finished_at": "2024-03-20 08:00", "verdict": ""},
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
def test_deadlines(facts: dict[str, dict[str, Any]], name: str) -> None:
    expected = CASES[name][1]
    times = {column for column in expected if column.endswith(("_at", "_since", "_minute"))}
    wanted = {c: at(v) if c in times else v for c, v in expected.items()}
    assert {column: facts[name][column] for column in expected} == wanted
