"""Repeating a call while something outside is away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from schemas.errors import RetryError
from streams.pipeline.policy import PipelinePolicy

Result = TypeVar("Result")


async def retrying(
    call: Callable[[], Awaitable[Result]],
    policy: PipelinePolicy,
    on_wait: Callable[[RetryError, float], None] | None = None,
    jitter: random.Random | None = None,
) -> Result:
    """Await `call` until it does not raise `RetryError`; other errors pass through.

    Waits double from `retry_min_seconds` to `retry_max_seconds`, each shortened by up to a half
    at random so that workers do not come back all at once. Never gives up: the caller's
    back-pressure stops the fetching meanwhile, so nothing piles up and nothing is lost.
    """
    wait = policy.retry_min_seconds
    while True:
        try:
            return await call()
        except RetryError as error:
            # Not before: to be seeded by the system costs as much as many a call.
            jitter = jitter or new_jitter()
            seconds = pause_seconds(wait, error, jitter)
            if on_wait is not None:
                on_wait(error, seconds)
            await asyncio.sleep(seconds)
            wait = min(wait * 2, policy.retry_max_seconds)


def new_jitter() -> random.Random:
    """Return dice that the system seeded."""
    return random.Random()  # noqa: S311 no secret depends on it


def pause_seconds(wait: float, error: RetryError, jitter: random.Random) -> float:
    """Return the pause after an error: `wait`, shortened by up to a half, or what it asks for."""
    return max(wait * (1 - jitter.random() / 2), error.retry_after_seconds or 0.0)
