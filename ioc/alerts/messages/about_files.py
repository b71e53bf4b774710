"""Messages about single files: one, several, escalated, withdrawn, summed up."""

from __future__ import annotations

from collections import Counter

from ioc.alerts.messages.content import Content, Entry
from ioc.alerts.messages.envelope_parts import Links, answer_all, answer_one, footer, greeting
from ioc.alerts.messages.wording import (
    answered,
    headline,
    hours,
    moment,
    number,
    rule_name,
    withdrawn,
)
from ioc.alerts.notice import MOST_CODES, AlertItem, Notice, NoticeKind
from schemas.alert_texts import AlertText
from schemas.alerting.names import AlertRule

#: Files of one message that are written out; of the others it lists the codes.
MOST_ENTRIES = 50
_DUE = {
    AlertRule.RECEIPT_OVERDUE: AlertText.RECEIPT_DUE,
    AlertRule.LEG_OVERDUE: AlertText.LEG_DUE,
}
_DUES = (AlertText.DUE, *_DUE.values())


def single(notice: Notice, links: Links | None) -> Content:
    """Return the message about one alert."""
    (item,) = notice.items
    language = notice.language
    line = headline(item, language)
    entry = Entry("", facts=facts(item, language), details=_answers(item, language))
    return Content(
        subject=line,
        title=line,
        greeting=greeting(notice),
        lead=_unknown(item, language),
        entries=(entry,),
        link=answer_one(notice, item, links),
        link_text=AlertText.ANSWER.in_language(language),
        footer=footer(notice, links),
    )


def group(notice: Notice, links: Links | None) -> Content:
    """Return the message about several alerts of one person."""
    language = notice.language
    total = notice.total or len(notice.items)
    subject = AlertText.GROUP_SUBJECT.in_language(
        language, n=number(total, language), counts=_counts(notice, language)
    )
    return _several(notice, links, subject, ())


def summary(notice: Notice, links: Links | None) -> Content:
    """Return the message that stands for those above the limit."""
    language = notice.language
    total = number(notice.total or len(notice.items), language)
    subject = AlertText.SUMMARY_SUBJECT.in_language(language, n=total)
    why = AlertText.SUMMARY_WHY.in_language(language)
    return _several(notice, links, subject, (why, _counts(notice, language)))


def escalation(notice: Notice, links: Links | None) -> Content:
    """Return the message to the next one up, with all that was answered so far."""
    language = notice.language
    waited = max((item.waited_seconds for item in notice.items), default=0)
    line = AlertText.ESCALATED.in_language(language, n=hours(waited, language))
    if len(notice.items) == 1 and (notice.total or 1) == 1:
        content = single(notice, links)
        item = notice.items[0]
        subject = f"{line}: {headline(item, language)}"
        entry = Entry("", facts=facts(item, language), details=_answers(item, language, True))
        return Content(
            subject=subject,
            title=line,
            greeting=content.greeting,
            lead=(headline(item, language), *_unknown(item, language)),
            entries=(entry,),
            link=content.link,
            link_text=content.link_text,
            footer=content.footer,
        )
    names = {item.unit_name or item.unit for item in notice.items}
    subject = AlertText.ESCALATION_SUBJECT.in_language(
        language,
        unit=min(names) if len(names) == 1 else notice.unit_name or notice.unit,
        n=number(notice.total or len(notice.items), language),
    )
    return _several(notice, links, f"{line}. {subject}", (line,), title=subject)


def withdrawal(notice: Notice, links: Links | None) -> Content:
    """Return the message that takes alerts back; it goes to those who were told."""
    language = notice.language
    lines = [withdrawn(item, language) for item in notice.items]
    count = number(notice.total or len(lines), language)
    subject = (
        lines[0] if len(lines) == 1 else AlertText.WITHDRAWAL_SUBJECT.in_language(language, n=count)
    )
    return Content(
        subject=subject,
        title=subject,
        greeting=greeting(notice),
        entries=tuple(Entry(line) for line in lines[:MOST_ENTRIES]) if len(lines) > 1 else (),
        more=_more(notice, min(len(lines), MOST_ENTRIES), AlertText.GROUP_MORE_ALERTS),
        codes=notice.others,
        notes=_unlisted(notice),
        footer=footer(notice, None),
    )


