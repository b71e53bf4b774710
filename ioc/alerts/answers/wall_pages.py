"""Answering on the wall: pages for people who signed in, under `/alerts`.

An account whose name is the id of a person of the people file answers as that person. The wall's
guard has checked session and origin before anything here runs.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ioc.alerts.answers.desk import AnswerDesk
from ioc.alerts.answers.html import STYLE, Answering, render_page
from ioc.alerts.answers.http import one, page, read_form
from ioc.alerts.answers.refusals import RETRY_SECONDS, said
from ioc.alerts.answers.remit import main_role
from ioc.alerts.answers.store import SilenceRow
from ioc.alerts.messages.wording import moment, rule_name
from ioc.alerts.people import Person
from ioc.wall.viewer import viewer_of
from schemas.alerting.names import AlertRule
from schemas.answer_texts import AnswerText
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import FatalError, RejectError, RetryError

LIST, ONE, ANSWER = "/alerts", "/alerts/one", "/alerts/answer"
SILENCE, END_SILENCE = "/alerts/silences", "/alerts/silences/end"
_Action = Callable[[Request, Person], Awaitable[Response]]


@dataclass(frozen=True)
class WallPages:
    """Handlers of the pages."""

    desk: AnswerDesk
    language: str

    def routes(self) -> list[Route]:
        """Return the routes, to be put behind the wall's guard."""
        return [
            Route(LIST, self._for(self._list)),
            Route(ONE, self._for(self._one)),
            Route(ANSWER, self._for(self._answer), methods=["POST"]),
            Route(SILENCE, self._for(self._silence), methods=["POST"]),
            Route(END_SILENCE, self._for(self._end), methods=["POST"]),
        ]

    def _for(self, action: _Action) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            viewer = viewer_of(request)
            if not viewer.is_signed_in:
                return RedirectResponse(f"/login?next={quote(LIST)}", 303)
            language = self.language
            try:
                person = await self.desk.person(viewer.name)
                language = person.language
                return await action(request, person)
            except RejectError as error:
                text = said(error, language, self.desk.silence_days)
                return self._page(language, AnswerText.LIST_TITLE, status=422, error=text)
            except (RetryError, FatalError):
                text = AnswerText.NOT_STORED.in_language(language, n=RETRY_SECONDS)
                return self._page(language, AnswerText.LIST_TITLE, status=503, error=text)

        return guarded

    async def _list(self, request: Request, person: Person) -> Response:
        return await self._shown(person, request.query_params.get("dossier", "")[:128])

    async def _shown(self, person: Person, dossier: str = "", done: str = "") -> Response:
        language = person.language
        views = await self.desk.open_alerts(person, dossier)
        names = self.desk.store.words
        silences = [
            (row.silence_id, _silence_line(row, names.unit_name(row.unit), language))
            for row in await self.desk.silences(person)
        ]
        units = [(code, names.unit_name(code)) for code in await self.desk.silenceable(person)]
        return self._page(
            language,
            AnswerText.LIST_TITLE,
            alerts=[(view, f"{ONE}?id={quote(view.case.alert_id, safe='')}") for view in views],
            silences=silences,
            units=sorted(units, key=lambda pair: pair[1]),
            rules=[(rule.value, rule_name(rule, language)) for rule in AlertRule],
            today=self._today(),
            done=done,
        )

    async def _one(self, request: Request, person: Person) -> Response:
        alert_id = request.query_params.get("id", "")
        return await self._asked(person, alert_id)

    async def _asked(
        self,
        person: Person,
        alert_id: str,
        error: RejectError | None = None,
        form: Mapping[str, list[str]] | None = None,
    ) -> Response:
        view = await self.desk.alert(person, alert_id)
        is_closed = view.case.state.is_closed
        answering = Answering(
            alerts=() if is_closed else (view,),
            settled=(view,) if is_closed else (),
            mine=(),
            more=0,
            role=main_role(person),
            person=person.person_id,
            today=self._today(),
            form=form or {},
            wrong_field=error.field if error else "",
            address=ANSWER,
        )
        text = said(error, person.language, self.desk.silence_days) if error else ""
        return self._page(
            person.language,
            AnswerText.TITLE,
            status=422 if error else 200,
            error=text,
            answering=answering,
        )

    async def _answer(self, request: Request, person: Person) -> Response:
        form = await read_form(request)
        ids = form.get("alert", [])
        given = one(form, "kind", "cause", "note", "expected_on")
        try:
            count = await self.desk.answer(person, ids, given, "wall", uuid.uuid4().hex)
        except RejectError as error:
            if len(ids) != 1 or not error.field or error.field == "alerts":
                raise
            return await self._asked(person, ids[0], error, form)
        is_explained = given["kind"] == "explained"
        text = AnswerText.RECORDED_EXPLAINED if is_explained else AnswerText.RECORDED_ACKNOWLEDGED
        return await self._shown(person, done=text.in_language(person.language, n=count))

    async def _silence(self, request: Request, person: Person) -> Response:
        form = await read_form(request)
        given = one(form, "unit", "rule", "first", "last", "reason")
        await self.desk.silence(person, given, "wall", uuid.uuid4().hex)
        return RedirectResponse(LIST, 303)

    async def _end(self, request: Request, person: Person) -> Response:
        form = await read_form(request)
        await self.desk.end_silence(person, str(one(form, "silence")["silence"]))
        return RedirectResponse(LIST, 303)

    def _page(
        self, language: str, title: AnswerText, status: int = 200, **content: object
    ) -> Response:
        given = {"alerts": (), "silences": (), "units": (), "rules": (), "today": None, **content}
        given["is_list"] = given["today"] is not None
        html = render_page(language, title.in_language(language), "wall.html", **given)
        return page(html, STYLE, status)

    def _today(self) -> dt.date:
        return date_of_day(local_day(self.desk.now_ms() // 1000))


def _silence_line(row: SilenceRow, unit: str, language: str) -> str:
    rule = (
        rule_name(AlertRule(row.rule), language)
        if row.rule
        else AnswerText.SILENCE_ALL_RULES.in_language(language)
    )
    return AnswerText.SILENCE_LINE.in_language(
        language,
        unit=unit,
        rule=rule,
        start=moment(row.starts_at, language),
        end=moment(row.ends_at, language),
        reason=row.reason,
        person=row.person,
    )
