"""Calls that run side by side and fail together."""

from __future__ import annotations

import asyncio

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
