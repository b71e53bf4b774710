"""Which days are refreshed, and how many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest

from streams.pipeline.day_refresher import DAYS_IN_PEACE, DayRefresher
from streams.pipeline.policy import PipelinePolicy

TODAY = 20_000


class Store:
    """Remembers what it was asked to refresh."""

    def __init__(self, stale: set[int]) -> None:
        self.stale, self.refreshed = stale, list[set[int]]()
        self.asked = asyncio.Event()

    async def fill_lists(self) -> None:
        pass

    async def stale_days(self) -> set[int]:
        return self.stale

    async def refresh_days(self, days: Collection[int]) -> None:
        self.refreshed.append(set(days))
        self.asked.set()


def refresher(store: Store, *, busy: bool = False, look_seconds: float = 60.0) -> DayRefresher:
    loop = asyncio.get_running_loop()
    anything: Any = store
    return DayRefresher(
        anything,
        PipelinePolicy(refresh_seconds=0.001, refresh_look_seconds=look_seconds),
        SimpleNamespace(check=lambda: None),  # type: ignore[arg-type]
        SimpleNamespace(monotonic=loop.time),  # type: ignore[arg-type]
        lambda: busy,
    )


def group(days: list[int], table: str = "dossier_days") -> Any:
    column = {"dossier_days": "day", "national_days": "received_day"}[table]
    return SimpleNamespace(writes=[(table, {column: days}), ("dossiers", {"shard": [1]})])


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
    each.note_group(group([TODAY - 9, TODAY - 8, TODAY - 7, TODAY + 5, TODAY, TODAY, TODAY]))
    each.note_group(group([TODAY - 3], "national_days"))
    return await refreshed(each, store, 2)


def test_today_comes_first_and_the_others_in_the_order_in_which_they_changed():
    first, second = asyncio.run(_in_turns())
    assert first == {TODAY, TODAY - 9, TODAY - 8, TODAY - 7}
    assert len(first) == DAYS_IN_PEACE
    assert second == {TODAY + 5, TODAY - 3}


async def _after(stale: int, *, busy: bool) -> set[int]:
    store = Store(set(range(stale)))
    return (await refreshed(refresher(store, busy=busy), store, 1))[0]


@pytest.mark.parametrize(
    ("stale", "busy", "taken"),
    [(40, False, 5), (400, False, 50), (5_000, False, 60), (100, True, 60)],
)
def test_many_days_are_taken_in_larger_pieces(stale: int, busy: bool, taken: int):
    assert len(asyncio.run(_after(stale, busy=busy))) == taken


async def _finish() -> list[set[int]]:
    store = Store(set())
    each = refresher(store)
    each.note_group(group(list(range(130))))
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
