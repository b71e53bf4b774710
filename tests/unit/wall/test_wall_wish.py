"""What an address asks for."""

from __future__ import annotations

import pytest

from dashboards.board import Board, Variable
from dashboards.catalogue.boards import BOARDS
from ioc.wall.period import Asked
from ioc.wall.wish import Wish, read_wish
from schemas.errors import RejectError

(PROVINCE,) = (board for board in BOARDS if board.id == "province")
EVERYTHING = Board("all", PROVINCE.title, PROVINCE.definition, (), tuple(Variable))


def test_every_variable_is_read_and_bound():
    query = {"period": "week", "unit": "04792", "level": "commune", "field": "dat-dai",
             "channel": "2", "dossier": "H44.100-250701-0001"}  # fmt: skip
    wish = read_wish(EVERYTHING, query)
    assert wish == Wish("all", Asked("week"), "04792", "commune", "dat-dai", 2,
                        "H44.100-250701-0001")  # fmt: skip
    assert wish.bound == {"unit": "04792", "level": "commune", "field": "dat-dai", "channel": 2,
                          "dossier": "H44.100-250701-0001"}  # fmt: skip


def test_what_a_board_does_not_know_does_not_tell_its_screens_apart():
    """Links keep variables; a thousand dossier ids must not make a thousand province views."""
    board = Board("few", PROVINCE.title, PROVINCE.definition, (), (Variable.PERIOD,))
    assert read_wish(board, {"unit": "x", "dossier": "y", "theme": "light", "channel": "99"}) == (
        Wish("few", Asked())
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "4"), ("channel", "-1"), ("channel", "²"), ("channel", "2 OR 1"),
        ("level", "ward"), ("unit", "a b"), ("unit", "'"), ("unit", "x" * 65),
        ("field", "dat/dai"), ("dossier", "a\x00b"), ("dossier", "x" * 129),
        ("period", "fortnight"),
    ],
)  # fmt: skip
def test_wrong_values_are_refused_and_named(name: str, value: str):
    with pytest.raises(RejectError) as caught:
        read_wish(EVERYTHING, {name: value})
    assert caught.value.field == name
