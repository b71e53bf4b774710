"""Checks what somebody sent: an answer, or a silence. Pure; `today` is passed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ioc.alerts.answers.personal import holds_personal_data
from ioc.alerts.notice import AnswerKind
from schemas.alerting.names import AlertRule, Cause
from schemas.errors import RejectError

MAX_NOTE_LENGTH = 300
#: No file is promised for later than this.
MAX_DAYS_AHEAD = 366
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that may be stored."""

    kind: AnswerKind
    cause: Cause | None = None
    note: str = ""
    expected_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class GivenSilence:
    """A silence that may be stored, if the person is allowed to.

    Attributes:
        rule: None = every rule.
        first, last: days, both included.
    """

    unit: str
    rule: AlertRule | None
    first: dt.date
    last: dt.date
    reason: str


def check_answer(given: Mapping[str, object], today: dt.date) -> GivenAnswer:
    """Return the answer that a form or a request describes.

    Args:
        given: `kind`, and for an explanation `cause`, `note`, `expected_on` (ISO date).
        today: local day.

    Raises:
        RejectError: code of the refusal, with its field; the value is never repeated.
    """
    try:
        kind = AnswerKind(_text(given, "kind"))
    except ValueError:
        raise RejectError("bad_kind", "acknowledged or explained", field="kind") from None
    if kind is AnswerKind.ACKNOWLEDGED:
        return GivenAnswer(kind)
    try:
        cause = Cause(_text(given, "cause"))
    except ValueError:
        raise RejectError("cause_needed", "a cause of the list", field="cause") from None
    note = clean_note(_text(given, "note"), "note")
    if cause is Cause.OTHER and not note:
        raise RejectError("note_needed", "another reason has to be said", field="note")
    expected = _text(given, "expected_on")
    if not expected:
        return GivenAnswer(kind, cause, note)
    return GivenAnswer(kind, cause, note, _day(expected, "expected_on", today))


def check_silence(given: Mapping[str, object], today: dt.date, longest_days: int) -> GivenSilence:
    """Return the silence that a form or a request describes.

    Args:
        given: `unit`, `rule` ("" = every), `first` ("" = today), `last`, `reason`.
        today: local day.
        longest_days: how many days it may last.

    Raises:
        RejectError: as `check_answer`.
    """
    unit = _text(given, "unit")
    if not unit or len(unit) > 64:
        raise RejectError("bad_request", "a unit is needed", field="unit")
    name = _text(given, "rule")
    try:
        rule = AlertRule(name) if name else None
    except ValueError:
        raise RejectError("silence_unknown_rule", "no such rule", field="rule") from None
    first = _day(_text(given, "first"), "first", today) if _text(given, "first") else today
    last = _day(_text(given, "last"), "last", today)
    if last < first:
        raise RejectError("silence_order", "it ends before it begins", field="last")
    if (last - first).days >= longest_days:
        raise RejectError("silence_too_long", f"at most {longest_days} days", field="last")
    reason = clean_note(_text(given, "reason"), "reason")
    if not reason:
        raise RejectError("silence_no_reason", "a reason is needed", field="reason")
    return GivenSilence(unit, rule, first, last, reason)


def clean_note(text: str, field: str) -> str:
    """Return a free text on one line.

    Raises:
        RejectError: `note_too_long` or `personal_data`.
    """
    note = " ".join(_CONTROL.sub(" ", text).split())
    if len(note) > MAX_NOTE_LENGTH:
        raise RejectError("note_too_long", f"more than {MAX_NOTE_LENGTH} letters", field=field)
    if holds_personal_data(note):
        raise RejectError("personal_data", "the text seems to hold personal data", field=field)
    return note


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RejectError("bad_request", "a text is needed", field=name)
    return value.strip()


def _day(text: str, field: str, today: dt.date) -> dt.date:
    try:
        # Only this form: `fromisoformat` also reads weeks and times.
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        raise RejectError("bad_date", "YYYY-MM-DD", field=field) from None
    if day < today:
        raise RejectError("date_past", "it lies in the past", field=field)
    if (day - today).days > MAX_DAYS_AHEAD:
        raise RejectError("date_far", "it is too far ahead", field=field)
    return day
