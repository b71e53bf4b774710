"""A message right before it goes: what of it is left, and what is owed anew."""

from __future__ import annotations

from dataclasses import replace

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.gathering import MOST_ITEMS_OF_MANY, other_codes, rule_counts
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.truth import said_now, true_now
from ioc.alerts.notice import Notice
from ioc.alerts.store.ledger import Delivery


def still_true(
    planner: Planner, board: Board, delivery: Delivery, now: int
) -> tuple[Notice | None, list[Case]]:
    """Return the notice as it should go, None = nothing of it is true; and cases that changed.

    What is left out was never told, and is owed anew. A message that may have arrived keeps its
    alerts in the ledger: whoever was told of them must hear if they are withdrawn.

    Args:
        planner: rules and people.
        board: with the files behind the message as just read; it is changed.
        delivery: its alerts are cut to those that are true.
        now: epoch seconds.
    """
    notice = delivery.notice
    if notice.outside is not None or notice.digest is not None:
        return notice, []
    true = true_now(planner, board, notice, delivery.alert_ids, now)
    standing = set(true)
    changed: list[Case] = []
    if not delivery.repeat:
        untold = [each for each in delivery.alert_ids if each not in standing]
        changed = board.note_untold(untold, notice.person, notice.kind)
    if not true:
        return None, changed
    notice = replace(notice, items=said_now(planner, board, notice, now))
    if len(true) == len(delivery.alert_ids):
        return notice, changed
    if not delivery.repeat:
        kept = [n for n, each in enumerate(delivery.alert_ids) if each in standing]
        delivery.rounds = tuple(delivery.rounds[n] for n in kept)
        delivery.alert_ids = true
    items = tuple(item for item in notice.items if item.alert_id in standing)
    counts = rule_counts(board.cases[each] for each in true)
    if not items:
        again = [board.cases[each] for each in true[:MOST_ITEMS_OF_MANY]]
        items = tuple(planner.words.item(board, case, now) for case in again)
    worded = {item.alert_id for item in items}
    others = other_codes(board.cases[each] for each in true if each not in worded)
    told = replace(notice, items=items, total=len(true), counts=counts, others=others)
    return told, changed
