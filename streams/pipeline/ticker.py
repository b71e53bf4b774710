"""Ticks of all partitions beside each other: one that waits holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

#: After a tick that raised something: a tick takes a part of a flood at most, and what is left
#: must not wait for long. Between two of them events have their turn.
_SOON_SECONDS = 0.05


class Ticker:
    """Runs each partition's tick in a task of its own, never two of one partition.

    A tick may wait long: for a chunk of its partition that waits for an engine, or for the alerts
    topic.
    """

    def __init__(self, tick: Callable[[int], Awaitable[int]]) -> None:
        self._tick = tick
        self._under_way: dict[int, asyncio.Task[int]] = {}
        self._pouring: set[int] = set()

    def begin(self, partition: int) -> None:
        """Let a partition tick, unless its last tick is still under way. Does not wait."""
        if partition not in self._under_way:
            self._under_way[partition] = asyncio.create_task(self._run(partition))

    def check(self) -> None:
        """Forget the ticks that ended; raises what one of them raised."""
        for partition, task in list(self._under_way.items()):
            if task.done():
                del self._under_way[partition]
                if task.result():
                    self._pouring.add(partition)
                else:
                    self._pouring.discard(partition)

    def rest_seconds(self, usual: float) -> float:
        """Return how long to wait until the next look: shorter while crossings are raised."""
        return min(usual, _SOON_SECONDS) if self._pouring else usual

    async def _run(self, partition: int) -> int:
        return await self._tick(partition)
