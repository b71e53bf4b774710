"""Reads back what the last delivering process left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.notice import NoticeKind
from ioc.alerts.store.answers import read_answers
from ioc.alerts.store.cases import case_of, with_age
from ioc.alerts.store.ledger import Delivery, delivery_of
from ioc.alerts.store.warehouse import Warehouse
from schemas.alerting.names import Role


class ToldRow(NamedTuple):
    """One alert in one message of the ledger."""

    alert_id: str
    person: str
    role: str
    unit: str
    kind: str
    notice_id: str
    due_ms: int


def restore_board(cases: Iterable[Case], told: Iterable[ToldRow]) -> Board:
    """Return the board that cases and ledger add up to; pure.

    The ledger is written before the cases: a case that says less than the ledger is brought up to
    it, so that nobody is told twice and no step up is skipped.

    Args:
        cases: as stored.
        told: of messages that were not dropped, in the order of the messages.
    """
    board = Board()
    by_id = {case.alert_id: case for case in cases}
    for row in told:
        kind = NoticeKind(row.kind)
        board.note_told((row.alert_id,), row.person, Role(row.role), row.unit, kind)
        case = by_id.get(row.alert_id)
        level = _level_of(row.notice_id)
        if case is not None and kind is NoticeKind.ESCALATION and level > case.level:
            case.level = level
            case.told_at = max(case.told_at, row.due_ms // 1000)
    for case in by_id.values():
        board.put(case)
    return board


async def load_board(
    warehouse: Warehouse, watch_from: int, sent_since_ms: int, old_before_ms: int
) -> Board:
    """Return cases, who was told, and answers.

    Args:
        warehouse: of the process.
        watch_from: epoch seconds; cases that were closed earlier are left alone.
        sent_since_ms: messages since then count for the limit of the rate.
        old_before_ms: alerts raised before this are for digests.
    """
    rows = await warehouse.rows("cases_watched", watch_from=watch_from)
    cases = [with_age(case_of(row), old_before_ms) for row in rows]
    told = await warehouse.rows("told", watch_from=watch_from)
    board = restore_board(cases, (ToldRow(*row) for row in told))
    board.answers = await read_answers(warehouse, 0)
    for person, at, is_summary in await warehouse.rows("sent_lately", since_ms=sent_since_ms):
        board.sent.setdefault(person, deque()).append((at, bool(is_summary)))
    return board


async def load_unsent(warehouse: Warehouse, since_ms: int) -> list[Delivery]:
    """Return the messages that have still to be sent, or may have been."""
    return [delivery_of(row) for row in await warehouse.rows("unsent", since_ms=since_ms)]


def _level_of(notice_id: str) -> int:
    parts = notice_id.split("/")
    return int(parts[2]) if len(parts) == 4 and parts[2].isdigit() else 0
