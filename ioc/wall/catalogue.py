"""The catalogue as the page reads it, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from dashboards.board import Board
from dashboards.catalogue.boards import BOARDS
from dashboards.describe import describe_link, describe_panels
from dashboards.panel import Panel
from dashboards.query import load_query
from dashboards.short_names import SHORT_NAMES
from dashboards.texts import describe_texts
from ioc.wall.period import PERIODS
from schemas.messages import Message

#: Reads what dossiers came to; every other table tells how the pipeline does.
_OF_DOSSIERS = re.compile(r"\bFROM (?:\w+_days|open_dossiers)\b")


def make_catalogue(language: str, values: Mapping[str, object]) -> bytes:
    """Return boards, texts and the text of every query as JSON.

    Args:
        language: of all texts.
        values: what definitions name, such as the minimum of a ranking.
    """
    queries = sorted({panel.sql for board in BOARDS for panel in board.panels})
    return orjson.dumps(
        {
            "texts": describe_texts(language),
            "boards": [_board(board, language) for board in BOARDS],
            "periods": PERIODS,
            "queries": {name: load_query(name).text for name in queries},
            "values": values,
            "short_names": SHORT_NAMES,
        }
    )


def _board(board: Board, language: str) -> dict[str, Any]:
    described = describe_panels(board.panels, language)
    return {
        "id": board.id,
        "title": _said(board.title, language),
        "definition": _said(board.definition, language),
        "variables": list(board.variables),
        "signed_in": board.signed_in,
        "panels": [
            {**texts, **_behaviour(panel)}
            for texts, panel in zip(described, board.panels, strict=True)
        ],
    }


def _behaviour(panel: Panel) -> dict[str, Any]:
    query = load_query(panel.sql)
    return {
        "signed_in": panel.signed_in,
        "link": describe_link(panel.link),
        "parameters": sorted(query.parameters),
        # One line of sums stands even where nothing has come yet: zeros that nobody counted.
        "of_dossiers": bool(_OF_DOSSIERS.search(query.text)),
    }


def _said(text: Message, language: str) -> str:
    return text.en if language == "en" else text.vi
