"""Each query is asked once a round and never twice at a time; nobody waits for a slow one."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

from dashboards.query import Query
from ioc.wall.answers import Answers, Reading, Values
from ioc.wall.changes import Changes
from ioc.wall.lanes import QUICK_SECONDS, Lane
from ioc.wall.period import Asked, Period
from ioc.wall.reader import Answer
from ioc.wall.view import View
from ioc.wall.wish import Wish
from schemas.errors import RetryError


class CountingReader:
    """Stands where the warehouse is, to count how often it is asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.parts = {"province_days": 1, "open_dossiers": 1}
        self.seconds = seconds
        self.takes: dict[str, float] = {}
        self.running: dict[str, int] = {}
        self.most = 0
        self.broken: set[str] = set()

    async def ask(self, query: Query, values: Mapping[str, Any]) -> Answer:
        if query.name == "changes":
            return Answer(("t", "m", "n"), [(t, m, 1) for t, m in self.parts.items()], 0.0)
        if query.name == "views":
            tables = [(name, "MergeTree", "") for name in self.parts]
            views = [("seen", "View", "SELECT n FROM open_dossiers FINAL")]
            return Answer(("name", "engine", "select"), [*tables, *views], 0.0)
        self.asked.append((query.name, {name: values[name] for name in query.parameters}))
        number = len(self.asked)
        self.running[query.name] = self.running.get(query.name, 0) + 1
        self.most = max(self.most, sum(self.running.values()))
        try:
            await asyncio.sleep(self.takes.get(query.name, 0.0))
            if query.name in self.broken:
                raise RetryError(query.name)
        finally:
            self.running[query.name] -= 1
        return Answer(("n",), [(number,)], self.takes.get(query.name, self.seconds))


class Rounds:
    """Answers of a reader, asked round by round."""

    def __init__(self, reader: CountingReader) -> None:
        self.changes = Changes(reader)  # type: ignore[arg-type]
        self.answers = Answers(reader, self.changes)  # type: ignore[arg-type]
        self.lane = Lane()
        self.at_ms = 1_000

    async def begin(self, wait_seconds: float = 5.0) -> None:
        self.at_ms += 500
        await self.changes.look(1.0)
        self.answers.begin(self.at_ms, time.monotonic() + wait_seconds)

    async def get(self, query: Query, values: Values, lane: Lane | None = None) -> Reading:
        return await self.answers.get(query, values, lane or self.lane)

    async def rows(self, query: Query, values: Values) -> list[Any]:
        reading = await self.get(query, values)
        assert reading.answer is not None
        return reading.answer.rows


def _values(now: int, fixed_at: int | None = None, to_day: str = "2024-09-30") -> Values:
    bound = {"from_day": "2024-09-01", "to_day": to_day, "now": fixed_at or now,
             "due_soon_until": now}  # fmt: skip
    return Values(bound, fixed_at)


FLOW = Query("flow", "SELECT 1 FROM province_days", frozenset({"from_day", "to_day"}))
OPEN = Query("open", "SELECT 1 FROM open_dossiers", frozenset({"now", "due_soon_until"}))


async def test_each_distinct_query_runs_once_a_round():
    reader = CountingReader()
    rounds = Rounds(reader)
    rounds.answers.begin(1, time.monotonic() + 5)
    await asyncio.gather(*(rounds.get(FLOW, _values(now)) for now in (1, 1, 2)))
    assert len(reader.asked) == 1
    await rounds.get(FLOW, _values(1, to_day="2024-10-31"))
    assert len(reader.asked) == 2
    # The clock matters only where a query reads it, and only if it stands still somewhere.
    await asyncio.gather(*(rounds.get(OPEN, _values(5, at)) for at in (None, None, 3, 4)))
    assert len(reader.asked) == 5
    rounds.answers.begin(2, time.monotonic() + 5)
    await rounds.get(FLOW, _values(9))
    assert len(reader.asked) == 6


async def test_a_slow_query_rests_in_proportion_and_says_of_when_it_is():
    reader = CountingReader(seconds=0.05)
    rounds = Rounds(reader)
    for number in range(10):
        rounds.answers.begin(number, time.monotonic() + 5)
        reading = await rounds.get(FLOW, _values(1))
        assert reading.answer is not None
        assert reading.answer.rows == [(1,)]
        assert reading.as_of_ms == 0
    await asyncio.sleep(0.26)
    rounds.answers.begin(77, time.monotonic() + 5)
    reading = await rounds.get(FLOW, _values(1))
    assert reading.answer is not None
    assert (reading.answer.rows, reading.as_of_ms) == ([(2,)], 77)


