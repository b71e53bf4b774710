"""The look before each send: may this process still deliver?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class FreshLook:
    """Looks again in good time, so that a message seldom waits for an answer.

    In a flood the question waits behind others for a third of a second, once a second: a quarter
    of the time that all messages took.

    Args:
        look: asks; raises if this process may not deliver any more.
        good_seconds: how old an answer may be when a message goes. Its age counts from the
            question.
        monotonic: seconds.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[None]],
        good_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._good_seconds = good_seconds
        self._monotonic = monotonic
        self._asked_at = -good_seconds
        self._asking: asyncio.Task[None] | None = None

    async def ensure(self) -> None:
        """Return if there is an answer that is new enough, else wait for one; raises as `look`."""
        if self._asking is not None and self._asking.done():
            self._take_answer(self._asking)
        age = self._monotonic() - self._asked_at
        if age <= self._good_seconds / 2:
            return
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        if age > self._good_seconds:
            asking = self._asking
            await asyncio.wait([asking])  # who waits may be cancelled, others wait for it too
            self._take_answer(asking)

    async def close(self) -> None:
        """Give a question up that is under way."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None

    async def _ask(self) -> None:
        began = self._monotonic()
        await self._look()
        self._asked_at = began

    def _take_answer(self, asking: asyncio.Task[None]) -> None:
        if self._asking is asking:
            self._asking = None
        asking.result()
