"""Units: a share or a number above its threshold, a backlog that grows, a desk that is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import AlertRule, CaseState
from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_of_date, local_day


@dataclass
class Found:
    """New cases, and cases that are over."""

    new: list[Case] = field(default_factory=list)
    changed: list[Case] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sign:
    """That a rule about a unit is true now; `since` makes its identity."""

    rule: AlertRule
    unit: str
    since: str
    about_at: int
    value: float
    threshold: float
    handler: str = ""


def settle_units(board: Board, signs: Iterable[Sign], now: int) -> Found:
    """Open a case for each new sign, and close those whose sign is gone.

    While a unit's case is open, it stays that one case, whatever day it is.
    """
    found = Found()
    standing: set[tuple[AlertRule, str, str]] = set()
    open_cases = {
        (case.rule, case.unit, case.handler): case
        for case in board.cases.values()
        if case.rule.is_about_unit and not case.state.is_closed
    }
    for sign in signs:
        key = (sign.rule, sign.unit, sign.handler)
        standing.add(key)
        if key in open_cases:
            continue
        case = _case(sign, now)
        known = board.cases.get(case.alert_id)
        if known is None:
            found.new.append(case)
        elif known.state.is_closed:
            # It was over for a while: whoever knows of it is not told again.
            known.state, known.why, known.closed_at = CaseState.OPEN, "", 0
            found.changed.append(known)
    for key, case in open_cases.items():
        if key not in standing:
            case.state, case.why, case.closed_at = CaseState.RESOLVED, "over", now
            board.fresh.discard(case.alert_id)
            found.changed.append(case)
    return found


def threshold_signs(
    rows: Iterable[Sequence[Any]], rulebook: Rulebook, people: PeopleBook, now: int
) -> Iterator[Sign]:
    """Yield units whose overdue share or number is above what a rule allows."""
    today = date_of_day(local_day(now)).isoformat()
    for unit, opened, overdue in rows:
        above = people.units_above(unit, now) or (unit,)
        for what in (AlertRule.UNIT_SHARE, AlertRule.UNIT_COUNT):
            rule = rulebook.rule_for(_probe(what, unit), above)
            if rule is None or rule.above is None:
                continue
            value = overdue / opened if what is AlertRule.UNIT_SHARE else float(overdue)
            if what is AlertRule.UNIT_SHARE and opened < rule.minimum_open:
                continue
            if value > rule.above:
                yield Sign(what, unit, today, now, value, rule.above)


def backlog_signs(
    rows: Iterable[Sequence[Any]],
    rulebook: Rulebook,
    people: PeopleBook,
    calendar: WorkingCalendar,
    now: int,
) -> Iterator[Sign]:
    """Yield units at which more came than went on each of the last n working days.

    Args:
        rows: unit, ISO day, growth; by unit and day, up to yesterday. A day without a row had none.
        rulebook: of the rules.
        people: for the hierarchy.
        calendar: which days are worked.
        now: epoch seconds.
    """
    today = local_day(now)
    for unit, days in groupby(rows, key=lambda row: str(row[0])):
        growth = {day_of_date(dt.date.fromisoformat(str(row[1]))): int(row[2]) for row in days}
        above = people.units_above(unit, now) or (unit,)
        rule = rulebook.rule_for(_probe(AlertRule.BACKLOG, unit), above)
        if rule is None or rule.days is None:
            continue
        first, run = _run(growth, calendar, today)
        if run >= rule.days:
            since = date_of_day(first).isoformat()
            yield Sign(AlertRule.BACKLOG, unit, since, now, float(run), float(rule.days))


def silence_signs(feeds: Feeds, province: str) -> Iterator[Sign]:
    """Yield desks and sources of which nothing is heard."""
    for unit, at in feeds.desks.items():
        yield Sign(AlertRule.SILENT_DESK, unit, str(at), at, 0.0, 0.0)
    for source, at in feeds.sources.items():
        yield Sign(AlertRule.SILENT_DESK, province, f"{source}/{at}", at, 0.0, 0.0, source)


def _run(growth: Mapping[int, int], calendar: WorkingCalendar, today: int) -> tuple[int, int]:
    day, first, run = today - 1, today, 0
    while day > today - 60:
        if calendar.is_working_day(day):
            if growth.get(day, 0) <= 0:
                break
            first, run = day, run + 1
        day -= 1
    return first, run


def _probe(what: AlertRule, unit: str) -> Case:
    return _case(Sign(what, unit, "", 0, 0.0, 0.0), 0)


def _case(sign: Sign, now: int) -> Case:
    return Case(
        alert_id=f"{sign.rule}/{sign.unit}/{sign.since}",
        rule=sign.rule,
        dossier_id="",
        shard=0,
        unit=sign.unit,
        handler=sign.handler,
        receiver="",
        field="",
        procedure="",
        leg=0,
        about_at=sign.about_at,
        crossed_at=now,
        raised_ms=now * 1000,
        digest=False,
        value=sign.value,
        threshold=sign.threshold,
    )
