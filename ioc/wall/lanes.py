"""Keeps slow queries out of the way of quick ones.

A query runs in one of a few quick places, of which one view gets a part only. One that is not
done after `QUICK_SECONDS` moves aside and makes room; one that is known to be slow starts aside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ioc.wall.reader import THREADS, Answer

#: Within a round of half a second; a query that takes longer is slow.
QUICK_SECONDS = 0.5
_QUICK_OF_ALL = 4
#: One place stays free for the others, whatever a view asks for.
_QUICK_OF_A_VIEW = 3
_SLOW_OF_A_VIEW = 4
#: Threads remain for the quick ones, and for those that found no place to move aside to.
_SLOW_OF_ALL = THREADS - 2 * _QUICK_OF_ALL


class Lane:
    """The places of one view: at most seven of its queries run at one time."""

    def __init__(self) -> None:
        self.quick = asyncio.Semaphore(_QUICK_OF_A_VIEW)
        self.slow = asyncio.Semaphore(_SLOW_OF_A_VIEW)


class Lanes:
    """The places of all views together."""

    def __init__(self) -> None:
        self._quick = asyncio.Semaphore(_QUICK_OF_ALL)
        self._slow = asyncio.Semaphore(_SLOW_OF_ALL)

    async def run(self, lane: Lane, ask: Callable[[], Awaitable[Answer]], *, aside: bool) -> Answer:
        """Ask as soon as there is a place.

        Args:
            lane: of the view for which it is asked.
            ask: sends the query; called once.
            aside: whether it is known to be slow.

        Raises:
            RetryError: the warehouse does not answer.
        """
        if aside:
            async with lane.slow, self._slow:
                return await ask()
        return await self._run_quick(lane, ask)

    async def _run_quick(self, lane: Lane, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        held = [lane.quick, self._quick]
        await lane.quick.acquire()
        try:
            await self._quick.acquire()
        except BaseException:
            lane.quick.release()
            raise
        try:
            answer = asyncio.ensure_future(ask())
            done, _ = await asyncio.wait({answer}, timeout=QUICK_SECONDS)
            if not done and not lane.slow.locked() and not self._slow.locked():
                await lane.slow.acquire()  # at once: it is not locked
                await self._slow.acquire()
                for place in held:
                    place.release()
                held = [lane.slow, self._slow]
            elif not done:
                # Its view has enough aside and goes on with fewer places; the others do not.
                self._quick.release()
                held = [lane.quick]
            return await answer
        finally:
            for place in held:
                place.release()
