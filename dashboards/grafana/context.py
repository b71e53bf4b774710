"""What every panel of one rendering shares."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from grafana_foundation_sdk.models import dashboard as model

from dashboards.board import Board
from dashboards.grafana.links import data_link
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.raw_sql import raw_sql
from dashboards.grafana.texts import GrafanaText
from dashboards.grafana.words import said
from dashboards.panel import Figure, Link, Panel, Place
from dashboards.query import load_query
from schemas.messages import Message


@dataclass(frozen=True, slots=True)
class Context:
    """One board in one language.

    Attributes:
        board: that is rendered.
        boards: all of the catalogue, for links.
        options: of the rendering.
        expressions: parameter name to SQL expression.
    """

    board: Board
    boards: tuple[Board, ...]
    options: RenderOptions
    expressions: Mapping[str, str]

    def say(self, text: Message | None) -> str:
        """Return a text of the catalogue in the language."""
        return said(text, self.options)

    def own(self, text: GrafanaText) -> str:
        """Return a text of this renderer in the language."""
        return text.in_language(self.options.language)

    def statement(self, panel: Panel) -> str:
        """Return the panel's query as Grafana stores it."""
        return raw_sql(load_query(panel.sql), self.expressions)

    def link(self, panel: Panel) -> dict[str, object] | None:
        """Return where the panel's rows lead."""
        return self._to(panel.link)

    def figure_link(self, figure: Figure) -> dict[str, object] | None:
        """Return where a figure leads; None where that is the board itself."""
        return None if figure.link == Link(self.board.id) else self._to(figure.link)

    def _to(self, link: Link | None) -> dict[str, object] | None:
        return None if link is None else data_link(link, self.board, self.boards, self.options)


def panel_id(name: str) -> int:
    """Return a stable number: addresses of single panels outlive changes of the catalogue."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF or 1


def grid_position(place: Place) -> model.GridPos:
    """Return a place on Grafana's grid, which counts as the catalogue does."""
    return model.GridPos(x=place.column, y=place.row, w=place.width, h=place.height)
