"""The HTTP API: the same answers and silences, for other systems that act for one person."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ioc.alerts.answers.api_keys import ApiKeys
from ioc.alerts.answers.desk import AnswerDesk
from ioc.alerts.answers.http import NO_STORE
from ioc.alerts.answers.refusals import RETRY_SECONDS, said
from ioc.alerts.answers.store import AlertView, SilenceRow
from ioc.alerts.messages.wording import headline
from ioc.alerts.people import Person
from ioc.wall.body import read_body
from schemas.answer_texts import AnswerText
from schemas.errors import FatalError, RejectError, RetryError

_MAX_BODY_BYTES = 64 << 10
_STATUS = {
    "nobody_known": 403,
    "not_yours": 403,
    "silence_not_allowed": 403,
    "no_such_alert": 404,
    "silence_unknown": 404,
    "too_large": 413,
}
_Handler = Callable[["AnswerApi", Request, Person], Awaitable[Response]]


def _for_a_person(handler: _Handler) -> Callable[[Any, Request], Awaitable[Response]]:
    @wraps(handler)
    async def guarded(api: AnswerApi, request: Request) -> Response:
        language = "en" if request.headers.get("accept-language", "").startswith("en") else "vi"
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        name = api.keys.person_of(token.strip()) if kind.lower() == "bearer" else None
        if name is None:
            text = AnswerText.BAD_KEY.in_language(language)
            return _problem(401, "bad_key", text, **{"WWW-Authenticate": "Bearer"})
        try:
            return await handler(api, request, await api.desk.person(name))
        except RejectError as error:
            text = said(error, language, api.desk.silence_days)
            return _problem(_STATUS.get(error.code, 422), error.code, text, error.field)
        except (RetryError, FatalError):
            text = AnswerText.NOT_STORED.in_language(language, n=RETRY_SECONDS)
            return _problem(503, "not_stored", text, **{"Retry-After": str(RETRY_SECONDS)})

    return guarded


@dataclass(frozen=True)
class AnswerApi:
    """Handlers of `/v1/alerts`, `/v1/answers` and `/v1/silences`; a bearer token is one person's.

    No cookies are looked at, so no page of elsewhere can use somebody's browser.
    """

    desk: AnswerDesk
    keys: ApiKeys

    def routes(self) -> list[Route]:
        """Return the routes, to be put into an application."""
        return [
            Route("/v1/alerts", self.alerts),
            Route("/v1/answers", self.answer, methods=["POST"]),
            Route("/v1/silences", self.silences),
            Route("/v1/silences", self.silence, methods=["POST"]),
            Route("/v1/silences/{silence_id}", self.end_silence, methods=["DELETE"]),
        ]

    @_for_a_person
    async def alerts(self, request: Request, person: Person) -> Response:
        """Return what is not settled in the person's units; `?dossier=` or `?alert_id=` one."""
        alert_id = request.query_params.get("alert_id", "")
        if alert_id:
            views = [await self.desk.alert(person, alert_id)]
        else:
            dossier = request.query_params.get("dossier", "")
            views = await self.desk.open_alerts(person, dossier)
        return _json({"alerts": [_shown(view, person.language) for view in views]})

    @_for_a_person
    async def answer(self, request: Request, person: Person) -> Response:
        """Store `{alerts: […], kind, cause, note, expected_on}`; `Idempotency-Key` makes it one."""
        given = await _body(request)
        alerts = given.get("alerts")
        if not isinstance(alerts, list) or not all(isinstance(each, str) for each in alerts):
            raise RejectError("bad_request", "alerts: a list of ids", field="alerts")
        key = request.headers.get("idempotency-key", "")[:200] or uuid.uuid4().hex
        count = await self.desk.answer(person, alerts, given, "api", key)
        return _json({"recorded": count}, 201)

    @_for_a_person
    async def silences(self, request: Request, person: Person) -> Response:
        """Return the silences that touch the person's units."""
        rows = await self.desk.silences(person)
        return _json({"silences": [_shown_silence(row) for row in rows]})

    @_for_a_person
    async def silence(self, request: Request, person: Person) -> Response:
        """Store `{unit, rule, first, last, reason}`."""
        given = await _body(request)
        key = request.headers.get("idempotency-key", "")[:200] or uuid.uuid4().hex
        silence_id = await self.desk.silence(person, given, "api", key)
        return _json({"silence_id": silence_id}, 201)

    @_for_a_person
    async def end_silence(self, request: Request, person: Person) -> Response:
        """Take a silence away."""
        await self.desk.end_silence(person, request.path_params["silence_id"])
        return _json({"ended": True})


async def _body(request: Request) -> dict[str, object]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RejectError("bad_request", "JSON is needed")
    try:
        given = orjson.loads(await read_body(request, _MAX_BODY_BYTES))
    except orjson.JSONDecodeError:
        raise RejectError("bad_request", "JSON is needed") from None
    if not isinstance(given, dict):
        raise RejectError("bad_request", "an object is needed")
    return given


def _shown(view: AlertView, language: str) -> dict[str, object]:
    item = view.item
    return {
        "alert_id": item.alert_id,
        "rule": item.rule.value,
        "line": headline(item, language),
        "state": view.case.state.value,
        "dossier_id": item.dossier_id,
        "unit": item.unit,
        "handler": item.handler,
        "due_at": item.due_at,
        "crossed_at": item.crossed_at,
        "late_days": item.late_days,
        "apologised": item.apologised,
        "unknown_since": item.unknown_since,
        "answers": [dataclasses.asdict(line) for line in item.answers],
    }


def _shown_silence(row: SilenceRow) -> dict[str, object]:
    return row._asdict()


def _json(content: object, status: int = 200, **headers: str) -> Response:
    return Response(
        orjson.dumps(content),
        status,
        media_type="application/json",
        headers={**NO_STORE, "X-Content-Type-Options": "nosniff", **headers},
    )


def _problem(status: int, code: str, text: str, field: str = "", **headers: str) -> Response:
    body = {"type": f"urn:ioc:{code}", "title": text, "status": status, "code": code}
    if field:
        body["field"] = field
    answer = _json(body, status, **headers)
    answer.headers["Content-Type"] = "application/problem+json"
    return answer
