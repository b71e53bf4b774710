"""Messages about units, feeds and other systems."""

from __future__ import annotations

from ioc.alerts.messages.content import Content, Entry
from ioc.alerts.messages.envelope_parts import Links, answer_all, footer, greeting
from ioc.alerts.messages.wording import answered, headline, moment
from ioc.alerts.notice import Notice, OutsideAlert
from schemas.alert_texts import AlertText


def unit(notice: Notice, links: Links | None) -> Content:
    """Return the message about thresholds that units exceeded."""
    language = notice.language
    lines = [headline(item, language) for item in notice.items]
    entries = tuple(
        Entry(line, details=tuple(answered(each, language) for each in item.answers))
        for line, item in zip(lines, notice.items, strict=True)
    )
    return Content(
        subject=lines[0] if len(lines) == 1 else f"{lines[0]} (+{len(lines) - 1})",
        title=lines[0] if len(lines) == 1 else AlertText.UNITS_TITLE.in_language(language),
        greeting=greeting(notice),
        entries=entries if len(lines) > 1 or entries[0].details else (),
        link=answer_all(notice, links),
        link_text=AlertText.ANSWER.in_language(language),
        footer=footer(notice, links),
    )


def technician(notice: Notice, links: Links | None) -> Content:
    """Return the message to technicians: a silent desk, or an alert of another system."""
    if notice.outside is not None:
        return _outside(notice, notice.outside)
    language = notice.language
    lines = [headline(item, language) for item in notice.items]
    return Content(
        subject=lines[0] if len(lines) == 1 else f"{lines[0]} (+{len(lines) - 1})",
        title=lines[0] if len(lines) == 1 else AlertText.RULE_SILENT_DESK.in_language(language),
        greeting=greeting(notice),
        entries=tuple(Entry(line) for line in lines) if len(lines) > 1 else (),
        notes=(AlertText.TECHNICIAN_WAITS.in_language(language),),
        link=answer_all(notice, links),
        link_text=AlertText.ANSWER.in_language(language),
        footer=footer(notice, links),
    )


def _outside(notice: Notice, outside: OutsideAlert) -> Content:
    language = notice.language
    text = AlertText.OUTSIDE_FIRING if outside.is_firing else AlertText.OUTSIDE_RESOLVED
    subject = text.in_language(language, title=outside.title)
    since = AlertText.OUTSIDE_SINCE.in_language(
        language, time=moment(outside.starts_at, language), source=outside.source
    )
    return Content(
        subject=subject,
        title=subject,
        greeting=greeting(notice),
        lead=tuple(part for part in (since, outside.text, outside.url) if part),
        footer=footer(notice, None),
    )
