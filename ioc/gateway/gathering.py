"""Asks for many things together: what is wanted while a question is under way is in the next one.

A query of the warehouse costs milliseconds whatever it asks for, and little more for a hundred
keys than for one. So callers at the same moment share one, and the busier it is, the more do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Keys of one question; more wait for the next one.
_MOST_KEYS = 2_000


class Gathering(Generic[_Key, _Value]):
    """Answers keys; belongs to one event loop."""

    def __init__(
        self,
        ask: Callable[[list[_Key]], Awaitable[Mapping[_Key, _Value]]],
        every_seconds: float = 0.0,
    ) -> None:
        """Ask nothing yet.

        Args:
            ask: answers some keys; what is missing in its answer is not there.
            every_seconds: how much later than a question the next one begins at the earliest.
        """
        self._ask = ask
        self._every_seconds = every_seconds
        self._asked_at = float("-inf")
        self._wanted: dict[_Key, asyncio.Future[_Value | None]] = {}
        self._running: asyncio.Task[None] | None = None

    async def of(self, keys: Collection[_Key]) -> dict[_Key, _Value | None]:
        """Return what each key stands for, None for what is not there.

        A question that was asked before the call is never the answer. Raises what `ask` raises.
        """
        loop = asyncio.get_running_loop()
        waited: dict[_Key, asyncio.Future[_Value | None]] = {}
        for key in keys:
            if key not in self._wanted:
                self._wanted[key] = loop.create_future()
            waited[key] = self._wanted[key]
        if self._wanted and (self._running is None or self._running.done()):
            self._running = asyncio.create_task(self._run())
        answers = await asyncio.gather(*(asyncio.shield(each) for each in waited.values()))
        return dict(zip(waited, answers, strict=True))

    async def _run(self) -> None:
        """Answer what is wanted, until nothing is."""
        while self._wanted:
            if (early := self._asked_at + self._every_seconds - time.monotonic()) > 0:
                await asyncio.sleep(early)
            self._asked_at = time.monotonic()
            keys = list(self._wanted)[:_MOST_KEYS]
            waited = {key: self._wanted.pop(key) for key in keys}
            try:
                found = await self._ask(keys)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                for future in waited.values():
                    future.set_exception(error)
                    future.exception()  # nobody may be left to hear it
                continue
            for key, future in waited.items():
                future.set_result(found.get(key))
