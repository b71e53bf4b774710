"""Asks the warehouse what workers do not raise; one process does it, in its turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.planning import Planner
from ioc.alerts.finding.digest_times import due_digests
from ioc.alerts.finding.digests import DigestMaker
from ioc.alerts.finding.files import OLD_AFTER_SECONDS, found_files
from ioc.alerts.finding.units import (
    Found,
    Sign,
    backlog_signs,
    heir,
    settle_units,
    silence_signs,
    threshold_signs,
    unheard_signs,
    without,
)
from ioc.alerts.notice import AnswerKind, Notice
from ioc.alerts.store.warehouse import Warehouse
from schemas.alerting.names import AlertRule
from schemas.calendar.local_time import date_of_day, day_end, day_of_date, local_day
from streams.deadlines.crossings import working_time_before

#: Days of which a growing backlog is looked for: 20 working days and holidays between.
_FLOW_DAYS = 60
#: How far ahead leads may reach: 160 working hours and Tết.
_MOST_AHEAD_SECONDS = 45 * 86_400
_ABOUT_FIGURES = (AlertRule.UNIT_SHARE, AlertRule.UNIT_COUNT, AlertRule.BACKLOG)
#: Now and then, and at first, files are looked at that became late while nobody looked: over Tết.
_LOOK_BACK_SECONDS, _LOOK_BACK_EVERY_SECONDS = 12 * 86_400, 600


class Finder:
    """Looks for everything that is judged by figures and not by one event."""

    def __init__(self, warehouse: Warehouse, planner: Planner) -> None:
        self._warehouse = warehouse
        self._planner = planner
        self._digests = DigestMaker(warehouse, planner)
        self._looked_back_at = 0

    async def find(self, board: Board, now: int) -> Found:
        """Return new cases and cases that are over; changes those on the board."""
        stale = await self._stale(board.feeds, now)
        signs = await self._signs(board, stale, now)
        people = self._planner.people
        unsure = {heir(people, str(row[0]), now) for row in stale}
        found = settle_units(board, signs, now, unsure)
        found.new += await self._files(board, now)
        unknown = [case.alert_id for case in found.new]
        if unknown:
            rows = await self._warehouse.rows("cases_known", alert_ids=unknown)
            known = {row[0] for row in rows}
            found.new = [case for case in found.new if case.alert_id not in known]
        return found

    async def digests(self, board: Board, now: int) -> list[Notice]:
        """Return the digests that are due and stand in no ledger."""
        due = due_digests(
            self._planner.rules.file, self._planner.people, self._planner.words.calendar, now
        )
        if not due:
            return []
        rows = await self._warehouse.rows(
            "known_notices", notice_ids=[each.notice_id for each in due]
        )
        known = {row[0] for row in rows}
        wanted = [each for each in due if each.notice_id not in known]
        return await self._digests.make(board, wanted, now) if wanted else []

    async def _stale(self, feeds: Feeds, now: int) -> list[Sequence[Any]]:
        """Return unit, open and overdue files of silent desks and sources."""
        if not any(self._planner.rules.of(what) for what in _ABOUT_FIGURES):
            return []
        desks, sources = sorted(feeds.desks), sorted(feeds.sources)
        rows: list[Sequence[Any]] = []
        if desks:
            rows += await self._warehouse.rows("open_of_desks", now=now, desks=desks)
        if sources:
            rows += await self._warehouse.rows(
                "open_of_sources", now=now, sources=sources, desks=desks
            )
        return rows

    async def _signs(self, board: Board, stale: list[Sequence[Any]], now: int) -> list[Sign]:
        planner = self._planner
        rules, people, calendar = planner.rules, planner.people, planner.words.calendar
        signs: list[Sign] = []
        if rules.of(AlertRule.UNIT_SHARE) or rules.of(AlertRule.UNIT_COUNT):
            rows = await self._warehouse.rows("open_by_unit", now=now)
            signs += threshold_signs(without(rows, stale), rules, people, now)
        today = date_of_day(local_day(now))
        if rules.of(AlertRule.BACKLOG):
            rows = await self._warehouse.rows(
                "flow_by_unit",
                from_day=(today - timedelta(days=_FLOW_DAYS)).isoformat(),
                today=today.isoformat(),
            )
            signs += backlog_signs(rows, rules, people, calendar, now)
        signs += silence_signs(board.feeds, people.units.province(today).code)
        signs += unheard_signs(board)
        return signs

    async def _files(self, board: Board, now: int) -> list[Case]:
        planner = self._planner
        rules, calendar = planner.rules, planner.words.calendar
        grace = max(
            (rule.grace_working_hours for rule in rules.of(AlertRule.NO_APOLOGY)), default=None
        )
        leads = [
            hours
            for what in (AlertRule.APOLOGY_DUE, AlertRule.DUE_SOON)
            for rule in rules.of(what)
            for hours in (rule.lead_working_hours or 8, *rule.procedure_leads.values())
        ]
        if grace is None and not leads:
            return []
        after = now
        if grace is not None:
            after = working_time_before(now, round(grace * 3600), calendar) - OLD_AFTER_SECONDS
            if abs(now - self._looked_back_at) >= _LOOK_BACK_EVERY_SECONDS:
                after -= _LOOK_BACK_SECONDS
                self._looked_back_at = now
        until = now
        if leads:
            until = calendar.add_working_seconds(now, round(max(leads) * 3600))
            # A date stands for its whole day: late is the midnight after.
            until = min(day_end(local_day(until)) + 1, now + _MOST_AHEAD_SECONDS)
        rows = await self._warehouse.rows("soon_candidates", now=now, after=after, until=until)
        cases = found_files(
            rows,
            rules,
            planner.people,
            calendar,
            planner.default_lead_seconds,
            _late_promises(board),
            board.cases,
            now,
        )
        return [case for case in cases if case.alert_id not in board.cases]


def _late_promises(board: Board) -> frozenset[str]:
    late: set[str] = set()
    for alert_id, answers in board.answers.items():
        case = board.cases.get(alert_id)
        if case is None or not case.dossier_id or not case.about_at:
            continue
        for answer in answers:
            if answer.kind is AnswerKind.EXPLAINED and answer.expected_on:
                promised = day_of_date(dt.date.fromisoformat(answer.expected_on))
                if promised > local_day(case.about_at):
                    late.add(case.dossier_id)
    return frozenset(late)
