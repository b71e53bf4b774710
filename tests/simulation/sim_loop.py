"""An event loop with virtual time: one seed decides which ready callback runs next.

Callbacks belong to the worker in whose context they were scheduled. A worker that is dead never
runs again, one that is paused (SIGSTOP) finds its callbacks waiting when it goes on; what the
servers do runs in no worker's context and goes on whatever happens to the workers.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, ContextVar
from random import Random
from typing import Any


class SimulatedKill(BaseException):
    """Ends a simulated worker at a fail-point; no `except Exception` may stop it."""


class Process:
    """What the loop knows of a simulated process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_dead = False
        self.is_paused = False
        self.parked: list[asyncio.Handle] = []


PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)


class SimLoop(asyncio.BaseEventLoop):
    """Virtual clock; random but repeatable order; nothing outside is waited for."""

    def __init__(self, rng: Random, *, shuffle: bool) -> None:
        super().__init__()
        self.rng = rng
        self.steps = 0
        self.errors: list[str] = []
        self.before_step: Callable[[Process], bool] = lambda process: True
        self._now = 0.0
        self._shuffle = shuffle
        self._is_over = False
        self._tasks: list[asyncio.Task[Any]] = []
        self.set_exception_handler(self._note_error)
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        return self._now

    def spawn(self, process: Process | None, coroutine: Any) -> asyncio.Task[Any]:
        """Start a task in a process (None: a server or the test itself)."""
        context = Context()
        if process is not None:
            context.run(PROCESS.set, process)
        return self.create_task(coroutine, context=context)

    def at_server(self, delay: float, action: Callable[[], object]) -> None:
        """Run an action later, outside of any worker."""
        self.call_later(delay, action, context=Context())

    def pause(self, process: Process) -> None:
        process.is_paused = True

    def resume(self, process: Process) -> None:
        process.is_paused = False
        self._ready.extend(process.parked)
        process.parked.clear()

    def end(self) -> None:
        """Let nothing run any more, not even the clean-up of what was killed."""
        self._is_over = True
        self._ready.clear()
        self._scheduled.clear()
        for task in self._tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            if not task.done():
                with suppress(BaseException):
                    task.get_coro().close()  # type: ignore[union-attr]
        self._tasks.clear()
        self.close()

    def call_soon(self, callback: Any, *args: Any, context: Context | None = None) -> Any:
        if self._is_over:
            return None
        return super().call_soon(callback, *args, context=context)

    def _make_task(self, loop: Any, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **options)
        self._tasks.append(task)
        if len(self._tasks) > 2000:
            self._tasks = [task for task in self._tasks if not task.done()]
        return task

    def _note_error(self, loop: Any, details: dict[str, Any]) -> None:
        error = details.get("exception")
        if not isinstance(error, SimulatedKill) and not self._is_over:
            self.errors.append(f"{details.get('message')}: {error!r}")

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled
        while scheduled and (not ready or scheduled[0]._when <= self._now):
            timer = heapq.heappop(scheduled)
            timer._scheduled = False
            if not timer._cancelled:
                self._now = max(self._now, timer._when)
                ready.append(timer)
        if not ready:
            raise RuntimeError("nothing will ever happen again")
        if self._shuffle and len(ready) > 1:
            ready.rotate(-self.rng.randrange(len(ready)))
        handle = ready.popleft()
        if handle._cancelled:
            return
        process = handle._context.get(PROCESS)
        if process is not None:
            if process.is_dead or not self.before_step(process):
                return
            if process.is_paused:
                process.parked.append(handle)
                return
        self.steps += 1
        handle._run()

    def _process_events(self, event_list: Any) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps."""
