"""Units: a share or a number above its threshold, a backlog that grows, a desk that is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.holding import unheard_since
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


def settle_units(
    board: Board, signs: Iterable[Sign], now: int, unsure: Collection[str] = ()
) -> Found:
    """Open a case for each new sign, and close those whose sign is gone.

    While a unit's case is open, it stays that one case, whatever day it is.

    Args:
        board: its cases are changed.
        signs: of now; figures are those of files of which something sure is known.
        now: epoch seconds.
        unsure: units with files of silent desks or sources. What came and went there is not
            known, so no backlog is told; nor is a case over because its files are left out.
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
        if key in open_cases or (sign.rule is AlertRule.BACKLOG and sign.unit in unsure):
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
        figures = case.rule is not AlertRule.SILENT_DESK
        if key not in standing and not (figures and case.unit in unsure):
            case.state, case.why, case.closed_at = CaseState.RESOLVED, "over", now
            board.fresh.discard(case.alert_id)
            found.changed.append(case)
    return found


def threshold_signs(
    rows: Iterable[Sequence[Any]], rulebook: Rulebook, people: PeopleBook, now: int
) -> Iterator[Sign]:
    """Yield units whose overdue share or number is above what a rule allows.

    Files of a unit that ended count for whoever took over, as on the walls.
    """
    today = date_of_day(local_day(now)).isoformat()
    files: dict[str, tuple[int, int]] = {}
    for code, opened, overdue in rows:
        unit = heir(people, code, now)
        before = files.get(unit, (0, 0))
        files[unit] = (before[0] + opened, before[1] + overdue)
    for unit, (opened, overdue) in files.items():
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


def heir(people: PeopleBook, unit: str, now: int) -> str:
    """Return who stands for a unit's code today."""
    return (people.units_above(unit, now) or (unit,))[0]


def without(
    rows: Iterable[Sequence[Any]], stale: Iterable[Sequence[Any]]
) -> Iterator[tuple[str, int, int]]:
    """Yield unit, open and overdue files without those of which nothing sure is known."""
    left_out: dict[str, tuple[int, int]] = {}
    for unit, opened, overdue in stale:
        before = left_out.get(unit, (0, 0))
        left_out[unit] = (before[0] + opened, before[1] + overdue)
    for unit, opened, overdue in rows:
        less = left_out.get(unit, (0, 0))
        if opened > less[0]:
            yield unit, opened - less[0], max(0, overdue - less[1])


def backlog_signs(
    rows: Iterable[Sequence[Any]],
    rulebook: Rulebook,
    people: PeopleBook,
    calendar: WorkingCalendar,
    now: int,
) -> Iterator[Sign]:
    """Yield units at which more came than went on each of the last n working days.

    Args:
        rows: unit, ISO day, growth; up to yesterday. A day without a row had none. What ended
            units had counts for whoever took over.
        rulebook: of the rules.
        people: for the hierarchy.
        calendar: which days are worked.
        now: epoch seconds.
    """
    today = local_day(now)
    growths: dict[str, dict[int, int]] = {}
    for code, on_day, grown in rows:
        growth = growths.setdefault(heir(people, str(code), now), {})
        day = day_of_date(dt.date.fromisoformat(str(on_day)))
        growth[day] = growth.get(day, 0) + int(grown)
    for unit, growth in growths.items():
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


def unheard_signs(board: Board) -> Iterator[Sign]:
    """Yield desks too small for a habit that were waited for in vain: their file was told so."""
    desks: dict[str, int] = {}
    for case in board.cases.values():
        if case.dossier_id and case.told_at and case.unknown_since and not case.state.is_closed:
            since = unheard_since(board, case, case.crossed_at)
            if since and case.receiver not in board.feeds.desks:
                desks[case.receiver] = since
    for unit, at in desks.items():
        yield Sign(AlertRule.SILENT_DESK, unit, str(at), at, 0.0, 0.0)


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
