"""The morning digest and the weekly one: four figures and ten lines."""

from __future__ import annotations

from ioc.alerts.messages.content import Content, Entry, Figure
from ioc.alerts.messages.envelope_parts import footer, greeting
from ioc.alerts.messages.wording import change, day, moment, number
from ioc.alerts.notice import Digest, DigestLine, Notice, NoticeKind
from schemas.alert_texts import AlertText

MOST_LINES = 10
#: Silent desks that are named; the figure counts all of them.
_MOST_NAMED = 6


def digest(notice: Notice) -> Content:
    """Return a digest: what worsened, who holds it, why, whether an apology was written."""
    given = notice.digest
    if given is None:
        raise ValueError("a digest has figures")
    language = notice.language
    is_weekly = notice.kind is NoticeKind.WEEKLY
    texts = (
        (AlertText.WEEKLY_TITLE, AlertText.WEEKLY_SUBJECT)
        if is_weekly
        else (AlertText.DIGEST_TITLE, AlertText.DIGEST_SUBJECT)
    )
    today = day(given.day, language)
    changed = change(given.overdue_before, given.overdue, language)
    overdue = number(given.overdue, language)
    entries = tuple(_entry(line, language) for line in given.lines[:MOST_LINES])
    lead = [
        AlertText.COMPARED.in_language(language, day=day(given.since_day, language)),
        AlertText.COMPLETE.in_language(language, time=moment(given.complete_up_to, language)),
    ]
    return Content(
        subject=texts[1].in_language(language, day=today, overdue=overdue, change=changed),
        title=texts[0].in_language(language, day=today),
        greeting=greeting(notice),
        lead=(". ".join(lead) + ".",),
        figures=_figures(given, changed, language),
        heading=_heading(given, language),
        entries=entries,
        more=_more(given, len(entries), language),
        notes=_notes(given, language),
        footer=footer(notice, None),
    )


def _figures(given: Digest, changed: str, language: str) -> tuple[Figure, ...]:
    worse = given.overdue > given.overdue_before
    return (
        Figure(
            AlertText.RULE_OVERDUE.in_language(language),
            number(given.overdue, language),
            changed,
            worse,
        ),
        Figure(
            AlertText.FIGURE_NO_APOLOGY.in_language(language),
            number(given.without_apology, language),
            is_bad=given.without_apology > 0,
        ),
        Figure(AlertText.RULE_DUE_SOON.in_language(language), number(given.due_soon, language)),
        Figure(AlertText.FIGURE_SILENT.in_language(language), str(len(given.silent))),
    )


def _heading(given: Digest, language: str) -> str:
    lines = given.lines[:MOST_LINES]
    if not lines:
        return ""
    have_worsened = all(line.overdue > line.overdue_before for line in lines)
    text = AlertText.WORSENED if have_worsened else AlertText.TO_LOOK_AT
    return text.in_language(language)


def _entry(line: DigestLine, language: str) -> Entry:
    details = [_why(line, language)] if line.cause else []
    if line.overdue:
        details.append(
            AlertText.WITHOUT_APOLOGY.in_language(
                language, n=number(line.without_apology, language)
            )
            if line.without_apology
            else AlertText.ALL_APOLOGISED.in_language(language)
        )
    if line.explained:
        explained = number(line.explained, language)
        details.append(AlertText.EXPLAINED.in_language(language, n=explained))
    return Entry(
        line.unit_name or line.unit,
        details=("; ".join(details),) if details else (),
        figure=number(line.overdue, language),
        change=change(line.overdue_before, line.overdue, language),
    )


def _why(line: DigestLine, language: str) -> str:
    cause = AlertText[f"HOLDS_{line.cause.upper()}"].in_language(language)
    count = number(line.cause_files, language)
    holder = line.holder_name or line.holder
    if holder and line.holder != line.unit:
        if line.cause == "handler":
            return AlertText.WITH_HOLDER.in_language(language, holder=holder, n=count)
        return AlertText.HELD_BY.in_language(language, holder=holder, cause=cause, n=count)
    return AlertText.MOSTLY.in_language(language, cause=cause, n=count)


def _more(given: Digest, shown: int, language: str) -> str:
    if not given.overdue and not given.lines:
        return AlertText.NOTHING_OVERDUE.in_language(language)
    left = given.more_units + max(0, len(given.lines) - shown)
    return AlertText.MORE_UNITS.in_language(language, n=number(left, language)) if left else ""


def _notes(given: Digest, language: str) -> tuple[str, ...]:
    notes: list[str] = []
    if given.silent:
        named = ", ".join(given.silent[:_MOST_NAMED])
        if len(given.silent) > _MOST_NAMED:
            named += " …"
        notes.append(AlertText.SILENT_LIST.in_language(language, units=named))
    if given.unsure:
        notes.append(
            AlertText.UNSURE_FILES.in_language(
                language,
                n=number(given.unsure, language),
                time=moment(given.unsure_since, language),
            )
        )
    return tuple(notes)
