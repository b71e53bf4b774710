"""Frames reach every screen, packed once; a slow one misses some and never gets an old one."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any

import pytest

from dashboards.query import Query
from ioc.wall.answers import Answers, Values
from ioc.wall.changes import Changes
from ioc.wall.frame import GZIP_HEAD, Frame, pack
from ioc.wall.period import Asked
from ioc.wall.reader import Answer
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


class CountingReader:
    """Stands where the warehouse is, to count how often it is asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.parts = {"province_days": 1, "open_dossiers": 1}
        self.seconds = seconds

    async def ask(self, query: Query, values: Mapping[str, Any]) -> Answer:
        if query.name == "changes":
            return Answer(("t", "m", "n"), [(t, m, 1) for t, m in self.parts.items()], 0.0)
        if query.name == "views":
            tables = [(name, "MergeTree", "") for name in self.parts]
            views = [("seen", "View", "SELECT n FROM open_dossiers FINAL")]
            return Answer(("name", "engine", "select"), [*tables, *views], 0.0)
        self.asked.append((query.name, {name: values[name] for name in query.parameters}))
        await asyncio.sleep(0)
        return Answer(("n",), [(len(self.asked),)], self.seconds)


def _values(now: int, fixed_at: int | None = None, to_day: str = "2024-09-30") -> Values:
    bound = {"from_day": "2024-09-01", "to_day": to_day, "now": fixed_at or now,
             "due_soon_until": now}  # fmt: skip
    return Values(bound, fixed_at)


FLOW = Query("flow", "SELECT 1 FROM province_days", frozenset({"from_day", "to_day"}))
OPEN = Query("open", "SELECT 1 FROM open_dossiers", frozenset({"now", "due_soon_until"}))


async def test_each_distinct_query_runs_once_a_round():
    reader = CountingReader()
    answers = Answers(reader, Changes(reader))  # type: ignore[arg-type]
    answers.begin()
    await asyncio.gather(*(answers.get(FLOW, _values(now)) for now in (1, 1, 2)))
    assert len(reader.asked) == 1
    await answers.get(FLOW, _values(1, to_day="2024-10-31"))
    assert len(reader.asked) == 2
    # The clock matters only where a query reads it, and only if it stands still somewhere.
    await asyncio.gather(*(answers.get(OPEN, _values(5, at)) for at in (None, None, 3, 4)))
    assert len(reader.asked) == 5
    answers.begin()
    await answers.get(FLOW, _values(9))
    assert len(reader.asked) == 6


async def test_a_slow_query_rests_in_proportion():
    reader = CountingReader(seconds=0.05)
    answers = Answers(reader, Changes(reader))  # type: ignore[arg-type]
    for _ in range(10):
        answers.begin()
        assert (await answers.get(FLOW, _values(1))).rows == [(1,)]
    await asyncio.sleep(0.26)
    answers.begin()
    assert (await answers.get(FLOW, _values(1))).rows == [(2,)]


async def test_one_slow_answer_does_not_make_figures_stand_still():
    """A process that was stopped for a while sees queries that took as long."""
    reader = CountingReader()
    answers = Answers(reader, Changes(reader))  # type: ignore[arg-type]

    async def rounds(count: int) -> int:
        before = len(reader.asked)
        for _ in range(count):
            answers.begin()
            await answers.get(FLOW, _values(1))
        return len(reader.asked) - before

    assert await rounds(2) == 2
    reader.seconds = 30.0
    assert await rounds(1) == 1
    reader.seconds = 0.0
    assert await rounds(3) == 3
    reader.seconds = 30.0
    assert await rounds(4) == 2  # the second slow answer tells its price


async def test_what_tells_the_freshness_is_asked_however_slow_it_is():
    reader = CountingReader(seconds=30.0)
    answers = Answers(reader, Changes(reader))  # type: ignore[arg-type]
    for number in range(1, 5):
        answers.begin()
        assert (await answers.get(FLOW, _values(1), may_rest=False)).rows == [(number,)]


async def test_what_did_not_change_is_not_read_again():
    reader = CountingReader()
    changes = Changes(reader)  # type: ignore[arg-type]
    answers = Answers(reader, changes)  # type: ignore[arg-type]
    flow = Query("flow", "SELECT 1 FROM province_days", frozenset({"from_day"}))
    behind_view = Query("behind", "SELECT 1 FROM seen", frozenset({"from_day"}))
    clock = Query("clock", "SELECT {now:Int64} FROM province_days", frozenset({"now"}))
    servers_clock = Query("servers", "SELECT now() FROM province_days", frozenset())

    async def round_(now: int) -> list[str]:
        before = len(reader.asked)
        await changes.look()
        answers.begin()
        for query in (flow, behind_view, clock, servers_clock):
            await answers.get(query, _values(now))
        return [name for name, _ in reader.asked[before:]]

    assert await round_(1) == ["flow", "behind", "clock", "servers"]
    assert await round_(1) == ["servers"]
    assert await round_(2) == ["clock", "servers"]
    reader.parts["open_dossiers"] += 1
    assert await round_(2) == ["behind", "servers"]
    reader.parts["province_days"] += 1
    assert await round_(2) == ["flow", "clock", "servers"]
