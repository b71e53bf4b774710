"""When the question whether this process may still deliver is asked, and who waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ioc.alerts.delivery.fresh_look import FreshLook
from schemas.errors import ZombieError


class Stage:
    """A clock and a table that answers when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked = 0
        self.is_over = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.look = FreshLook(self._look, 1.0, lambda: self.now)

    async def _look(self) -> None:
        self.asked += 1
        await self.answers.wait()
        if self.is_over:
            raise ZombieError("another process delivers now")

    async def waits(self) -> asyncio.Task[None]:
        task = asyncio.create_task(self.look.ensure())
        for _ in range(5):
            await asyncio.sleep(0)
        return task


def on_stage(test: Callable[[Stage], Awaitable[None]]) -> Callable[[], None]:
    def run() -> None:
        async def play() -> None:
            stage = Stage()
            await test(stage)
            await stage.look.close()

        asyncio.run(play())

    return run


@on_stage
async def test_the_first_message_waits_for_an_answer(stage: Stage) -> None:
    stage.answers.clear()
    first = await stage.waits()
    assert not first.done()
    stage.answers.set()
    await first
    assert stage.asked == 1


@on_stage
async def test_a_new_answer_is_good_for_all(stage: Stage) -> None:
    await stage.look.ensure()
    stage.now += 0.5
    await stage.look.ensure()
    assert stage.asked == 1


@on_stage
async def test_it_is_asked_ahead_and_nobody_waits(stage: Stage) -> None:
    await stage.look.ensure()
    stage.answers.clear()
    stage.now += 0.9
    await stage.look.ensure()
    await stage.look.ensure()
    stage.answers.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stage.now += 0.4
    await stage.look.ensure()
    assert stage.asked == 2


@on_stage
async def test_an_answer_that_is_too_old_is_waited_for(stage: Stage) -> None:
    await stage.look.ensure()
    stage.answers.clear()
    stage.now += 0.9
    await stage.look.ensure()  # asks ahead
    stage.now += 0.2
    both = [await stage.waits(), await stage.waits()]
    assert not any(each.done() for each in both)
    stage.answers.set()
    await asyncio.gather(*both)
    assert stage.asked == 2, "the one question answers all"


@on_stage
async def test_the_age_counts_from_the_question(stage: Stage) -> None:
    """Its answer says how things were then, however long it took."""
    stage.answers.clear()
    first = await stage.waits()
    stage.now += 5
    stage.answers.set()
    await first
    await stage.look.ensure()
    assert stage.asked == 2


@on_stage
async def test_a_turn_that_is_over_stops_whoever_asks_next(stage: Stage) -> None:
    await stage.look.ensure()
    stage.is_over = True
    stage.now += 0.7
    await stage.look.ensure()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(ZombieError):
        await stage.look.ensure()


@on_stage
async def test_who_waits_hears_it_too(stage: Stage) -> None:
    stage.is_over = True
    for _ in range(2):
        with pytest.raises(ZombieError):
            await stage.look.ensure()
