"""Keys that are wanted at one moment are asked about together, and everybody gets an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.gateway.gathering import Gathering
from schemas.errors import RetryError


class Warehouse:
    """Answers each number with its double, multiples of three with nothing; when it is let."""

    def __init__(self) -> None:
        self.questions: list[list[int]] = []
        self.may_answer = asyncio.Semaphore(0)
        self.is_away = False

    async def ask(self, keys: list[int]) -> Mapping[int, int]:
        self.questions.append(keys)
        await self.may_answer.acquire()
        if self.is_away:
            raise RetryError("away")
        return {key: 2 * key for key in keys if key % 3}


def expected(keys: list[int]) -> dict[int, int | None]:
    return {key: 2 * key if key % 3 else None for key in keys}


async def wait_for_questions(warehouse: Warehouse, count: int) -> None:
    async with asyncio.timeout(60):
        while len(warehouse.questions) < count:  # noqa: ASYNC110 - a list tells nobody
            await asyncio.sleep(0)


@given(st.lists(st.lists(st.integers(0, 20), max_size=6), max_size=10))
def test_everybody_gets_the_answers_to_what_was_asked(callers: list[list[int]]) -> None:
    async def run() -> None:
        warehouse = Warehouse()
        for _ in range(100):
            warehouse.may_answer.release()
        gathering = Gathering(warehouse.ask)
        answers = await asyncio.gather(*(gathering.of(keys) for keys in callers))
        assert answers == [expected(keys) for keys in callers]
        # All at one moment: one question, or none if nobody wanted anything.
        wanted = {key for keys in callers for key in keys}
        asked = [sorted(keys) for keys in warehouse.questions]
        assert asked == ([sorted(wanted)] if wanted else [])

    asyncio.run(run())


async def test_a_question_that_is_under_way_is_never_the_answer() -> None:
    warehouse = Warehouse()
    gathering = Gathering(warehouse.ask)
    first = asyncio.create_task(gathering.of([1]))
    await wait_for_questions(warehouse, 1)
    # What is stored from now on, the question that is under way may not see.
    later = [asyncio.create_task(gathering.of([1, n])) for n in (2, 3)]
    await asyncio.sleep(0)
    warehouse.may_answer.release()
    assert await first == {1: 2}
    warehouse.may_answer.release()
    assert await asyncio.gather(*later) == [{1: 2, 2: 4}, {1: 2, 3: None}]
    assert warehouse.questions == [[1], [1, 2, 3]]


async def test_whoever_asked_an_absent_warehouse_hears_it_and_the_next_is_answered() -> None:
    warehouse = Warehouse()
    warehouse.is_away = True
    gathering = Gathering(warehouse.ask)
    callers = [asyncio.create_task(gathering.of([number])) for number in (1, 2)]
    await wait_for_questions(warehouse, 1)
    gone = asyncio.create_task(gathering.of([4]))
    await asyncio.sleep(0)
    gone.cancel()
    warehouse.may_answer.release()
    warehouse.may_answer.release()
    for caller in callers:
        with pytest.raises(RetryError):
            await caller
    await wait_for_questions(warehouse, 2)
    warehouse.is_away = False
    warehouse.may_answer.release()
    assert await gathering.of([5]) == {5: 10}


async def test_those_who_were_answered_together_ask_together_again() -> None:
    """Two groups by turns would wait for each other's question all the time."""
    warehouse = Warehouse()
    for _ in range(1000):
        warehouse.may_answer.release()
    gathering = Gathering(warehouse.ask, rest_seconds=60)

    async def caller(number: int) -> None:
        for _ in range(5):
            assert await gathering.of([number]) == {number: 2 * number}
            await asyncio.sleep(0.001 * number)  # on its way

    # The last ones to come back are waited for, and then nobody waits any more.
    async with asyncio.timeout(50):
        callers = [asyncio.create_task(caller(number)) for number in (1, 2, 4, 5)]
        await asyncio.sleep(0.5)
    assert [sorted(asked) for asked in warehouse.questions] == [[1, 2, 4, 5]] * 5
    assert all(each.done() for each in callers)


async def test_the_rest_ends_and_nobody_waits_for_a_single_one() -> None:
    warehouse = Warehouse()
    for _ in range(1000):
        warehouse.may_answer.release()
    gathering = Gathering(warehouse.ask, rest_seconds=0.05)
    assert await gathering.of([1, 2, 4]) == expected([1, 2, 4])
    async with asyncio.timeout(60):
        for number in (5, 7, 8):
            assert await gathering.of([number]) == expected([number])
    assert warehouse.questions == [[1, 2, 4], [5], [7], [8]]
    patient = Gathering(warehouse.ask, rest_seconds=600)
    async with asyncio.timeout(60):
        for number in (1, 2, 4):
            await patient.of([number])
