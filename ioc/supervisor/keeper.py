"""Keeps one part running: starts it, watches it, starts it again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from ioc.supervisor.part import Part, State
from ioc.supervisor.restart_policy import Backoff, Patience, RestartPolicy
from schemas.errors import IocError

_WATCH_SECONDS = 0.1
_PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class Change:
    """A part went from one state to another; `reason` says why when it is bad news.

    Attributes:
        wait_seconds: how long until the next start, for `State.WAITING`.
    """

    part: Part
    state: State
    reason: str = ""
    wait_seconds: float = 0.0


class Keeper:
    """One task's worth of care for one part.

    Attributes:
        state: the part's state now.
        ready: set while the part is ready or was once; `Supervisor` waits for it.
    """

    def __init__(
        self, part: Part, policy: RestartPolicy, on_change: Callable[[Change], None]
    ) -> None:
        self.part = part
        self.state = State.STOPPED
        self.ready = asyncio.Event()
        self.started_at = time.monotonic()
        self._policy = policy
        self._on_change = on_change

    async def run(self) -> None:
        """Keep the part running until this task is cancelled; the part is left as it is then.

        Raises:
            IocError: the part was never ready, although it was started several times.
        """
        backoff = Backoff(self._policy)
        attempts = 0
        while True:
            attempts += 1
            self._change(State.STARTING)
            ready_seconds = 0.0
            try:
                await self.part.start()
            except IocError as error:
                if not self.ready.is_set() and attempts >= self._policy.first_attempts:
                    self._change(State.STOPPED, str(error))
                    raise
                reason = str(error)
            else:
                self.ready.set()
                self._change(State.READY)
                ready_at = time.monotonic()
                reason = await self._watch()
                ready_seconds = time.monotonic() - ready_at
                await self.part.stop()
            wait = backoff.next_wait_seconds(ready_seconds)
            self._change(State.WAITING, reason, wait)
            await asyncio.sleep(wait)

    async def _watch(self) -> str:
        """Return why the part must be started again."""
        patience = Patience(self._policy)
        next_probe = time.monotonic() + _PROBE_SECONDS
        while self.part.alive:
            await asyncio.sleep(_WATCH_SECONDS)
            if time.monotonic() < next_probe:
                continue
            healthy = await asyncio.to_thread(self.part.healthy)
            now = time.monotonic()
            next_probe = now + _PROBE_SECONDS
            if not self.part.alive:
                break
            if healthy is not (self.state is State.READY):
                self._change(State.READY if healthy else State.UNHEALTHY)
            if patience.is_over(healthy, now):
                return f"unhealthy for {self._policy.unhealthy_after_seconds:g} s"
        return self.part.ending

    def _change(self, state: State, reason: str = "", wait_seconds: float = 0.0) -> None:
        if state is State.STARTING:
            self.started_at = time.monotonic()
        self.state = state
        self._on_change(Change(self.part, state, reason, wait_seconds))

    async def stop(self) -> None:
        """Stop the part for good; call it after the task of `run` was cancelled."""
        await self.part.stop()
        self._change(State.STOPPED)
