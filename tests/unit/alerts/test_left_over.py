"""What becomes of messages that earlier turns planned and did not send."""

from __future__ import annotations

from dataclasses import replace

from planning_kit import MONDAY, UNIT

from ioc.alerts.notice import Notice, NoticeKind
from ioc.alerts.people import Role
from ioc.alerts.service.left_over import EXPIRED, TOLD_OTHERWISE, sort_out
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.loading import ToldRow

OLD_BEFORE = MONDAY * 1000


def message(name: str, *alerts: str, at: int = MONDAY, **more: object) -> Delivery:
    notice = Notice(
        NoticeKind.SINGLE, f"single/lead/0/{name}", "lead", Role.HANDLER_LEAD, UNIT, "", "vi", at
    )
    return replace(Delivery(notice, "email", alerts, (0,) * len(alerts), at * 1000), **more)


def row(name: str, alert: str, state: str, kind: str = "single") -> ToldRow:
    return ToldRow(alert, "lead", "handler_lead", UNIT, kind, f"{kind}/lead/0/{name}", state, 1, 1)


def test_what_is_too_old_is_given_up_and_listed_and_not_forgotten() -> None:
    old = message("a", "A", at=MONDAY - 1)
    waits = message("b", "B", at=MONDAY - 1, state=DeliveryState.WAITING)
    doubtful = message("c", "C", at=MONDAY - 1, state=DeliveryState.SENDING)
    fresh = message("d", "D")
    over, goes = sort_out([old, waits, doubtful, fresh], [], OLD_BEFORE)
    assert over == [old, waits] and goes == [doubtful, fresh]
    assert {(each.state, each.problem) for each in over} == {(DeliveryState.GIVEN_UP, EXPIRED)}


def test_what_a_process_without_a_turn_planned_is_dropped_where_it_was_told_otherwise() -> None:
    stray, mixed, own = message("stray", "A"), message("mixed", "A", "B"), message("own", "C")
    ledger = [
        row("stray", "A", "planned"), row("mixed", "A", "planned"), row("mixed", "B", "planned"),
        row("sent", "A", "sent"), row("own", "C", "planned"),
    ]  # fmt: skip
    over, goes = sort_out([stray, mixed, own], ledger, OLD_BEFORE)
    assert over == [stray] and stray.problem == TOLD_OTHERWISE
    assert stray.state is DeliveryState.DROPPED
    assert goes == [mixed, own], "of the other, B is news"
    assert mixed.alert_ids == ("B",), "and A is left out of it"


def test_of_two_that_were_only_planned_one_goes_and_after_a_withdrawal_both_are_right() -> None:
    two = [message("a", "A"), message("b", "A")]
    ledger = [row("a", "A", "planned"), row("b", "A", "planned")]
    over, goes = sort_out(two, ledger, OLD_BEFORE)
    assert (len(over), len(goes)) == (1, 1)
    again = [message("b", "A")]
    ledger = [row("a", "A", "sent"), row("w", "A", "sent", "withdrawal"), row("b", "A", "planned")]
    assert sort_out(again, ledger, OLD_BEFORE) == ([], again)
