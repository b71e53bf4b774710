"""One message that stands for many files: whoever gets it learns the code of each."""

from __future__ import annotations

import pytest
from planning_kit import HOUR, MONDAY, board, late, plan, planner

from ioc.alerts.delivery.checking import still_true
from ioc.alerts.engine.gathering import MOST_ITEMS_OF_MANY
from ioc.alerts.messages import render
from ioc.alerts.notice import MOST_CODES
from ioc.alerts.notice_json import notice_from_json, notice_to_json
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.store.ledger import Delivery
from schemas.alerting.names import CaseState

PERSON = Person(
    "lead", "", "vi", (Post(Role.HANDLER_LEAD, "04795"),), {"email": "a@ioc.example", "zalo": "1"}
)


def flood(files: int):
    """A board with so many late files, and the one message about them."""
    desk = board()
    for number in range(files):
        late(desk, f"F-{number:05d}", MONDAY + number)
    (message,) = plan(planner(), desk, MONDAY + HOUR * 2)
    return desk, message


def test_every_code_stands_in_the_mail_and_nothing_is_worded_twice() -> None:
    _, message = flood(400)
    notice = notice_from_json(notice_to_json(message.notice))  # as the ledger keeps it
    assert len(notice.items) == MOST_ITEMS_OF_MANY
    assert len(notice.others) == 400 - MOST_ITEMS_OF_MANY
    envelope = render(notice, PERSON, "email", None)
    for number in range(400):
        assert f"F-{number:05d}" in envelope.text
        assert f"F-{number:05d}" in envelope.html
    assert "… và 380 hồ sơ nữa" in envelope.text
    assert envelope.attachments == (), "a table of some would look like one of all"
    assert "F-00300" not in render(notice, PERSON, "zalo", None).text, "a chat is no list"


@pytest.mark.parametrize("more", [0, 1])
def test_beyond_some_thousands_it_says_that_there_are_others(more: int) -> None:
    _, message = flood(MOST_ITEMS_OF_MANY + MOST_CODES + more)
    assert len(message.notice.others) == MOST_CODES
    text = render(message.notice, PERSON, "email", None).text
    assert ("chỉ liệt kê 3.000 mã hồ sơ" in text) is bool(more)


def test_what_is_no_longer_true_is_in_no_list() -> None:
    """Whether it was worded or only named."""
    desk, message = flood(100)
    delivery = Delivery(
        message.notice, "email", tuple(c.alert_id for c in message.cases), (0,) * 100, 0
    )  # fmt: skip
    gone = [*range(MOST_ITEMS_OF_MANY), 70]
    for number in gone:
        message.cases[number].state = CaseState.RESOLVED
    notice, _ = still_true(planner(), desk, delivery, MONDAY + HOUR * 2)
    assert notice is not None
    assert notice.total == 100 - len(gone)
    text = render(notice, PERSON, "email", None).text
    for number in range(100):
        assert (f"F-{number:05d}" in text) is (number not in gone), number
