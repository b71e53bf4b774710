"""Asks for many things together: what is wanted while a question is under way is in the next one.

A query of the warehouse costs milliseconds whatever it asks for, and little more for a hundred
keys than for one. So callers at the same moment share one, and the busier it is, the more do.
"""

from __future__ import annotations

import asyncio
import contextlib
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
        rest_seconds: float = 0.0,
    ) -> None:
        """Ask nothing yet.

        Args:
            ask: answers some keys; what is missing in its answer is not there.
            rest_seconds: how long, after an answer, the next question waits for those who were
                answered, or as many others: who asks again at once is in it, too.
        """
        self._ask = ask
        self._rest_seconds = rest_seconds
        self._wanted: dict[_Key, asyncio.Future[_Value | None]] = {}
        self._expected = 0
        self._complete = asyncio.Event()
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
        if len(self._wanted) >= self._expected:
            self._complete.set()
        answers = await asyncio.gather(*(asyncio.shield(each) for each in waited.values()))
        return dict(zip(waited, answers, strict=True))

    async def _run(self) -> None:
        """Answer what is wanted, until nothing is."""
        while self._wanted:
            keys = list(self._wanted)[:_MOST_KEYS]
            waited = {key: self._wanted.pop(key) for key in keys}
            try:
                found = await self._ask(keys)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                for future in waited.values():
                    future.set_exception(error)
                    future.exception()  # nobody may be left to hear it
            else:
                for key, future in waited.items():
                    future.set_result(found.get(key))
            await self._rest(len(keys) + len(self._wanted))

    async def _rest(self, expected: int) -> None:
        """Let those come back who were answered; nobody waits for a single one."""
        if expected < 2 or len(self._wanted) >= expected or not self._rest_seconds:
            return
        self._expected = expected
        self._complete.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._rest_seconds):
                await self._complete.wait()
        self._expected = 0
