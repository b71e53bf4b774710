"""Reads alerts with all that was said to them; stores answers and silences."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from ioc.alerts.answers.given import GivenAnswer, GivenSilence
from ioc.alerts.answers.remit import Answerer
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.items import Wording
from ioc.alerts.notice import AlertItem, AnswerKind, AnswerLine
from ioc.alerts.store.cases import case_of
from ioc.alerts.store.facts import read_dossiers
from ioc.alerts.store.warehouse import Row, Warehouse
from schemas.alerting.names import Cause, Role
from schemas.calendar.local_time import day_end, day_of_date, day_start

#: Alerts that one page or answer of the API shows.
MOST_ALERTS = 200
_NO_DATE = "1970-01-01"


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as a page shows it; `answer_ids` are those of its answers, in their order."""

    case: Case
    item: AlertItem
    answer_ids: tuple[str, ...]


class SilenceRow(NamedTuple):
    """A silence that stands; times in epoch seconds."""

    silence_id: str
    unit: str
    rule: str
    starts_at: int
    ends_at: int
    reason: str
    person: str
    role: str
    made_ms: int


@cache
def _statement(name: str) -> str:
    return resources.files("ioc.alerts.answers").joinpath("sql", f"{name}.sql").read_text("utf-8")


class AnswerStore:
    """The tables of answers; every method may raise `RetryError` when the warehouse is away."""

    def __init__(
        self, warehouse: Warehouse, words: Wording, writing: Warehouse | None = None
    ) -> None:
        """Use one account for both, or `writing` for inserts where readers may not write."""
        self._warehouse = warehouse
        self._writing = writing or warehouse
        self.words = words

    async def alerts(self, alert_ids: Sequence[str], now: int) -> list[AlertView]:
        """Return those alerts that exist, the oldest first."""
        if not alert_ids:
            return []
        rows = await self._ask("cases", alert_ids=list(alert_ids)[:MOST_ALERTS])
        return await self._views(rows, now)

    async def open_alerts(self, units: Sequence[str], dossier: str, now: int) -> list[AlertView]:
        """Return alerts of these units that are not settled, the newest first."""
        if not units:
            return []
        rows = await self._ask("open_cases", units=list(units), dossier=dossier, most=MOST_ALERTS)
        return await self._views(rows, now)

    async def alerts_of_notice(self, notice_id: str, person: str) -> list[str]:
        """Return the ids that a message told this person; empty if there is no such message."""
        rows = await self._ask("notice_alerts", notice_id=notice_id, person=person)
        return list(rows[0][0]) if rows else []

    async def put(
        self, who: Answerer, alert_ids: Sequence[str], given: GivenAnswer, now_ms: int
    ) -> list[str]:
        """Store an answer to each alert and wait until it is stored; return the answers' ids."""
        ids = [answer_id(who.key, given.kind, each) for each in alert_ids]
        count = len(ids)
        columns: dict[str, Sequence[object]] = {
            "alert_id": list(alert_ids),
            "answer_id": ids,
            "person": [who.person] * count,
            "role": [who.role.value] * count,
            "kind": [given.kind.value] * count,
            "cause": [given.cause.value if given.cause else ""] * count,
            "note": [given.note] * count,
            "expected_on": [given.expected_on or dt.date(1970, 1, 1)] * count,
            "via": [who.via] * count,
            "made_at": [now_ms] * count,
            "version": [now_ms] * count,
        }
        await self._writing.insert("alert_answers", columns)
        return ids

    async def silences(self, now: int) -> list[SilenceRow]:
        """Return the silences that stand or are to come."""
        return [SilenceRow(*row) for row in await self._ask("silences", now=now)]

    async def put_silence(self, who: Answerer, given: GivenSilence, now_ms: int) -> str:
        """Store a silence and wait until it is stored; return its id."""
        starts_at = day_start(day_of_date(given.first))
        row = SilenceRow(
            silence_id=_digest(who.key, given.unit, given.rule.value if given.rule else ""),
            unit=given.unit,
            rule=given.rule.value if given.rule else "",
            starts_at=max(starts_at, now_ms // 1000),
            ends_at=day_end(day_of_date(given.last)),
            reason=given.reason,
            person=who.person,
            role=who.role.value,
            made_ms=now_ms,
        )
        await self._insert_silence(row, 0, "", now_ms)
        return row.silence_id

    async def end_silence(self, row: SilenceRow, person: str, now_ms: int) -> None:
        """Take a silence away from now on."""
        await self._insert_silence(row, now_ms // 1000, person, now_ms)

    async def _insert_silence(
        self, row: SilenceRow, ended_at: int, ended_by: str, now_ms: int
    ) -> None:
        columns: dict[str, Sequence[object]] = {
            name: [value] for name, value in row._asdict().items() if name != "made_ms"
        }
        columns["made_at"] = [row.made_ms]
        columns |= {"ended_at": [ended_at], "ended_by": [ended_by], "version": [now_ms]}
        await self._writing.insert("alert_silences", columns)

    async def _views(self, rows: Sequence[Row], now: int) -> list[AlertView]:
        cases = [case_of(row) for row in rows]
        said: dict[str, list[tuple[str, AnswerLine]]] = {}
        for row in await self._ask("answers", alert_ids=[case.alert_id for case in cases]):
            said.setdefault(row[0], []).append((row[8], _line(row)))
        board = Board()
        board.dossiers = await read_dossiers(
            self._warehouse, [case.dossier_id for case in cases if case.dossier_id]
        )
        board.answers = {key: [line for _, line in lines] for key, lines in said.items()}
        return [
            AlertView(
                case,
                self.words.item(board, case, now),
                tuple(name for name, _ in said.get(case.alert_id, ())),
            )
            for case in cases
        ]

    async def _ask(self, name: str, **parameters: object) -> Sequence[Row]:
        return await self._warehouse.ask(_statement(name), **parameters)


def answer_id(key: str, kind: AnswerKind, alert_id: str) -> str:
    """Return the identity of an answer: the same request gives the same one."""
    return _digest(key, kind.value, alert_id)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _line(row: Row) -> AnswerLine:
    _, kind, role, person, made_ms, cause, note, expected_on, _ = row
    return AnswerLine(
        AnswerKind(kind),
        Role(role),
        person,
        made_ms // 1000,
        Cause(cause) if cause else None,
        note,
        "" if expected_on == _NO_DATE else expected_on,
    )
