"""Figures of units that ended count for whoever took over: nobody's chair is told half a share."""

from __future__ import annotations

import datetime as dt

from planning_kit import CALENDAR, EVERYBODY, UNITS

from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.finding.units import backlog_signs, threshold_signs
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.rules_model import RulesFile
from schemas.calendar.local_time import day_of_date, day_start

PEOPLE = PeopleBook(EVERYBODY, UNITS)
RULES = Rulebook(
    RulesFile.model_validate(
        {
            "version": 1,
            "rules": [
                {"id": "share", "what": "unit_share", "above": 0.1, "tell": ["chair"]},
                {"id": "growing", "what": "backlog", "days": 3, "tell": ["chair"]},
            ],
        }
    )
)
#: A ward of before July 2025, and the ward that took it over.
OLD, NEW = "04792", "04792-2025"


def noon(day: dt.date) -> int:
    return day_start(day_of_date(day)) + 12 * 3600


def test_a_share_counts_the_files_of_ended_units() -> None:
    # Each alone has too few open files, or a share that is no reason.
    rows = [(OLD, 20, 10), (NEW, 20, 0)]
    after = list(threshold_signs(rows, RULES, PEOPLE, noon(dt.date(2025, 7, 10))))
    assert [(sign.unit, sign.value) for sign in after] == [(NEW, 0.25)]
    before = list(threshold_signs(rows[:1], RULES, PEOPLE, noon(dt.date(2025, 6, 10))))
    assert before == []


def test_a_backlog_grows_by_what_ended_units_had() -> None:
    # Three working days up to Wednesday, on none of which both codes grew.
    rows = [
        (OLD, "2025-07-07", 5), (NEW, "2025-07-07", -1), (NEW, "2025-07-08", 2),
        (OLD, "2025-07-09", 3), (NEW, "2025-07-09", -2),
    ]  # fmt: skip
    (sign,) = backlog_signs(rows, RULES, PEOPLE, CALENDAR, noon(dt.date(2025, 7, 10)))
    assert (sign.unit, sign.since, sign.value) == (NEW, "2025-07-07", 3.0)
