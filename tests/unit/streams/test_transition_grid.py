"""The whole transition table of docs/fold.md: after each history, each next status.

A cell says the status that is shown, and `-` where the dossier does not count as received. The
phase follows from the status but for 1, 2 and 4, which say awaiting or processing themselves.
"""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events import EventRecord
from streams.fold import FoldRules, Phase, fold, order_events

RULES = FoldRules(WorkingCalendar(CalendarSettings(_env_file=None)), {}, {})
START = int(dt.datetime.fromisoformat("2026-11-02T08:00:00+07:00").timestamp())

NEXT = (1, 2, 4, 5, 6, 9, 10, 3, 7, 8)
#   after:   then 1   2   4   5   6   9  10   3   7   8
GRID = """
             : 1-   2   4   5   6   9  10  3-  7-   8
    1        : 1-   2   4   5   6   9  10  3-  7-  8-
    2        :  2   2   4   5   6   9  10  3-   7   8
    4        :  4   2   4   5   6   9  10  3-   7   8
    2 5      :  5   2   4   5   6   9  10  3-   7   8
    2 6      :  6   2   4   5   6   9  10  3-   7   8
    2 9      :  9   2   4   5   9   9  10   9   9   9
    2 9 10   : 10   2   4   5  10  10  10  10  10  10
    2 10     : 10   2   4   5  10  10  10  10  10  10
    1 3      : 1-   2   4   5   6   9  10  3-  3-  3-
    2 3      : 3-   2   4   5   6   9  10  3-  3-  3-
    1 7      : 1-   2   4   5   6   9  10  7-  7-  7-
    2 7      :  7   2   4   5   6   9  10   7   7   7
    1 8      : 1-   2   4   5   6   9  10  8-  8-  8-
    2 8      :  8   2   4   5   6   9  10   8   8   8
    8        :  8   2   4   5   6   9  10   8   8   8
    5 6 5    :  5   2   4   5   6   9  10  3-   7   8
    2 9 4    :  4   2   4   5   6   9  10  3-   7   8
    2 9 6    :  9   2   4   5   9   9  10   9   9   9
    2 9 3    :  9   2   4   5   9   9  10   9   9   9
    1 7 1    : 1-   2   4   5   6   9  10  3-  7-  8-
    2 8 6    :  6   2   4   5   6   9  10  3-   7   8
"""
PHASES = {
    5: Phase.SUPPLEMENT,
    6: Phase.PAYMENT,
    9: Phase.RESOLVED,
    10: Phase.RESOLVED,
    3: Phase.REFUSED,
    7: Phase.WITHDRAWN,
    8: Phase.STOPPED,
}


def cells() -> list[tuple[list[int], int, bool]]:
    found = []
    for line in GRID.strip("\n").splitlines():
        before, outcomes = line.split(":")
        for status, outcome in zip(NEXT, outcomes.split(), strict=True):
            history = [*map(int, before.split()), status]
            found.append((history, int(outcome.rstrip("-")), not outcome.endswith("-")))
    return found


def events(statuses: list[int]) -> list[EventRecord]:
    nothing = dict.fromkeys(EventRecord._fields)
    return [
        EventRecord(
            **nothing
            | {
                "source": "s",
                "event_id": f"{number:02d}",
                "content_hash": number,
                "status": status,
                "occurred_ms": (START + number * 3600) * 1000,
            }
        )
        for number, status in enumerate(statuses)
    ]


@pytest.mark.parametrize(("history", "shown", "received"), cells())
def test_cell(history: list[int], shown: int, received: bool) -> None:
    facts = fold(order_events(events(history)), RULES)
    assert (facts.status, facts.received) == (shown, received)
    processing = Phase.PROCESSING if received else Phase.AWAITING
    assert facts.phase is PHASES.get(shown, processing)
    assert facts.live == (facts.phase <= Phase.PAYMENT)
    assert (facts.finished_at is None) == facts.live
    assert (facts.result_at is not None) == (facts.phase is Phase.RESOLVED)
    assert (facts.received_at is not None) == received
