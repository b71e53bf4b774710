"""What an answer of the gateway means for the batch that was sent. Pure."""

from __future__ import annotations

import email.utils
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Union

from ioc.desk.client.errors import DeskError
from schemas.desk_texts import DeskText

#: All well; every item refused; something could not be saved now.
_WITH_RESULTS = frozenset({200, 422, 503})
#: What an answer says of the whole request.
_OF_THE_REQUEST = ("request_id", "server_time")
#: Longest wait that a server can ask for.
_MOST_WAIT_SECONDS = 3600.0


class Taken(NamedTuple):
    """The gateway answered for items; those without a result are sent again.

    Attributes:
        results: one for each of the first items, in order.
        retry_after_seconds: what the gateway asked for, if something was not saved.
    """

    results: list[Mapping[str, Any]]
    retry_after_seconds: float | None = None


class Wait(NamedTuple):
    """Nothing was refused, and nothing is known to be saved: send the same again later."""

    why: DeskError
    retry_after_seconds: float | None = None


class TooMuch(NamedTuple):
    """The body as a whole was refused: send less at a time; a single item is at fault itself."""

    answer: dict[str, Any]


class Refused(NamedTuple):
    """The gateway refuses this sender: key, right or address; more attempts do not help."""

    why: DeskError


Meaning = Union[Taken, Wait, TooMuch, Refused]


class _SaidError(DeskError):
    """A sentence of the gateway, in the words that it chose."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(DeskText.SERVER_BUSY, status="")
        self._vietnamese, self._english = vietnamese, english

    def in_language(self, language: str) -> str:
        return self._english if language == "en" else self._vietnamese


def meaning_of(status: int, headers: Mapping[str, str], body: bytes) -> Meaning:
    """Return what to do after an answer.

    Args:
        status: of HTTP.
        headers: names in lower case.
        body: as it came.
    """
    document = _document(body)
    results = document.get("results")
    if (
        status in _WITH_RESULTS
        and isinstance(results, list)
        and all(isinstance(one, dict) for one in results)
    ):
        # Said once for all of them; what is kept of one alone must say it too.
        said = {name: document[name] for name in _OF_THE_REQUEST if document.get(name)}
        return Taken([{**said, **one} for one in results], retry_after(headers))
    if status == 200:
        return Wait(DeskError(DeskText.NO_ANSWER))
    if 300 <= status < 400:
        return Refused(DeskError(DeskText.REDIRECTED, place=headers.get("location", "?")[:200]))
    if status in (400, 413, 415, 422):
        return TooMuch(
            {
                "code": str(document.get("code") or status),
                "message": _sentences(document, status),
                **{name: document[name] for name in _OF_THE_REQUEST if document.get(name)},
            }
        )
    why = _why(document, status)
    if status in (401, 403, 404, 405):
        return Refused(why)
    return Wait(why, retry_after(headers))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of `Retry-After`; a date counts from the server's own `Date`."""
    given = headers.get("retry-after", "").strip()
    if not given:
        return None
    if given.isdigit():
        return min(float(given), _MOST_WAIT_SECONDS)
    until, now = _epoch(given), _epoch(headers.get("date", ""))
    if until is None or now is None:
        return None
    return min(max(0.0, until - now), _MOST_WAIT_SECONDS)


def server_epoch(headers: Mapping[str, str]) -> float | None:
    """Return the server's time, epoch seconds, if it says it."""
    return _epoch(headers.get("date", ""))


def _epoch(text: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _sentences(document: Mapping[str, Any], status: int) -> dict[str, str]:
    message = document.get("message")
    if isinstance(message, dict) and isinstance(message.get("vi"), str):
        return {"vi": message["vi"], "en": str(message.get("en") or message["vi"])}
    text = document.get("detail") or document.get("title") or message
    if isinstance(text, str) and text:
        return {"vi": text, "en": text}
    busy = DeskText.SERVER_BUSY
    return {language: busy.in_language(language, status=status) for language in ("vi", "en")}


def _why(document: Mapping[str, Any], status: int) -> DeskError:
    said = _sentences(document, status)
    return _SaidError(said["vi"][:500], said["en"][:500])
