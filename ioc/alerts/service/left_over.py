"""Messages that the last turns planned and did not send: which of them still go?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ioc.alerts.notice import NoticeKind
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.loading import ToldRow

#: Of a message that nobody sent for so long that it says what is no longer so.
EXPIRED = "expired"
#: Of a message that a process planned which had lost its turn.
TOLD_OTHERWISE = "told_otherwise"


def sort_out(
    unsent: Iterable[Delivery], ledger: Iterable[ToldRow], old_before_ms: int
) -> tuple[list[Delivery], list[Delivery]]:
    """Return what is over, noted as such, and what goes.

    A message that is too old is given up, and so stands in the audit and the list of those given
    up; whatever of it is still true is owed anew. One that may have arrived goes whatever its age,
    marked as a repeat: what is no longer true of it is left out.

    Args:
        unsent: messages that are planned, in doubt, or wait for their channel.
        ledger: of the watched alerts, in the order of the messages.
        old_before_ms: epoch milliseconds; whatever was due before is too old.
    """
    otherwise = _told_otherwise(ledger)
    over: list[Delivery] = []
    goes: list[Delivery] = []
    for each in unsent:
        in_doubt = each.repeat or each.state is DeliveryState.SENDING
        if not in_doubt and each.due_ms < old_before_ms:
            _end(each, DeliveryState.GIVEN_UP, EXPIRED)
            over.append(each)
            continue
        told = otherwise.get(each.notice.notice_id, set())
        if told and not in_doubt:
            if told.issuperset(each.alert_ids):
                _end(each, DeliveryState.DROPPED, TOLD_OTHERWISE)
                over.append(each)
                continue
            _leave_out(each, told)
        goes.append(each)
    return over, goes


def _end(delivery: Delivery, state: DeliveryState, problem: str) -> None:
    delivery.state, delivery.problem, delivery.changed_ms = state, problem, 0


def _leave_out(delivery: Delivery, told: set[str]) -> None:
    kept = [n for n, each in enumerate(delivery.alert_ids) if each not in told]
    items = tuple(item for item in delivery.notice.items if item.alert_id not in told)
    delivery.notice = replace(delivery.notice, items=items, total=len(kept), counts=())
    delivery.rounds = tuple(delivery.rounds[n] for n in kept)
    delivery.alert_ids = tuple(delivery.alert_ids[n] for n in kept)


def _told_otherwise(ledger: Iterable[ToldRow]) -> dict[str, set[str]]:
    """Return, by message that was only planned, which of its alerts its person heard otherwise.

    Two messages tell one person of one alert when a process that had lost its turn planned one
    of them. Between them lies a withdrawal if it was right to tell twice.
    """
    tellings: defaultdict[tuple[str, str], list[list[ToldRow]]] = defaultdict(lambda: [[]])
    for row in ledger:
        if row.state == "dropped":
            continue
        spans = tellings[row.alert_id, row.person]
        if row.kind == NoticeKind.WITHDRAWAL.value:
            spans.append([])
        else:
            spans[-1].append(row)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for (alert_id, _), spans in tellings.items():
        for span in spans:
            notices = {row.notice_id for row in span}
            planned = {row.notice_id for row in span if row.state == "planned"}
            others = {row.notice_id for row in span if row.state != "planned"}
            # By another channel it is the same message; one of several must stay.
            keep = set() if others else set(sorted(notices)[:1])
            for notice_id in planned - others - keep:
                found[notice_id].add(alert_id)
    return found
