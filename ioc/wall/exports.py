"""Files of single panels: the figures of the wall with their definition and age."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboards.board import Board
from dashboards.catalogue.boards import board as board_of
from dashboards.panel import Panel
from dashboards.texts import WallText
from ioc.wall.choices import Choices
from ioc.wall.hub import Hub
from ioc.wall.period import VIETNAM, Period
from ioc.wall.sheet import make_sheet
from ioc.wall.spreadsheet import to_csv, to_xlsx
from ioc.wall.viewer import viewer_of
from ioc.wall.wish import Wish, read_wish
from schemas.errors import RejectError, RetryError
from schemas.messages import LANGUAGES

#: Lists are longer in a file than on a wall.
MAX_ROWS = 5_000
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Exports:
    """The handler of `/export/{board}/{panel}.{csv|xlsx}`."""

    def __init__(self, hub: Hub, choices: Choices, values: dict[str, object], language: str):
        """Serve files.

        Args:
            hub: asks the warehouse.
            choices: names of units and fields.
            values: what definitions name, such as the minimum of a ranking.
            language: unless the address asks for another.
        """
        self._hub, self._choices, self._values = hub, choices, values
        self._language = language

    async def file(self, request: Request) -> Response:
        """Return the file; asks the warehouse once."""
        asked = request.query_params.get("lang", "")
        language = asked if asked in LANGUAGES else self._language
        name, _, kind = request.path_params["file"].rpartition(".")
        try:
            board = board_of(request.path_params["board"])
            panel = next(each for each in board.panels if each.id == name)
            media_type = _TYPES[kind]
        except (KeyError, StopIteration):
            return PlainTextResponse("no such panel or kind of file\n", 404)
        if (board.signed_in or panel.signed_in) and not viewer_of(request).is_signed_in:
            return PlainTextResponse("only for people who signed in\n", 403)
        try:
            wish = read_wish(board, request.query_params)
            answer, period = await self._hub.rows_of(wish, panel, MAX_ROWS)
        except RejectError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except RetryError:
            return PlainTextResponse("the warehouse does not answer\n", 503)
        facts = list(self._facts(board, panel, wish, period, language))
        sheet = make_sheet(panel, answer.as_dicts(), facts, language)
        if kind == "csv":
            body = to_csv(sheet, language)
        else:
            body = await asyncio.to_thread(to_xlsx, sheet)
        file = f"{board.id}-{panel.id}-{period.from_day}-{period.to_day}.{kind}"
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{file}"',
        }
        return Response(body, media_type=media_type, headers=headers)

    def _facts(
        self, board: Board, panel: Panel, wish: Wish, period: Period, language: str
    ) -> Iterator[tuple[str, str]]:
        def said(text: WallText) -> str:
            return text.in_language(language)

        definition = panel.definition.en if language == "en" else panel.definition.vi
        for key, value in self._values.items():
            definition = definition.replace(f"{{{key}}}", str(value))
        yield said(WallText.FILE_BOARD), board.title.en if language == "en" else board.title.vi
        yield said(WallText.EXPLAIN_DEFINITION), definition
        yield (
            said(WallText.FILTER_PERIOD),
            f"{period.from_day:%d/%m/%Y} – {period.to_day:%d/%m/%Y}",
        )
        if wish.unit:
            yield said(WallText.FILTER_UNIT), f"{self._choices.unit_name(wish.unit)} ({wish.unit})"
        if wish.level:
            yield said(WallText.FILTER_LEVEL), said(WallText[f"LEVEL_{wish.level.upper()}"])
        if wish.field:
            yield said(WallText.FILTER_FIELD), self._choices.field_name(wish.field, language)
        if wish.channel:
            yield said(WallText.FILTER_CHANNEL), said(WallText[f"CHANNEL_{wish.channel}"])
        _, status = self._hub.health()
        yield said(WallText.FILE_COMPLETE), _moment(status.complete_up_to / 1000)
        if period.at is not None:
            yield said(WallText.FILE_AS_OF), _moment(period.at)
        yield said(WallText.FILE_WRITTEN), _moment(time.time())
        if status.state == "stale":
            yield said(WallText.FILE_WARNING), said(WallText.STALE_UNKNOWN)


def _moment(epoch: float) -> str:
    if not epoch:
        return "–"
    return f"{dt.datetime.fromtimestamp(epoch, VIETNAM):%d/%m/%Y %H:%M:%S}"
