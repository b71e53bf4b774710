"""What every message has: greeting, links, small print."""

from __future__ import annotations

from typing import Protocol

from ioc.alerts.messages.wording import moment, role_name
from ioc.alerts.notice import AlertItem, Notice
from schemas.alert_texts import AlertText


class Links(Protocol):
    """Makes the signed addresses at which a person answers; the same input, the same address."""

    def of_alert(self, person: str, role: str, alert_id: str, made_at: int) -> str:
        """Return the address for one alert."""

    def of_notice(self, person: str, role: str, notice_id: str, made_at: int) -> str:
        """Return the address for all alerts of a message."""


def greeting(notice: Notice) -> str:
    """Return whom it is for, by role and unit; nobody is called by name."""
    language = notice.language
    said = AlertText.GREETING.in_language(
        language, role=role_name(notice.role, language), unit=notice.unit_name or notice.unit
    )
    if not notice.deputy_for:
        return said
    return f"{said} {AlertText.DEPUTY.in_language(language, person=notice.deputy_for)}"


def answer_one(notice: Notice, item: AlertItem, links: Links | None) -> str:
    """Return where to answer one alert, or nothing."""
    if links is None or not item.may_answer:
        return ""
    return links.of_alert(notice.person, notice.role.value, item.alert_id, notice.made_at)


def answer_all(notice: Notice, links: Links | None) -> str:
    """Return where to answer all alerts of a message, or nothing."""
    if links is None or not any(item.may_answer for item in notice.items):
        return ""
    return links.of_notice(notice.person, notice.role.value, notice.notice_id, notice.made_at)


def footer(notice: Notice, links: Links | None) -> tuple[str, ...]:
    """Return the small print."""
    language = notice.language
    said = [AlertText.SENT_AT.in_language(language, time=moment(notice.made_at, language))]
    if links is not None and any(item.may_answer for item in notice.items):
        said += [
            AlertText.ANSWER_HINT.in_language(language),
            AlertText.FOR_YOU.in_language(language),
        ]
    said.append(AlertText.AUTOMATIC.in_language(language))
    return tuple(said)
