"""Several calls at once, that fail and end together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def together(calls: Iterable[Coroutine[Any, Any, None]], in_a_row: int = 0) -> None:
    """Wait for all; the first error ends the others and is raised as it is.

    Unlike a `TaskGroup`, whose groups of errors would hide of which class an error is.

    Args:
        calls: not yet started.
        in_a_row: start so many, then let the event loop go round, for whoever else waits for it;
            0 = start all at once.
    """
    tasks: list[asyncio.Future[None]] = []
    try:
        for call in calls:
            tasks.append(asyncio.ensure_future(call))
            if in_a_row and len(tasks) % in_a_row == 0:
                await asyncio.sleep(0)
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
