"""Draws the pages: no script, one style sheet in the page, readable on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import jinja2

from ioc.alerts.answers.given import MAX_DAYS_AHEAD, MAX_NOTE_LENGTH
from ioc.alerts.answers.store import AlertView
from ioc.alerts.messages.about_files import facts
from ioc.alerts.messages.wording import answered, cause_name, headline, moment, role_name
from schemas.alert_texts import AlertText
from schemas.alerting.names import CaseState, Cause, Role
from schemas.answer_texts import AnswerText

STYLE = resources.files("ioc.alerts.answers").joinpath("templates", "page.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Answering:
    """A form for some alerts.

    Attributes:
        alerts, settled: those to answer, those that need no answer.
        mine: what the person said before, as lines.
        more: alerts beyond these.
        form: what was sent and refused, to be shown again.
        wrong_field: name of the field that was refused.
        address: where the form goes; "" = the page's own address.
    """

    alerts: tuple[AlertView, ...]
    settled: tuple[AlertView, ...]
    mine: tuple[str, ...]
    more: int
    role: Role
    person: str
    today: dt.date
    form: Mapping[str, list[str]] = field(default_factory=dict)
    wrong_field: str = ""
    address: str = ""


def render_page(language: str, title: str, template: str = "page.html", **content: object) -> str:
    """Return a page.

    Args:
        language: of its texts.
        title: its heading.
        template: which page.
        content: `error`, `done`, `hint`, `mine`, `answering` of the page; others of other pages.
    """
    given = {"error": "", "done": "", "hint": "", "mine": (), "answering": None, **content}
    return _template(template).render(
        language=language,
        title=title,
        style=STYLE,
        centre=AlertText.CENTRE.in_language(language),
        t=lambda name, **values: AnswerText[name].in_language(language, **values),
        facts=lambda view: facts(view.item, language),
        headline=lambda view: headline(view.item, language),
        answered=lambda line: answered(line, language),
        state=lambda view: state_name(view.case.state, language),
        unknown=lambda view: _unknown(view, language),
        role_name=lambda role: role_name(role, language),
        causes=[(cause.value, cause_name(cause, language)) for cause in Cause],
        note_length=MAX_NOTE_LENGTH,
        days_ahead=dt.timedelta(MAX_DAYS_AHEAD),
        **given,
    )


def state_name(state: CaseState, language: str) -> str:
    """Return the name of a case's state."""
    return AnswerText[f"STATE_{state.name}"].in_language(language)


def _unknown(view: AlertView, language: str) -> str:
    since = view.item.unknown_since
    if not since:
        return ""
    return AlertText.UNKNOWN_SINCE.in_language(language, time=moment(since, language))


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ioc.alerts.answers", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
