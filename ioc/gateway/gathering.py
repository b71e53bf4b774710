"""Asks for many things together: what is wanted while a question is under way is in the next one.

A query of the warehouse costs milliseconds whatever it asks for, and little more for a hundred
keys than for one. So callers at the same moment share one, and the busier it is, the more do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Keys of one question; more wait for the next one.
_MOST_KEYS = 2_000


class Gathering(Generic[_Key, _Value]):
    """Answers keys; belongs to one event loop."""

    def __init__(
        self, ask: Callable[[list[_Key]], Awaitable[Mapping[_Key, _Value]]], at_once: int = 1
    ) -> None:
        """Ask nothing yet.

        Args:
            ask: answers some keys; what is missing in its answer is not there.
            at_once: questions that may be under way.
        """
        self._ask = ask
        self._free = at_once
        self._wanted: dict[_Key, asyncio.Future[_Value | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

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
        self._begin()
        answers = await asyncio.gather(*(asyncio.shield(each) for each in waited.values()))
        return dict(zip(waited, answers, strict=True))

    def _begin(self) -> None:
        if self._free and self._wanted:
            self._free -= 1
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        """Answer what is wanted, until nothing is."""
        try:
            while self._wanted:
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
        finally:
            self._free += 1
