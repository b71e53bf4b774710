"""Takes and gives back turns as Kafka moves the partition that they belong to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

log = logging.getLogger("ioc.alerts")


class Turnable(Protocol):
    """One turn of delivering."""

    async def run(self) -> None:
        """Deliver until cancelled."""

    async def stop(self) -> None:
        """End in good order; called before another process begins."""

    def wake(self) -> None:
        """Look at once."""


class Leader:
    """Runs a turn while this process has the partition.

    Args:
        begin: takes a turn and loads what it needs; may raise, then the process ends.
        on_failure: told of what ended a turn; ends the process.
    """

    def __init__(
        self,
        begin: Callable[[], Awaitable[Turnable]],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._begin = begin
        self._on_failure = on_failure
        self._turn: Turnable | None = None
        self._task: asyncio.Task[None] | None = None
        self._may_lead = False

    @property
    def leads(self) -> bool:
        """Whether this process delivers."""
        return self._task is not None and self._turn is not None

    def wake(self) -> None:
        """Let the turn, if there is one, look at once."""
        if self._turn is not None:
            self._turn.wake()

    def lead(self) -> None:
        """Begin a turn unless there is one."""
        self._may_lead = True
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="turn")

    async def rest(self) -> None:
        """End the turn, if there is one."""
        self._may_lead = False
        await self._end()

    async def renew(self) -> None:
        """End the turn, if there is one, and begin the next: what turns are made with changed."""
        if self._task is None:
            return
        await self._end()
        # Kafka may have moved the partition meanwhile, or given it back.
        if self._may_lead:
            self.lead()

    async def _end(self) -> None:
        task, self._task = self._task, None
        turn, self._turn = self._turn, None
        if turn is not None:
            await turn.stop()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        try:
            self._turn = await self._begin()
            await self._turn.run()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 whatever it is, this process must not go on
            self._on_failure(error)
