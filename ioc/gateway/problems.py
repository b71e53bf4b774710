"""Refusals as RFC 9457 problem details, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from schemas.gateway_texts import Refused
from schemas.messages import DEFAULT_LANGUAGE, LANGUAGES, Worded

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """A request that is not carried out; the application answers with it.

    Attributes:
        code: stable reason for software, by default the text's name in small letters.
        extra: further members of the answer.
        headers: further headers; `Retry-After` comes by itself.
    """

    def __init__(
        self,
        text: Worded,
        *,
        status: int,
        code: str = "",
        retry_after_seconds: int | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        """Refuse.

        Args:
            text: what is said.
            status: of HTTP.
            code: stable reason, if not the text's name.
            retry_after_seconds: when the same request may be made again.
            extra: further members of the answer.
            headers: further headers.
            values: what the text's placeholders stand for; `n` is the wait if nothing else is.
        """
        if retry_after_seconds is not None:
            values.setdefault("n", retry_after_seconds)
        super().__init__(text.name)
        self.status = status
        self.code = code or text.name.lower()
        self.retry_after_seconds = retry_after_seconds
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        self._text = text
        self._values = values

    def detail(self, language: str) -> str:
        """Return the sentence for people."""
        return self._text.in_language(language, **self._values)

    def body(self, language: str, request_id: str) -> dict[str, Any]:
        """Return the problem document."""
        body: dict[str, Any] = {
            "type": f"urn:ioc:problem:{self.code}",
            "title": _TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail(language),
            "code": self.code,
            "request_id": request_id,
        }
        if self.retry_after_seconds is not None:
            body["retry_after_seconds"] = self.retry_after_seconds
        return body | self.extra

    def response(self, request: Request) -> Response:
        """Return the answer to a request."""
        language = language_of(request)
        headers = {"Content-Language": language, "Cache-Control": "no-store", **self.headers}
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = str(self.retry_after_seconds)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="ioc"'
        return Response(
            orjson.dumps(self.body(language, request.state.request_id)),
            self.status,
            headers,
            MEDIA_TYPE,
        )


def answer_problem(request: Request, problem: Problem) -> Response:
    """Return the answer, and leave its code where the audit finds it."""
    request.state.problem = problem.code
    return problem.response(request)


def bad_key() -> Problem:
    """Return the refusal of a key, the same for every reason."""
    return Problem(Refused.BAD_KEY, status=401)


def language_of(request: Request) -> str:
    """Return the language that a request asks for, else the gateway's own."""
    default: str = getattr(request.app.state, "language", DEFAULT_LANGUAGE)
    wishes: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "")[:200].split(","):
        name, _, weight = part.strip().partition(";q=")
        name = name.partition("-")[0].lower()
        if name in LANGUAGES:
            wishes.append((_weight(weight), name))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else default


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
