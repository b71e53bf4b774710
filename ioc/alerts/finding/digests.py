"""Makes digests: ten lines on what worsened, who holds it, why, apology or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.planning import Planner
from ioc.alerts.finding.digest_times import DueDigest
from ioc.alerts.notice import AlertItem, AnswerKind, Digest, DigestLine, Notice
from ioc.alerts.store.warehouse import Warehouse
from schemas.alerting.names import AlertRule
from schemas.calendar.local_time import date_of_day, day_end, local_day

LINES = 10
#: Files of the sheet that goes with a digest, at most.
_MOST_FILES = 2_000


@dataclass
class _Unit:
    overdue: int = 0
    before: int = 0
    without_apology: int = 0
    due_soon: int = 0
    unsure: int = 0
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)


class DigestMaker:
    """Reads the figures of digests; one reading for everybody of the same morning."""

    def __init__(self, warehouse: Warehouse, planner: Planner) -> None:
        self._warehouse = warehouse
        self._planner = planner

    async def make(self, board: Board, wanted: Sequence[DueDigest], now: int) -> list[Notice]:
        """Return a notice for each wanted digest."""
        figures: dict[int, dict[str, _Unit]] = {}
        notices: list[Notice] = []
        for due in wanted:
            if due.since_at not in figures:
                figures[due.since_at] = await self._figures(board.feeds, due.since_at, now)
            notices.append(await self._notice(board, due, figures[due.since_at], now))
        return notices

    async def _figures(self, feeds: Feeds, since_at: int, now: int) -> dict[str, _Unit]:
        units: defaultdict[str, _Unit] = defaultdict(_Unit)
        rows = await self._warehouse.rows(
            "digest_overdue",
            now=now,
            since_at=since_at,
            desks=sorted(feeds.desks),
            sources=sorted(feeds.sources),
        )
        for unit, cause, holder, files, before, without_apology, unsure in rows:
            one = units[unit]
            if unsure:
                one.unsure += files
                continue
            one.overdue += files
            one.before += before
            one.without_apology += without_apology
            one.causes[cause, holder] += files
        calendar = self._planner.words.calendar
        soon = calendar.add_working_seconds(now, self._planner.default_lead_seconds)
        until = day_end(local_day(soon)) + 1
        for unit, files in await self._warehouse.rows("digest_soon", now=now, until=until):
            units[unit].due_soon += files
        since_day = date_of_day(local_day(since_at)).isoformat()
        for unit, files in await self._warehouse.rows("digest_done_late", since_day=since_day):
            units[unit].before += int(files)
        return dict(units)

    async def _notice(
        self, board: Board, due: DueDigest, figures: dict[str, _Unit], now: int
    ) -> Notice:
        planner = self._planner
        below = {
            unit
            for unit in figures
            if planner.people.unit_on(due.recipient.unit, local_day(now))
            in (planner.people.units_above(unit, now) or (unit,))
        }
        chosen = {unit: figures[unit] for unit in below}
        lines = sorted(
            (_line(planner, board, unit, one) for unit, one in chosen.items() if one.overdue),
            key=lambda line: (line.overdue_before - line.overdue, -line.overdue, line.unit),
        )
        files = await self._warehouse.rows(
            "digest_files",
            now=now,
            units=sorted(below),
            most=_MOST_FILES,
            desks=sorted(board.feeds.desks),
            sources=sorted(board.feeds.sources),
        )
        unsure = sum(one.unsure for one in chosen.values())
        digest = Digest(
            day=due.day,
            since_day=date_of_day(local_day(due.since_at)).isoformat(),
            complete_up_to=board.feeds.complete_up_to,
            overdue=sum(one.overdue for one in chosen.values()),
            overdue_before=sum(one.before for one in chosen.values()),
            without_apology=sum(one.without_apology for one in chosen.values()),
            due_soon=sum(one.due_soon for one in chosen.values()),
            lines=tuple(lines[:LINES]),
            silent=_silent(planner, board.feeds, below, bool(unsure)),
            unsure=unsure,
            unsure_since=_unsure_since(board.feeds, below) if unsure else 0,
            more_units=max(0, len(lines) - LINES),
        )
        return Notice(
            kind=due.kind,
            notice_id=due.notice_id,
            person=due.recipient.person.person_id,
            role=due.recipient.role,
            unit=due.recipient.unit,
            unit_name=planner.words.unit_name(due.recipient.unit),
            language=due.recipient.person.language,
            made_at=now,
            items=tuple(_item(planner, board, row, now) for row in files),
            total=digest.overdue,
            deputy_for=due.recipient.deputy_for,
            digest=digest,
        )


def _silent(planner: Planner, feeds: Feeds, below: set[str], has_unsure: bool) -> tuple[str, ...]:
    desks = [planner.words.unit_name(unit) for unit in sorted(feeds.desks) if unit in below]
    return (*desks, *(sorted(feeds.sources) if has_unsure else ()))


def _unsure_since(feeds: Feeds, below: set[str]) -> int:
    desks = [at for unit, at in feeds.desks.items() if unit in below]
    return min([*desks, *feeds.sources.values()] or feeds.desks.values(), default=0)


def _line(planner: Planner, board: Board, unit: str, one: _Unit) -> DigestLine:
    (cause, holder), files = one.causes.most_common(1)[0]
    words = planner.words
    explained = sum(
        1
        for alert_id, answers in board.answers.items()
        if any(answer.kind is AnswerKind.EXPLAINED for answer in answers)
        and (case := board.cases.get(alert_id)) is not None
        and case.unit == unit
        and case.rule is AlertRule.OVERDUE
        and not case.state.is_closed
    )
    return DigestLine(
        unit=unit,
        unit_name=words.unit_name(unit),
        overdue=one.overdue,
        overdue_before=one.before,
        without_apology=one.without_apology,
        due_soon=one.due_soon,
        holder=holder,
        holder_name=words.unit_name(holder) if holder else "",
        cause=cause,
        cause_files=files,
        explained=explained,
    )


def _item(planner: Planner, board: Board, row: Sequence[Any], now: int) -> AlertItem:
    dossier_id, unit, holder, procedure, field_code, due_at, alarm_at, apologised = row
    words = planner.words
    late = words.calendar.working_seconds(alarm_at, now)
    alert_id = f"{AlertRule.OVERDUE}/{dossier_id}/{due_at or alarm_at}"
    known = procedure in words.procedures
    return AlertItem(
        alert_id=alert_id,
        rule=AlertRule.OVERDUE,
        unit=unit,
        unit_name=words.unit_name(unit),
        dossier_id=dossier_id,
        handler=holder,
        handler_name=words.unit_name(holder) if holder else "",
        procedure=procedure,
        procedure_name=words.procedures.get(procedure).name if known else "",
        field=field_code,
        due_at=due_at,
        crossed_at=alarm_at,
        late_seconds=late,
        late_days=max(1, -(-late // words.day_seconds(now))),
        apologised=bool(apologised),
        answers=tuple(board.answers.get(alert_id, ())),
        may_answer=False,
    )
