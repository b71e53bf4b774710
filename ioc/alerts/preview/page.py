"""A preview as one page: how many messages, of which rule, to whom, and what they would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import jinja2

from ioc.alerts.messages import render
from ioc.alerts.messages.wording import day, moment, number, role_name, rule_name
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.preview.report import Report
from schemas.alert_preview_texts import PreviewText
from schemas.alert_texts import AlertText
from schemas.alerting.names import AlertRule, Role
from schemas.calendar.local_time import date_of_day

_MOST_PEOPLE = 30
Cells = tuple[tuple[str, ...], int]
Table = tuple[str, str, tuple[str, ...], list[tuple[tuple[str, ...], int, int]]]


def preview_page(report: Report, people: PeopleBook, first: str, last: str, language: str) -> str:
    """Return the page; it needs no script and fetches nothing.

    Args:
        report: what the rules would have sent.
        people: who would have got it; contacts do not come into the page.
        first: ISO date.
        last: ISO date.
        language: of the page; examples come in the language of whom they are for.
    """
    text = PreviewText
    count = text.MESSAGES.in_language(language)
    days = sorted(report.by_day().items())
    listed = report.people.most_common(_MOST_PEOPLE)
    tables = [
        _table(
            "by-rule",
            text.BY_RULE.in_language(language),
            (text.RULE.in_language(language), text.ALERTS.in_language(language)),
            [
                ((rule_name(AlertRule(rule), language),), len(alerts))
                for rule, alerts in sorted(report.alerts.items())
            ],
        ),
        _table(
            "by-role",
            text.BY_ROLE.in_language(language),
            (text.KIND.in_language(language), text.ROLE.in_language(language), count),
            [
                ((_kind(kind, language), role_name(Role(role), language)), messages)
                for (kind, role), messages in sorted(report.messages.items())
            ],
        ),
        _table(
            "by-person",
            text.BY_PERSON.in_language(language),
            (text.PERSON.in_language(language), count),
            [((person,), messages) for person, messages in listed],
        ),
        _table(
            "by-day",
            text.BY_DAY.in_language(language),
            (text.DAY.in_language(language), count),
            [((day(date_of_day(each).isoformat(), language),), sent) for each, sent in days],
        ),
    ]
    return _template().render(
        t=lambda name, **values: PreviewText[name].in_language(language, **values),
        number=lambda value: number(value, language),
        language=language,
        style=_style(),
        centre=AlertText.CENTRE.in_language(language),
        start=day(first, language),
        end=day(last, language),
        messages=sum(report.messages.values()),
        alerts=sum(len(alerts) for alerts in report.alerts.values()),
        people=len(report.people),
        more_people=len(report.people) - len(listed),
        busiest=report.busiest,
        tables=tables,
        samples=list(_samples(report, people, language)),
    )


def _table(name: str, heading: str, columns: tuple[str, ...], rows: Sequence[Cells]) -> Table:
    most = max((count for _, count in rows), default=0)
    return (
        name,
        heading,
        columns,
        [(cells, count, round(100 * count / most)) for cells, count in rows],
    )


def _samples(
    report: Report, people: PeopleBook, language: str
) -> Iterator[tuple[str, str, str, str]]:
    for kind, notices in sorted(report.examples.items()):
        for notice in notices:
            person = people.get(notice.person)
            if person is None:
                continue
            subject = render(notice, person, next(iter(person.contacts)), None).subject
            to = f"{role_name(notice.role, language)} ({notice.person})"
            yield _kind(kind, language), moment(notice.made_at, language), to, subject


def _kind(kind: str, language: str) -> str:
    return PreviewText[f"KIND_{kind.upper()}"].in_language(language)


def _style() -> str:
    folder = resources.files("ioc.alerts.preview").joinpath("templates")
    return folder.joinpath("preview.css").read_text("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ioc.alerts.preview", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("preview.html")