def facts(item: AlertItem, language: str) -> tuple[tuple[str, str], ...]:
    """Return what is known of a file: what somebody needs to act."""
    if not item.dossier_id:
        return ()
    days, left = AlertText.DAYS, AlertText.HOURS
    late = ""
    # A file may be late before the first working second of the day after.
    if item.late_days or item.late_seconds:
        late = (
            days.in_language(language, n=item.late_days)
            if item.late_days
            else left.in_language(language, n=hours(item.late_seconds, language))
        )
    apology = AlertText.APOLOGY_YES if item.apologised else AlertText.APOLOGY_NO
    # Nobody has to apologise yet for a file that waits to be received.
    may_owe = late or item.rule is AlertRule.APOLOGY_DUE
    says_apology = item.apologised or (may_owe and item.rule is not AlertRule.RECEIPT_OVERDUE)
    remaining = left.in_language(language, n=hours(item.left_seconds, language))
    given = (
        (AlertText.DOSSIER, item.dossier_id),
        (AlertText.RULE, rule_name(item.rule, language)),
        (AlertText.PROCEDURE, item.procedure_name or item.procedure),
        (AlertText.AUTHORITY, item.unit_name or item.unit),
        (AlertText.HANDLER, item.handler_name or item.handler),
        (_DUE.get(item.rule, AlertText.DUE), moment(item.due_at, language) if item.due_at else ""),
        (AlertText.LATE_FOR, late),
        (AlertText.LEFT, remaining if item.left_seconds and not late else ""),
        (AlertText.APOLOGY, apology.in_language(language) if says_apology else ""),
    )
    return tuple((name.in_language(language), text) for name, text in given if text)


def _several(
    notice: Notice, links: Links | None, subject: str, lead: tuple[str, ...], title: str = ""
) -> Content:
    language = notice.language
    is_escalated = notice.kind is NoticeKind.ESCALATION
    shown = notice.items[:MOST_ENTRIES]
    entries = tuple(
        Entry(
            headline(item, language),
            facts=_short_facts(item, language),
            details=(*_unknown(item, language), *_answers(item, language, is_escalated)),
            link=answer_one(notice, item, links),
        )
        for item in shown
    )
    return Content(
        subject=subject,
        title=title or subject,
        greeting=greeting(notice),
        lead=lead,
        entries=entries,
        more=_more(notice, len(shown), AlertText.GROUP_MORE),
        codes=notice.others,
        notes=_unlisted(notice),
        link=answer_all(notice, links),
        link_text=AlertText.ANSWER_ALL.in_language(language),
        footer=footer(notice, links),
    )


def _short_facts(item: AlertItem, language: str) -> tuple[tuple[str, str], ...]:
    wanted = (AlertText.PROCEDURE, AlertText.HANDLER, *_DUES, AlertText.APOLOGY)
    names = {text.in_language(language) for text in wanted}
    return tuple(pair for pair in facts(item, language) if pair[0] in names)


def _answers(item: AlertItem, language: str, is_asked: bool = False) -> tuple[str, ...]:
    said = tuple(answered(answer, language) for answer in item.answers)
    if not said and is_asked:
        return (AlertText.NO_ANSWER_YET.in_language(language),)
    return said


def _unknown(item: AlertItem, language: str) -> tuple[str, ...]:
    if not item.unknown_since:
        return ()
    since = moment(item.unknown_since, language)
    return (AlertText.UNKNOWN_SINCE.in_language(language, time=since),)


def _counts(notice: Notice, language: str) -> str:
    counted = dict(notice.counts) or Counter(item.rule for item in notice.items)
    return "; ".join(
        f"{number(count, language)} {rule_name(rule, language).lower()}"
        for rule, count in Counter(counted).most_common()
    )


def _unlisted(notice: Notice) -> tuple[str, ...]:
    """Return the sentence about files that are in no list; several alerts may be about one."""
    left = notice.total - len(notice.items)
    if len(notice.others) < MOST_CODES or left <= MOST_CODES:
        return ()
    listed = number(len(notice.others), notice.language)
    return (AlertText.GROUP_UNLISTED.in_language(notice.language, n=listed),)


def _more(notice: Notice, shown: int, text: AlertText) -> str:
    left = max(notice.total, len(notice.items)) - shown
    return text.in_language(notice.language, n=number(left, notice.language)) if left > 0 else ""
