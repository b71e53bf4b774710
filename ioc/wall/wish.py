"""What one address asks for: a board, days, and what the board's variables are set to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboards.board import Board, Variable
from ioc.wall.period import Asked, read_asked
from schemas.errors import RejectError

LEVELS = ("province", "department", "district", "commune")
_CODE = re.compile(r"[\w.\-]{1,64}")
#: Dossier codes are opaque: several styles are in use. Control characters are in none.
_DOSSIER = re.compile(r"[^\x00-\x1f\x7f]{1,128}")
_CHANNELS = range(4)


@dataclass(frozen=True, slots=True)
class Wish:
    """Screens with the same wish share everything: queries, frames, bytes.

    Attributes:
        board: id of the board.
        asked: which days, and compared with which moment.
        unit: code, empty = all; a unit stands for itself and everything below it.
        level: of units, empty = all.
        field: code, empty = all.
        channel: 1 counter, 2 online, 3 postal, 0 = all.
        dossier: id, empty = none.
        private: whether panels that name single dossiers are in it.
    """

    board: str
    asked: Asked
    unit: str = ""
    level: str = ""
    field: str = ""
    channel: int = 0
    dossier: str = ""
    private: bool = False

    @property
    def bound(self) -> dict[str, Any]:
        """Values of the query parameters of the same names."""
        return {
            "unit": self.unit,
            "level": self.level,
            "field": self.field,
            "channel": self.channel,
            "dossier": self.dossier,
        }

    def shown_to(self, is_signed_in: bool, board: Board) -> Wish:
        """Return it with or without what only people who signed in may see."""
        names_dossiers = board.signed_in or any(panel.signed_in for panel in board.panels)
        return replace(self, private=is_signed_in and names_dossiers)


def read_wish(board: Board, query: Mapping[str, str]) -> Wish:
    """Read the parameters of an address; those that the board does not know are left out.

    Raises:
        RejectError: one of them is wrong; the message names it and what is allowed.
    """
    known = {name: query.get(name, "") for name in board.variables}
    return Wish(
        board.id,
        read_asked(query) if Variable.PERIOD in known else Asked(),
        unit=_matching("unit", known.get(Variable.UNIT, ""), _CODE),
        level=_level(known.get(Variable.LEVEL, "")),
        field=_matching("field", known.get(Variable.FIELD, ""), _CODE),
        channel=_channel(known.get(Variable.CHANNEL, "")),
        dossier=_matching("dossier", known.get(Variable.DOSSIER, ""), _DOSSIER),
    )


def _matching(name: str, text: str, pattern: re.Pattern[str]) -> str:
    if text and not pattern.fullmatch(text):
        raise _wrong(name, text, "a code")
    return text


def _level(text: str) -> str:
    if text and text not in LEVELS:
        raise _wrong("level", text, " | ".join(LEVELS))
    return text


def _channel(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 1 or int(text) not in _CHANNELS:
        raise _wrong("channel", text, "0 to 3")
    return int(text)


def _wrong(field: str, value: str, allowed: str) -> RejectError:
    return RejectError(
        "bad_parameter",
        f"{field}: {value[:40]!r} is not allowed; allowed: {allowed}",
        field=field,
        value=value[:40],
    )
