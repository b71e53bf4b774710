"""What people send: checked before it is stored, without the clock of this machine."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.alerts.answers.given import (
    MAX_NOTE_LENGTH,
    check_answer,
    check_silence,
    clean_note,
)
from ioc.alerts.answers.links import LinkSigner, Scope
from ioc.alerts.answers.personal import holds_personal_data
from ioc.alerts.notice import AnswerKind
from schemas.alerting.names import Cause, Role
from schemas.errors import ConfigurationError, RejectError

TODAY = dt.date(2024, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "gọi 0912345678",
        "0912 345 678",
        "0912.345.678",
        "(024) 3825-1234",
        "+84 912 345 678",
        "CCCD 017 090 001 234",
        "CMND 113456789",
        "０９１２３４５６７８",
        "nguyen.a@example.vn",
        "hồ sơ H28-1 và 0912345678",
        "ngày 06/09/2024 gọi 0912345678",
    ],
)
def test_numbers_and_addresses_of_people_are_found(text: str):
    assert holds_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đã gửi công văn số 1234/UBND ngày 06/09/2024",
        "xem hồ sơ 000.25.28.H28-240903-0003",
        "cùng với H44.100-240903-0003, xong 2024-09-06",
        "từ 06.09.2024 đến 10.09.2024",
        "quá hạn 12 ngày, 3 lần bổ sung, 45 thửa đất",
    ],
)
def test_codes_dates_and_small_numbers_are_let_through(text: str):
    assert not holds_personal_data(text)


@given(
    st.text(st.characters(codec="utf-8"), max_size=40), st.from_regex(r"0\d{8,10}", fullmatch=True)
)
def test_no_text_around_it_hides_a_number(text: str, number: str):
    assert holds_personal_data(f"{text} gọi {number}")


VALUES = (
    st.none() | st.integers() | st.text(max_size=40) | st.lists(st.text(max_size=3), max_size=2)
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["kind", "cause", "note", "expected_on", "unit", "first", "last", "reason"]
        ),
        VALUES | st.sampled_from([*AnswerKind, *Cause, "2024-09-05", "2024-09-03"]),
    )
)
def test_whatever_is_sent_is_checked_or_refused(sent: dict):
    try:
        answer = check_answer(sent, TODAY)
    except RejectError:
        pass
    else:
        assert answer.kind is AnswerKind.ACKNOWLEDGED or answer.cause is not None
        assert len(answer.note) <= MAX_NOTE_LENGTH
        assert not holds_personal_data(answer.note)
        assert answer.expected_on is None or answer.expected_on >= TODAY
    try:
        silence = check_silence(sent, TODAY, 14)
    except RejectError:
        return
    assert TODAY <= silence.first <= silence.last
    assert (silence.last - silence.first).days < 14
    assert silence.reason
    assert silence.unit


@given(st.text(max_size=MAX_NOTE_LENGTH))
def test_a_note_is_one_line_without_control_letters(text: str):
    try:
        note = clean_note(text, "note")
    except RejectError as error:
        assert error.code in ("personal_data", "note_too_long")
        return
    assert "\n" not in note
    assert all(letter.isprintable() or letter.isspace() or ord(letter) > 0x9F for letter in note)
    assert clean_note(note, "note") == note


IDS = st.text(min_size=1, max_size=40)


@given(IDS, st.sampled_from(Role), IDS, st.integers(1, 4_000_000_000))
def test_a_link_says_what_was_signed_and_ends_on_time(person, role, subject, expires_at):
    signer, other = LinkSigner("a" * 32), LinkSigner("b" * 32)
    token = signer.sign(Scope.ALERT, person, role.value, subject, expires_at)
    ticket = signer.read(token, expires_at - 1)
    assert (ticket.person, ticket.role, ticket.subject) == (person, role, subject)
    assert signer.sign(Scope.ALERT, person, role.value, subject, expires_at) == token
    assert signer.sign(Scope.NOTICE, person, role.value, subject, expires_at) != token
    with pytest.raises(RejectError) as expired:
        signer.read(token, expires_at)
    assert expired.value.code == "expired"
    with pytest.raises(RejectError) as forged:
        other.read(token, 0)
    assert forged.value.code == "bad_link"


@given(st.text(max_size=60), st.integers(0, 200), st.sampled_from("Ax0-_."))
def test_no_changed_token_opens_anything(garbage: str, at: int, letter: str):
    signer = LinkSigner("a" * 32)
    token = signer.sign(Scope.ALERT, "mot-cua", "desk_lead", "overdue/x/1", 10**10)
    changed = token[: at % len(token)] + letter + token[at % len(token) + 1 :]
    for each in (garbage, changed):
        if each != token:
            with pytest.raises(RejectError):
                signer.read(each, 0)


def test_a_signature_has_one_spelling_only():
    signer = LinkSigner("a" * 32)
    token = signer.sign(Scope.ALERT, "mot-cua", "desk_lead", "overdue/x/1", 10**10)
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if letter != token[-1]:
            with pytest.raises(RejectError):
                signer.read(token[:-1] + letter, 0)


def test_a_short_key_signs_nothing():
    with pytest.raises(ConfigurationError):
        LinkSigner("short")
