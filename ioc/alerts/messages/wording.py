"""How numbers, times and names are written, and the one line that says what an alert is about."""

from __future__ import annotations

import datetime as dt

from ioc.alerts.notice import AlertItem, AnswerKind, AnswerLine
from ioc.wall.period import VIETNAM
from schemas.alert_texts import AlertText
from schemas.alerting.names import AlertRule, Cause, Role

_HOUR = 3600
#: Rules whose line needs nothing but the file and the unit.
_LINES = {
    AlertRule.RECEIPT_OVERDUE: AlertText.RECEIPT_OVERDUE,
    AlertRule.DUE_SOON: AlertText.DUE_SOON,
    AlertRule.APOLOGY_DUE: AlertText.APOLOGY_DUE,
    AlertRule.NO_APOLOGY: AlertText.NO_APOLOGY,
    AlertRule.UNIT_SHARE: AlertText.UNIT_SHARE,
    AlertRule.UNIT_COUNT: AlertText.UNIT_COUNT,
    AlertRule.BACKLOG: AlertText.BACKLOG,
    AlertRule.SILENT_DESK: AlertText.SILENT_DESK,
}
_LATE_LINES = {
    AlertRule.OVERDUE: (AlertText.OVERDUE, AlertText.OVERDUE_HOURS),
    AlertRule.LEG_OVERDUE: (AlertText.LEG_OVERDUE, AlertText.LEG_OVERDUE_HOURS),
}


def headline(item: AlertItem, language: str) -> str:
    """Return the official line about an alert."""
    text = _LINES.get(item.rule)
    late = item.late_seconds
    amount = hours(item.left_seconds, language)
    if text is None:
        by_days, by_hours = _LATE_LINES[item.rule]
        text = by_days if item.late_days else by_hours
        amount = str(item.late_days) if item.late_days else hours(late, language)
    is_handlers = item.rule is AlertRule.LEG_OVERDUE
    return text.in_language(
        language,
        dossier=item.dossier_id,
        unit=(item.handler_name or item.handler) if is_handlers else item.unit_name or item.unit,
        n=amount,
        leg=item.leg,
        value=_value(item.value, item.rule, language),
        threshold=_value(item.threshold, item.rule, language),
        time=moment(item.since_at, language),
    )


def withdrawn(item: AlertItem, language: str) -> str:
    """Return the line that takes an alert back."""
    if item.rule.is_about_unit:
        text = AlertText.WITHDRAWN_UNIT
    elif item.why == "done_in_time":
        text = AlertText.WITHDRAWN
    else:
        text = AlertText.WITHDRAWN_OTHER
    return text.in_language(language, dossier=item.dossier_id, unit=item.unit_name or item.unit)


def answered(answer: AnswerLine, language: str) -> str:
    """Return who answered what."""
    who = {
        "role": role_name(answer.role, language),
        "person": answer.person,
        "time": moment(answer.made_at, language),
    }
    if answer.kind is AnswerKind.ACKNOWLEDGED:
        return AlertText.ACKNOWLEDGED_BY.in_language(language, **who)
    cause = cause_name(answer.cause, language) if answer.cause else ""
    said = AlertText.EXPLAINED_BY.in_language(language, **who, cause=cause)
    if answer.note:
        said += f" – {answer.note}"
    if answer.expected_on:
        expected = day(answer.expected_on, language)
        said += f"; {AlertText.EXPECTED.in_language(language, day=expected)}"
    return said


def rule_name(rule: AlertRule, language: str) -> str:
    """Return the name of a rule."""
    return AlertText[f"RULE_{rule.name}"].in_language(language)


def role_name(role: Role, language: str) -> str:
    """Return the name of a role."""
    return AlertText[f"ROLE_{role.name}"].in_language(language)


def cause_name(cause: Cause, language: str) -> str:
    """Return the name of a cause."""
    return AlertText[f"CAUSE_{cause.name}"].in_language(language)


def number(value: int, language: str) -> str:
    """Return a count with its thousands marked: 1.234 or 1,234."""
    text = f"{value:,}"
    return text if language == "en" else text.replace(",", ".")


def change(before: int, after: int, language: str) -> str:
    """Return a difference with its sign."""
    difference = after - before
    if not difference:
        return AlertText.UNCHANGED.in_language(language)
    sign = "+" if difference > 0 else "−"
    return f"{sign}{number(abs(difference), language)}"


def share(value: float, language: str) -> str:
    """Return a share as percent: 12,5 % or 12.5%."""
    text = f"{value * 100:.1f}".removesuffix(".0")
    return f"{text}%" if language == "en" else f"{text.replace('.', ',')} %"


def hours(seconds: int, language: str) -> str:
    """Return working hours, whole ones; the last one as less than one."""
    whole = seconds // _HOUR
    if whole:
        return str(whole)
    return AlertText.LESS_THAN_ONE.in_language(language)


def moment(at: int, language: str) -> str:
    """Return an instant (epoch seconds) as people here read it."""
    local = dt.datetime.fromtimestamp(at, VIETNAM)
    return f"{local:%Y-%m-%d %H:%M}" if language == "en" else f"{local:%H:%M %d/%m/%Y}"


def day(iso: str, language: str) -> str:
    """Return an ISO date as people here read it."""
    date = dt.date.fromisoformat(iso)
    return iso if language == "en" else f"{date:%d/%m/%Y}"


def _value(value: float, rule: AlertRule, language: str) -> str:
    if rule is AlertRule.UNIT_SHARE:
        return share(value, language)
    return number(int(value), language)
