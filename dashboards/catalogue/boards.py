"""Every board, in the order of the menu."""

from __future__ import annotations

from dashboards.board import Board, Variable
from dashboards.catalogue import first_page
from schemas.messages import Message

PROVINCE = Board(
    id="province",
    title=Message("Toàn tỉnh", "Province"),
    definition=Message(
        "Tình hình tiếp nhận và giải quyết hồ sơ của toàn tỉnh trong kỳ.",
        "Dossiers received and resolved in the whole province in the period.",
    ),
    panels=first_page.PANELS,
    variables=(Variable.PERIOD,),
)

BOARDS: tuple[Board, ...] = (PROVINCE,)


def board(board_id: str) -> Board:
    """Return a board by its id; raises `KeyError` for an unknown one."""
    for each in BOARDS:
        if each.id == board_id:
            return each
    raise KeyError(board_id)
