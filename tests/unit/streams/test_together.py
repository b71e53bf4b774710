"""Calls that run side by side, fail together and leave room for others."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from schemas.errors import ZombieError
from streams.pipeline.together import together


async def _one_fails() -> list[str]:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ZombieError("gone")

    with pytest.raises(ZombieError, match="gone"):
        await together([waits(), fails(), waits()])
    await asyncio.sleep(0)
    return ended


def test_the_first_error_ends_the_others_and_keeps_its_class():
    assert asyncio.run(_one_fails()) == ["cancelled", "cancelled"]


async def _rounds(in_a_row: int) -> list[int]:
    """How many calls were started whenever somebody else had a turn."""
    started = 0
    seen: list[int] = []

    async def call() -> None:
        nonlocal started
        started += 1

    async def other() -> None:
        while started < 10:
            await asyncio.sleep(0)
            seen.append(started)

    watching = asyncio.create_task(other())
    await asyncio.sleep(0)
    await together((call() for _ in range(10)), in_a_row)
    await watching
    return seen


def _most_between_two_turns(turns: list[int]) -> int:
    return max(late - soon for soon, late in pairwise([0, *turns]))


def test_others_have_their_turn_in_between():
    assert _most_between_two_turns(asyncio.run(_rounds(2))) == 2
    assert _most_between_two_turns(asyncio.run(_rounds(0))) == 10