async def test_one_slow_answer_does_not_make_figures_stand_still():
    """A process that was stopped for a while sees queries that took as long."""
    reader = CountingReader()
    answers = Rounds(reader)

    async def rounds(count: int) -> int:
        before = len(reader.asked)
        for _ in range(count):
            answers.answers.begin(1, time.monotonic() + 5)
            await answers.get(FLOW, _values(1))
        return len(reader.asked) - before

    assert await rounds(2) == 2
    reader.seconds = 30.0
    assert await rounds(1) == 1
    reader.seconds = 0.0
    assert await rounds(3) == 3
    reader.seconds = 30.0
    assert await rounds(4) == 2  # the second slow answer tells its price


async def test_a_first_answer_from_a_cold_warehouse_is_not_called_old_before_it_is_asked_again():
    """Pages call figures old after five seconds."""
    rounds = Rounds(CountingReader(seconds=30.0))
    rounds.answers.begin(1, time.monotonic() + 5)
    await rounds.get(FLOW, _values(1))
    await asyncio.sleep(3.0)
    rounds.answers.begin(2, time.monotonic() + 5)
    reading = await rounds.get(FLOW, _values(1))
    assert reading.as_of_ms == 2


async def test_what_tells_the_freshness_is_asked_however_slow_it_is():
    reader = CountingReader(seconds=30.0)
    rounds = Rounds(reader)
    for number in range(1, 5):
        rounds.answers.begin(number, time.monotonic() + 5)
        reading = await rounds.answers.get(FLOW, _values(1), rounds.lane, may_rest=False)
        assert reading.answer is not None
        assert (reading.answer.rows, reading.as_of_ms) == ([(number,)], number)


async def test_what_did_not_change_is_not_read_again_and_is_of_now():
    reader = CountingReader()
    rounds = Rounds(reader)
    flow = Query("flow", "SELECT 1 FROM province_days", frozenset({"from_day"}))
    behind_view = Query("behind", "SELECT 1 FROM seen", frozenset({"from_day"}))
    clock = Query("clock", "SELECT {now:Int64} FROM province_days", frozenset({"now"}))
    servers_clock = Query("servers", "SELECT now() FROM province_days", frozenset())

    async def round_(now: int) -> list[str]:
        before = len(reader.asked)
        await rounds.begin()
        for query in (flow, behind_view, clock, servers_clock):
            assert (await rounds.get(query, _values(now))).as_of_ms == rounds.at_ms
        return [name for name, _ in reader.asked[before:]]

    assert await round_(1) == ["flow", "behind", "clock", "servers"]
    assert await round_(1) == ["servers"]
    assert await round_(2) == ["clock", "servers"]
    reader.parts["open_dossiers"] += 1
    assert await round_(2) == ["behind", "servers"]
    reader.parts["province_days"] += 1
    assert await round_(2) == ["flow", "clock", "servers"]


async def test_a_late_answer_is_waited_for_by_nobody_and_taken_when_it_comes():
    reader = CountingReader()
    rounds = Rounds(reader)
    await rounds.begin()
    assert await rounds.rows(FLOW, _values(1)) == [(1,)]
    first_ms = rounds.at_ms
    reader.takes["flow"] = 0.4
    reader.parts["province_days"] += 1
    for _ in range(3):
        await rounds.begin(0.05)
        started = time.monotonic()
        late, other = await asyncio.gather(
            rounds.get(FLOW, _values(1)), rounds.get(OPEN, _values(1))
        )
        assert time.monotonic() - started < 0.2
        assert late.answer is not None
        assert (late.answer.rows, late.as_of_ms) == ([(1,)], first_ms)
        assert late.waits_since_ms == first_ms + 500
        assert other.as_of_ms == rounds.at_ms
    assert [name for name, _ in reader.asked].count("flow") == 2  # never a second copy
    await asyncio.sleep(0.5)
    reader.parts["province_days"] += 1
    await rounds.begin(0.05)
    taken = await rounds.get(FLOW, _values(1))
    assert taken.answer is not None
    assert taken.answer.rows != [(1,)]
    assert taken.as_of_ms == first_ms + 500  # of when it was asked, not of when it came


async def test_an_answer_that_never_came_yet_says_since_when_it_is_waited_for():
    reader = CountingReader()
    reader.takes["flow"] = 0.3
    rounds = Rounds(reader)
    for _ in range(2):
        await rounds.begin(0.05)
        reading = await rounds.get(FLOW, _values(1))
        assert (reading.answer, reading.waits_since_ms) == (None, 1_500)


