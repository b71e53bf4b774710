"""Frames reach every screen, packed once; a slow one misses some and never gets an old one."""

from __future__ import annotations

import asyncio
import zlib

import pytest

from ioc.wall.frame import GZIP_HEAD, Frame, pack
from ioc.wall.period import Asked
from ioc.wall.view import View
from ioc.wall.wish import Wish


def _frame(text: str) -> Frame:
    event = f"data: {text}\n\n".encode()
    return Frame(text.encode(), event, pack(event))


def test_pieces_packed_apart_make_one_stream_from_any_piece_on():
    pieces = [pack(f"data: {number} {'x' * 500}\n\n".encode()) for number in range(5)]
    for first in range(5):
        unpack = zlib.decompressobj(wbits=31)
        shown = [unpack.decompress(GZIP_HEAD)]
        for number in range(first, 5):
            # Each event is whole as soon as its piece has come.
            shown.append(unpack.decompress(pieces[number]))
            assert shown[-1].startswith(f"data: {number} ".encode())
            assert shown[-1].endswith(b"\n\n")


async def test_a_slow_screen_gets_the_newest_frame_only():
    view = View(Wish("province", Asked()))
    await view.publish(_frame("1"))
    slow, quick = view.frames(), view.frames()
    assert (await anext(slow)).json == b"1"
    assert (await anext(quick)).json == b"1"
    for number in ("2", "3", "4"):
        await view.publish(_frame(number))
        assert (await anext(quick)).json == number.encode()
    assert (await anext(slow)).json == b"4"
    assert view.screens == 2
    await slow.aclose()
    assert view.screens == 1
    await view.close()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(quick), 2)
    assert view.screens == 0
