"""Gathering: the chunks of all partitions of a topic that came within a time, as one batch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from streams.transport.chunk import Chunk


class Gathering:
    """For agents whose insert costs the same for a thousand rows as for one.

    `collect` is the agent's body, `batches` that of a task beside it. What waits is bounded by the
    transport: it fetches no more from a partition whose chunks are not acknowledged.

    Args:
        within_seconds: how long the first chunk of a batch waits for others.
    """

    def __init__(self, within_seconds: float) -> None:
        self._within_seconds = within_seconds
        self._waiting: list[Chunk] = []
        self._came = asyncio.Event()

    async def collect(self, stream: Any) -> None:
        """Take a stream's chunks in until it ends; acknowledges none."""
        async for event in stream.noack().events():
            self._waiting.append(event.value)
            self._came.set()

    async def batches(self) -> AsyncIterator[list[bytes]]:
        """Yield the values of everything that came, again and again.

        A batch is acknowledged when the next one is asked for, so store it before that.
        """
        while True:
            await self._came.wait()
            await asyncio.sleep(self._within_seconds)
            self._came.clear()
            chunks, self._waiting = self._waiting, []
            # A record without a value deletes its key in a compacted topic: nothing to keep.
            yield [
                record.value
                for chunk in chunks
                for record in chunk.records
                if record.value is not None
            ]
            for chunk in chunks:
                chunk.span.acknowledge()