async def test_a_failure_stays_said_while_it_is_tried_again():
    reader = CountingReader()
    rounds = Rounds(reader)
    await rounds.begin()
    await rounds.get(FLOW, _values(1))
    reader.broken.add("flow")
    reader.parts["province_days"] += 1
    await rounds.begin()
    assert (await rounds.get(FLOW, _values(1))).error is not None
    reader.takes["flow"] = 0.2
    await rounds.begin(0.05)
    reading = await rounds.get(FLOW, _values(1))
    assert reading.error is not None
    assert reading.answer is not None
    assert reading.as_of_ms == 1_500
    reader.broken.clear()
    await asyncio.sleep(0.3)
    await rounds.begin()
    assert (await rounds.get(FLOW, _values(1))).error is None


async def test_a_view_full_of_slow_queries_leaves_places_to_the_others():
    reader = CountingReader()
    rounds = Rounds(reader)
    slow = [Query(f"slow{n}", "SELECT 1 FROM t", frozenset()) for n in range(20)]
    reader.takes = {query.name: 30.0 for query in slow}
    other = Lane()
    for number in range(8):
        await rounds.begin(QUICK_SECONDS)
        started = time.monotonic()
        waits = asyncio.gather(*(rounds.get(query, _values(1)) for query in slow))
        reading = await rounds.get(OPEN, _values(number), other)
        assert time.monotonic() - started < 0.2
        assert reading.as_of_ms == rounds.at_ms
        await waits
        await asyncio.sleep(0.2)
    assert sum(reader.running.values()) == 7
    assert reader.most <= 8


async def test_what_became_slow_runs_aside_until_it_is_quick_again():
    """Its round waits once for it, not each time."""
    reader = CountingReader()
    reader.takes["flow"] = QUICK_SECONDS + 0.1
    rounds = Rounds(reader)

    async def wait_seconds(day: int) -> float:
        await rounds.begin()
        reader.parts["province_days"] = day
        started = time.monotonic()
        await rounds.get(FLOW, _values(1))
        return time.monotonic() - started

    assert await wait_seconds(1) >= QUICK_SECONDS - 0.05
    await asyncio.sleep(0.2)
    reader.takes["flow"] = 0.0
    await asyncio.sleep(5 * (QUICK_SECONDS + 0.1))  # it rests
    assert await wait_seconds(2) < 0.2
    await asyncio.sleep(0.05)
    await rounds.begin()
    assert await rounds.rows(FLOW, _values(1)) == [(3,)]


SEPTEMBER = Period("range", dt.date(2024, 9, 1), dt.date(2024, 9, 30))


async def test_a_view_tells_old_late_and_failing_rows_apart():
    view = View(Wish("province", Asked()))
    answer = Answer(("n",), [(1,)], 0.0)
    readings = {
        "of_now": Reading(answer, 9_500, 0, None),
        "resting": Reading(answer, 3_000, 0, None),
        "late": Reading(None, 0, 4_000, None),
        "failing": Reading(answer, 2_000, 5_000, RetryError("gone")),
    }
    view.store(SEPTEMBER, readings, {}, 10_000)
    assert set(view.answers) == {"of_now", "resting", "failing"}
    assert view.asked == {"resting": 3_000, "failing": 2_000}
    assert view.waiting == {"late": 4_000}
    assert view.faults == {"failing": 10_000}
    assert not view.is_ready  # it has a moment to become whole
    view.store(SEPTEMBER, {**readings, "late": Reading(answer, 10_000, 0, None)}, {}, 10_500)
    assert view.faults == {"failing": 10_000}
    assert view.is_ready


async def test_a_round_that_was_cut_short_forgets_nothing():
    """After an outage a panel shows its old rows with their age until new ones come."""
    reader = CountingReader()
    rounds = Rounds(reader)
    await rounds.begin()
    await rounds.get(FLOW, _values(1))
    rounds.answers.forget()
    await rounds.begin()  # nothing but the head could be asked
    await rounds.begin(0.05)
    reader.takes["flow"] = 0.2
    reader.parts["province_days"] += 1
    await rounds.changes.look(1.0)
    assert (await rounds.get(FLOW, _values(1))).answer is not None
    await rounds.begin()
    rounds.answers.forget()
    await asyncio.sleep(0.3)
    rounds.answers.forget()
    await rounds.begin(0.01)
    assert (await rounds.get(FLOW, _values(1))).answer is None
