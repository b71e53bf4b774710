"""Reads back what the last delivering process left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from ioc.alerts.engine.board import Board, Told
from ioc.alerts.engine.case import Case
from ioc.alerts.notice import NoticeKind
from ioc.alerts.store.answers import read_answers
from ioc.alerts.store.cases import case_of, with_age
from ioc.alerts.store.ledger import Delivery, delivery_of
from ioc.alerts.store.warehouse import Warehouse
from schemas.alerting.names import CaseState, Role


class ToldRow(NamedTuple):
    """One alert in one message of the ledger; times in epoch milliseconds."""

    alert_id: str
    person: str
    role: str
    unit: str
    kind: str
    notice_id: str
    state: str
    planned_ms: int
    changed_ms: int


def restore_board(cases: Iterable[Case], ledger: Iterable[ToldRow]) -> Board:
    """Return the board that cases and ledger add up to; pure.

    The ledger is written before the cases: a case that says less than the ledger is brought up to
    it, so that nobody is told twice and no step up is skipped. One that says more (its message was
    dropped, and that is all that was written) is taken back, so that nobody is forgotten.

    Args:
        cases: as stored.
        ledger: its rows, in the order of the messages.
    """
    board = Board()
    rows = list(ledger)
    settled = _settled(rows)
    by_id = {case.alert_id: case for case in cases}
    for row in rows:
        kind, level = NoticeKind(row.kind), _level_of(row.notice_id)
        case = by_id.get(row.alert_id)
        if row.state == "dropped":
            if case is not None and kind is NoticeKind.ESCALATION and level == case.level:
                case.level = level - 1  # raised again by whoever was told at that level
            continue
        one = Told(
            row.person, Role(row.role), row.unit, kind, level, row.planned_ms // 1000,
            settled.get(row.notice_id, 0),
        )  # fmt: skip
        board.note_told((row.alert_id,), one)
        if kind is NoticeKind.WITHDRAWAL and one.settled_at:
            board.note_settled((row.alert_id,), row.person, kind, one.settled_at)
        if case is not None and kind is NoticeKind.ESCALATION:
            case.level = max(case.level, level)
    for case in by_id.values():
        if case.state is not CaseState.WITHDRAWN:
            board.note_back(case.alert_id)
        if not board.told.get(case.alert_id):
            case.level = case.told_at = 0
        board.put(case)
    return board


def _settled(rows: Iterable[ToldRow]) -> dict[str, int]:
    """Return when each message was sent, or given up by the person's last channel; seconds."""
    sent: dict[str, int] = {}
    given_up: dict[str, int] = {}
    on_its_way: set[str] = set()
    for row in rows:
        at = max(1, row.changed_ms // 1000)
        if row.state == "sent":
            sent[row.notice_id] = max(at, sent.get(row.notice_id, 0))
        elif row.state == "given_up":
            given_up[row.notice_id] = max(at, given_up.get(row.notice_id, 0))
        else:
            on_its_way.add(row.notice_id)
    return {key: at for key, at in given_up.items() if key not in on_its_way} | sent


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
    board = restore_board(cases, await load_told(warehouse, watch_from))
    board.answers = await read_answers(warehouse, 0)
    for person, at, is_summary in await warehouse.rows("sent_lately", since_ms=sent_since_ms):
        board.sent.setdefault(person, deque()).append((at, bool(is_summary)))
    return board


async def load_told(warehouse: Warehouse, watch_from: int) -> list[ToldRow]:
    """Return the ledger of the watched alerts, in the order of the messages."""
    return [ToldRow(*row) for row in await warehouse.rows("told", watch_from=watch_from)]


async def load_unsent(warehouse: Warehouse, since_ms: int) -> list[Delivery]:
    """Return the messages that have still to be sent, or may have been."""
    return [delivery_of(row) for row in await warehouse.rows("unsent", since_ms=since_ms)]


def _level_of(notice_id: str) -> int:
    parts = notice_id.split("/")
    return int(parts[2]) if len(parts) == 4 and parts[2].isdigit() else 0
