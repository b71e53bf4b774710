"""Which days are refreshed, and how many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest

from streams.pipeline import day_refresher
from streams.pipeline.day_refresher import LEAST_DAYS, DayRefresher
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.touched import MOST_CELLS, UNITS_EVERY_SECONDS, TouchedRows
from streams.ports import Touched

TODAY = 20_000


class Store:
    """Remembers what it was asked to refresh; `costs` seconds of the clock each time."""

    def __init__(self, stale: set[int], costs: float = 0.0) -> None:
        self.stale, self.refreshed = stale, list[set[int]]()
        self.costs, self.spent = costs, 0.0
        self.touched: list[Touched] = []
        self.asked = asyncio.Event()

    async def fill_lists(self) -> None:
        pass

    async def stale_days(self) -> set[int]:
        return self.stale

    async def refresh_days(self, days: Collection[int]) -> None:
        self.refreshed.append(set(days))
        self.spent += self.costs
        self.asked.set()

    async def refresh_touched(self, touched: Touched) -> None:
        self.touched.append(touched)
        self.refreshed.append(set())
        self.asked.set()


def refresher(store: Store, *, busy: bool = False, look_seconds: float = 60.0) -> DayRefresher:
    loop = asyncio.get_running_loop()
    anything: Any = store
    return DayRefresher(
        anything,
        PipelinePolicy(refresh_seconds=0.001, refresh_look_seconds=look_seconds),
        SimpleNamespace(check=lambda: None),  # type: ignore[arg-type]
        SimpleNamespace(monotonic=lambda: loop.time() + store.spent),  # type: ignore[arg-type]
        lambda: busy,
    )


def group(days: list[int], table: str = "dossier_days", cells: int = 1) -> Any:
    """A group with so many cells a day, each of a unit of its own."""
    days = days * cells
    units = [f"unit-{number}" for number in range(len(days))]
    column = {"dossier_days": "day", "national_days": "received_day"}[table]
    others = {"field": ["dat-dai"] * len(days), "channel": [1] * len(days)}
    columns = {column: days, **dict.fromkeys(("receiver", "authority", "handler"), units), **others}
    return SimpleNamespace(writes=[(table, columns), ("dossiers", {"shard": [1]})])


async def refreshed(each: DayRefresher, store: Store, count: int) -> list[set[int]]:
    running = asyncio.create_task(each.run())
    async with asyncio.timeout(10):
        while len(store.refreshed) < count:
            await store.asked.wait()
            store.asked.clear()
    running.cancel()
    return store.refreshed


async def _in_turns() -> list[set[int]]:
    store = Store(set())
    each = refresher(store)
    many = [TODAY - 9, TODAY - 8, TODAY - 7, TODAY + 5, TODAY, TODAY, TODAY]
    each.note_group(group(many, cells=MOST_CELLS))
    each.note_group(group([TODAY - 3], "national_days", MOST_CELLS + 1))
    return await refreshed(each, store, 2)


def test_today_comes_first_and_the_others_in_the_order_in_which_they_changed():
    first, second = asyncio.run(_in_turns())
    assert first == {TODAY, TODAY - 9, TODAY - 8, TODAY - 7}
    assert len(first) == LEAST_DAYS
    assert second == {TODAY + 5, TODAY - 3}


async def _touched() -> Store:
    store = Store(set())
    each = refresher(store)
    each.note_group(group([TODAY, TODAY - 3]))
    each.note_group(group([TODAY - 9], "national_days"))
    await refreshed(each, store, 1)
    return store


def test_a_few_cells_are_refreshed_by_row():
    store = asyncio.run(_touched())
    (touched,) = store.touched
    assert store.refreshed == [set()], "no whole day"
    assert touched.units == [(TODAY - 3, "unit-1"), (TODAY, "unit-0")]
    assert touched.cells == [(TODAY - 3, "unit-1", "dat-dai", 1), (TODAY, "unit-0", "dat-dai", 1)]
    assert touched.national == [(TODAY - 9, "unit-0")]
    assert touched.scopes == [
        (field, channel, day)
        for field in ("*", "dat-dai")
        for channel in (0, 1)
        for day in (TODAY - 3, TODAY)
    ]


async def _touched_again() -> list[Touched]:
    store = Store(set())
    each = refresher(store)
    for count, day in enumerate((TODAY, TODAY - 1), start=1):
        each.note_group(group([day]))
        await refreshed(each, store, count)
    store.spent += UNITS_EVERY_SECONDS
    await refreshed(each, store, 3)
    return store.touched


def test_units_wait_for_their_turn_and_are_not_forgotten():
    first, second, third = asyncio.run(_touched_again())
    assert first.units == [(TODAY, "unit-0")]
    assert not second.units
    assert second.cells == [(TODAY - 1, "unit-0", "dat-dai", 1)]
    assert third == Touched(units=[(TODAY - 1, "unit-0")], cells=[], scopes=[], national=[])


async def _finished() -> list[Touched]:
    store = Store(set())
    each = refresher(store)
    for day in (TODAY, TODAY - 1):
        each.note_group(group([day]))
        await refreshed(each, store, 1)
    await each.finish()
    return store.touched


def test_an_orderly_end_leaves_no_unit_waiting():
    days = {day for touched in asyncio.run(_finished()) for day, _ in touched.units}
    assert days == {TODAY, TODAY - 1}


def test_more_units_than_one_refresh_takes_do_not_wait_for_their_turn_again():
    touched = TouchedRows(units={(TODAY, f"unit-{number}"): None for number in range(10_000)})
    taken = [len(touched.take(now).units) for now in (100.0, 100.5, 101.0)]
    assert taken == [7_500, 2_500, 0]
    touched.units[TODAY, "unit-0"] = None
    assert not touched.take(101.0).units
    assert touched.take(100.5 + UNITS_EVERY_SECONDS).units


async def _sizes(stale: int, pieces: int, *, busy: bool = False) -> list[int]:
    store = Store(set(range(stale)))
    return [len(days) for days in await refreshed(refresher(store, busy=busy), store, pieces)]


def test_short_statements_take_more_days_at_a_time():
    sizes = asyncio.run(_sizes(150, 6))
    assert sizes == [4, 8, 16, 32, 60, 30]


def test_a_flood_is_refreshed_in_large_pieces():
    sizes = asyncio.run(_sizes(100, 1, busy=True))
    assert sizes == [60]


async def _slower_and_slower() -> list[int]:
    store = Store(set(range(400)))
    each = refresher(store)
    await refreshed(each, store, 5)
    store.costs = 0.7
    return [len(days) for days in await refreshed(each, store, 9)]


def test_long_statements_take_fewer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(day_refresher, "REST_BETWEEN_DAYS", 0.0)
    sizes = asyncio.run(_slower_and_slower())
    assert sizes[4:] == [60, 60, 30, 15, 7]


async def _rests(monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """Return the seconds of rest after each statement."""
    store, sleep = Store(set(), costs=0.2), asyncio.sleep
    rests: dict[int, float] = {}

    async def rest(seconds: float) -> None:
        store.spent += seconds
        rests[len(store.refreshed)] = rests.get(len(store.refreshed), 0.0) + seconds
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", rest)
    each = refresher(store)
    each.note_group(group(list(range(3 * LEAST_DAYS)), cells=500))
    running = asyncio.create_task(each.run())
    for _ in range(100):
        await sleep(0)
    running.cancel()
    return rests


def test_whole_days_that_wait_come_soon_and_walls_have_the_cores_again_after_them(
    monkeypatch: pytest.MonkeyPatch,
):
    rests = asyncio.run(_rests(monkeypatch))
    assert list(rests) == [1, 2]
    assert rests[1] == pytest.approx(day_refresher.REST_BETWEEN_DAYS * 0.2, abs=0.01)
    assert rests[2] == pytest.approx(day_refresher.REST_IN_PEACE * 0.2, abs=0.01)


async def _finish() -> list[set[int]]:
    store = Store(set())
    each = refresher(store)
    each.note_group(group(list(range(130)), cells=50))
    await each.finish()
    return store.refreshed


def test_an_orderly_end_leaves_nothing_behind():
    pieces = asyncio.run(_finish())
    assert set().union(*pieces) == set(range(130))
    assert [len(piece) for piece in pieces] == [60, 60, 10]


async def _left_behind(*, taken_over: bool, look_seconds: float) -> list[set[int]]:
    """Another worker ends with a day that it did not refresh, after the first look."""
    store = Store(set())
    each = refresher(store, look_seconds=look_seconds)
    each.note_group(group([TODAY]))
    await refreshed(each, store, 1)
    store.stale = {TODAY - 30}
    if taken_over:
        each.look_soon()
    return await refreshed(each, store, 2)


@pytest.mark.parametrize(("taken_over", "look_seconds"), [(True, 3600.0), (False, 0.01)])
def test_days_of_a_worker_that_died_are_found(taken_over: bool, look_seconds: float):
    """The walls kept showing old figures for such days until the next worker started."""
    found = asyncio.run(_left_behind(taken_over=taken_over, look_seconds=look_seconds))
    assert {TODAY - 30} in found
