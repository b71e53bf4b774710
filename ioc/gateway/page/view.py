"""Draws the page: templates with every text and value escaped, no script."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse

from ioc.gateway.clock import VIETNAM
from ioc.gateway.intake.result import ItemResult
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Key, Right
from ioc.gateway.page.board import Board
from ioc.gateway.page.session import HEADERS, PATH
from schemas.gateway_texts import Fault
from schemas.page_texts import PageText
from schemas.reading_texts import StatusText
from schemas.reference import UnitRegistry

_UNITS_SHOWN = 12
_RIGHTS = {
    Right.PUSH: PageText.RIGHT_PUSH,
    Right.LOOKUP: PageText.RIGHT_LOOKUP,
    Right.READ: PageText.RIGHT_READ,
}


class View:
    """Pages in both languages."""

    def __init__(self, units: UnitRegistry) -> None:
        self._units = units
        self._templates = Environment(
            loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined
        )

    def enter(self, language: str, *, fault: str = "", status: int = 200) -> HTMLResponse:
        """Return the page that asks for a key."""
        return self._page("enter.html", language, status, fault=fault)

    def board(
        self,
        language: str,
        key: Key,
        caller: Caller,
        board: Board,
        *,
        tried: str = "",
        result: ItemResult | None = None,
        fault: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """Return the page of a key.

        Args:
            language: `vi` or `en`.
            key: what the browser gave.
            caller: its holder.
            board: what was read.
            tried: the event that was sent last; empty = a sample of its own.
            result: what became of it.
            fault: why nothing became of it.
            status: of HTTP.
        """
        units = [self._name(code) for code in caller.scope]
        return self._page(
            "board.html",
            language,
            status,
            key_id=key.key_id,
            label=key.label,
            expires_at=key.expires_at,
            caller=caller,
            units=units[:_UNITS_SHOWN],
            more_units=max(0, len(units) - _UNITS_SHOWN),
            rights=[
                text.in_language(language)
                for right, text in _RIGHTS.items()
                if right in caller.rights
            ],
            may_push=Right.PUSH in caller.rights,
            board=board,
            skew=_skew(board, language),
            tried=tried or _sample(caller),
            result=result,
            reason=_reason(result, language) if result is not None else "",
            fault=fault,
        )

    def _page(self, name: str, language: str, status: int, **values: Any) -> HTMLResponse:
        def say(text: str, **inserted: object) -> str:
            return PageText[text].in_language(language, **inserted)

        body = self._templates.get_template(name).render(
            **values,
            language=language,
            other="en" if language == "vi" else "vi",
            path=PATH,
            t=say,
            moment=_moment,
            pretty=_pretty,
            status_text=lambda number: StatusText[f"S{number}"].in_language(language),
            why=lambda row: _why(row, language),
        )
        return HTMLResponse(body, status, {**HEADERS, "Content-Language": language})

    def _name(self, code: str) -> str:
        return f"{self._units.get(code).name} ({code})" if code in self._units else code


def stylesheet() -> bytes:
    """Return the page's style."""
    return resources.files("ioc.gateway.page").joinpath("static", "page.css").read_bytes()


def _template(name: str) -> str:
    return resources.files("ioc.gateway.page").joinpath("static", name).read_text("utf-8")


def _moment(ms: int | None) -> str:
    if not ms:
        return "–"
    return f"{dt.datetime.fromtimestamp(ms / 1000, VIETNAM):%d/%m/%Y %H:%M:%S}"


def _pretty(item: str) -> str:
    try:
        return json.dumps(json.loads(item), ensure_ascii=False, indent=1)
    except ValueError:
        return item


def _skew(board: Board, language: str) -> str:
    if board.skew is None:
        return PageText.SKEW_UNKNOWN.in_language(language)
    seconds = round(board.skew["skew_ms"] / 1000)
    if abs(seconds) < 2:
        return PageText.SKEW_RIGHT.in_language(language)
    text = PageText.SKEW_AHEAD if seconds > 0 else PageText.SKEW_BEHIND
    return text.in_language(language, n=abs(seconds))


def _why(row: dict[str, Any], language: str) -> tuple[str, str]:
    """Return reason and cure of a rejected event."""
    fault = Fault.of(row["code"]).value
    values = {"field": row["field"], "value": row["value"], "server_time": _moment(row["at_ms"])}
    texts = (fault.text, fault.cure)
    said = [(text.en if language == "en" else text.vi).format(**values) for text in texts]
    return said[0], said[1]


def _reason(result: ItemResult, language: str) -> str:
    if not result.code:
        return ""
    told = result.as_dict(0)
    return f"{told['message'][language]}. {told['cure'][language]}."


def _sample(caller: Caller) -> str:
    """Return an event that this key may send, of a dossier that nobody has."""
    now = dt.datetime.now(VIETNAM).replace(microsecond=0)
    event = {
        "event_id": f"thu-{now:%H%M%S}",
        "source": caller.source,
        "dossier_id": f"THU-{now:%y%m%d-%H%M%S}",
        "status": 1,
        "occurred_at": now.isoformat(),
        "receiver": caller.scope[0] if caller.scope else "",
    }
    return json.dumps(event, ensure_ascii=False, indent=1)
