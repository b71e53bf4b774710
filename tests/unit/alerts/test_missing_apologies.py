"""Files without an apology that became late while nobody looked."""

from __future__ import annotations

import dataclasses

import pytest
from planning_kit import CALENDAR, HOUR, MONDAY, UNIT, UNITS, board, late

from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.finding.files import Candidate, found_files
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.rules_model import RulesFile

RULES = Rulebook(
    RulesFile.model_validate(
        {"version": 1, "rules": [{"id": "no", "what": "no_apology", "tell": ["authority_head"]}]}
    )
)
#: Late since Saturday; looked at on Monday.
SATURDAY = MONDAY - 56 * HOUR


def found(known: dict[str, bool], now: int = MONDAY) -> dict[str, bool]:
    """Digest flags of the cases of one late file; `known`: those of its alerts so far."""
    file = Candidate(
        "d", 0, UNIT, UNIT, UNIT, "", "", SATURDAY - 1, SATURDAY, False, 4, False
    )  # fmt: skip
    cases = {}
    for name, digest in known.items():
        cases[name] = dataclasses.replace(late(board(), "d", SATURDAY), digest=digest)
    made = found_files(
        [file], RULES, PeopleBook((), UNITS), CALENDAR, 0, frozenset(), cases, now
    )  # fmt: skip
    return {case.alert_id: case.digest for case in made}


OVERDUE, MISSING = f"overdue/d/{SATURDAY - 1}", f"no_apology/d/{SATURDAY - 1}"


@pytest.mark.parametrize("digest", [False, True])
def test_what_came_about_while_nobody_looked_goes_by_the_alert_of_being_overdue(
    digest: bool,
) -> None:
    """After a weekend without this process nobody heard of the missing apology."""
    assert found({OVERDUE: digest}) == {MISSING: digest}


def test_it_waits_for_that_alert() -> None:
    """The worker may have been away as well; what is stored as a digest's stays one."""
    assert found({}) == {}


def test_of_today_it_waits_for_nothing() -> None:
    assert found({}, SATURDAY + 23 * HOUR) == {MISSING: False}
