"""Keeps the walls' coarser tables up with the cells, at a bounded share of the time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from heapq import nlargest
from itertools import islice

from schemas.errors import RetryError
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.pipeline.snapshot import CommitGroup
from streams.pipeline.touched import TouchedRows
from streams.ports import Clock, Store, Touched

#: Days of one statement at most: a replay of years is refreshed in pieces.
_DAYS_AT_ONCE = 60
#: Whole days that a flood or another worker left behind: once there is peace, as many at a time as
#: make a short statement.
LEAST_DAYS = 4
_SHORT_SECONDS, _LONG_SECONDS = 0.25, 0.6
#: The pause then, as a multiple of a statement's time: the walls' queries need the cores too. While
#: whole days wait, units on walls are wrong, and to end that soon is worth more.
REST_IN_PEACE, REST_BETWEEN_DAYS = 4.0, 1.0
_DAY_COLUMNS = {"dossier_days": "day", "national_days": "received_day"}

_REST_STEP_SECONDS = 0.25
#: The pause after a look for days left behind, as a multiple of the look's own time.
_REST_AFTER_LOOK = 200.0


class DayRefresher:
    """Refreshes what of the walls' tables stands on changed cells.

    Every worker refreshes what its own groups touched, after they are stored; whoever comes last
    has seen the cells of all. With events coming as they happen that is some rows, and a second or
    two later they are right (those of `unit_days` some seconds); in a flood it is whole days. Days
    that a worker left behind which ended before it refreshed them are looked for at the start,
    whenever partitions are taken over, and now and then in peace: an insert of it may land after it
    was missed.
    While events wait to be stored, the pause after a statement is `refresh_rest` times as long
    as the statement took, so that a replay does not starve the inserts.
    """

    def __init__(
        self,
        store: Store,
        policy: PipelinePolicy,
        guard: ZombieGuard,
        clock: Clock,
        is_busy: Callable[[], bool],
        on_wait: Callable[[RetryError, float], None] | None = None,
    ) -> None:
        self._store = store
        self._policy = policy
        self._guard = guard
        self._clock = clock
        self._is_busy = is_busy
        self._on_wait = on_wait
        # Dirty days in the order in which they became so, with how many cells changed since.
        self._days: dict[int, int] = {}
        # What groups of peaceful times touched, by row.
        self._touched = TouchedRows()
        self._days_in_peace = LEAST_DAYS
        self._has_days = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._look_at = 0.0

    def look_soon(self) -> None:
        """Look for days that others left behind; call it when partitions were taken over."""
        self._look_at = 0.0
        self._has_days.set()

    def note_group(self, group: CommitGroup) -> None:
        """Take note of a stored group's days."""
        for table, columns in group.writes:
            if table in _DAY_COLUMNS:
                self._has_days.set()
                if self._touched.takes(table, columns):
                    continue
                for day, cells in Counter(columns[_DAY_COLUMNS[table]]).items():
                    self._days[day] = self._days.get(day, 0) + cells

    async def run(self) -> None:
        """Refresh until cancelled; ends only by an error that must end the worker."""
        await retrying(self._store.fill_lists, self._policy, self._on_wait)
        while True:
            if self._look_is_due():
                await self._look()
            if not self._days and not self._touched:
                await self._wait()
                continue
            started = self._clock.monotonic()
            touched, days = self._touched.take(started), self._next_days()
            async with self._one_at_a_time:
                await retrying(
                    lambda touched=touched, days=days: self._refresh(touched, days),  # type: ignore[misc]
                    self._policy,
                    self._on_wait,
                )
            took = self._clock.monotonic() - started
            self._adapt(took)
            await self._rest(took)

    def _adapt(self, took: float) -> None:
        if took < _SHORT_SECONDS:
            self._days_in_peace = min(2 * self._days_in_peace, _DAYS_AT_ONCE)
        elif took > _LONG_SECONDS:
            self._days_in_peace = max(self._days_in_peace // 2, LEAST_DAYS)

    async def _wait(self) -> None:
        self._has_days.clear()
        with suppress(TimeoutError):
            left = self._look_at - self._clock.monotonic()
            async with asyncio.timeout(max(self._policy.refresh_seconds, left)):
                await self._has_days.wait()

    def _look_is_due(self) -> bool:
        # A flood touches most days again, and none of them is shown for long.
        left = self._look_at - self._clock.monotonic()
        return left <= 0 and (self._look_at == 0.0 or not self._is_busy())

    async def _look(self) -> None:
        started = self._clock.monotonic()
        self._look_at = started + 1.0  # a take-over during the look sets it back
        for day in await retrying(self._store.stale_days, self._policy, self._on_wait):
            self._days.setdefault(day, 1)
        if self._look_at:
            now = self._clock.monotonic()
            pause = max(self._policy.refresh_look_seconds, _REST_AFTER_LOOK * (now - started))
            self._look_at = now + pause

    async def _rest(self, took: float) -> None:
        # A long rest ends with the flood that was the reason for it.
        begun = self._clock.monotonic()
        while True:
            in_peace = REST_BETWEEN_DAYS if self._days else REST_IN_PEACE
            factor = self._policy.refresh_rest if self._is_busy() else in_peace
            left = max(self._policy.refresh_seconds, took * factor) - (
                self._clock.monotonic() - begun
            )
            if left <= 0:
                return
            await asyncio.sleep(min(left, _REST_STEP_SECONDS))

    async def finish(self) -> None:
        """Refresh what is left without any pause: before an orderly end.

        May be cancelled; the next worker then finds the days at its start.

        Raises:
            RetryError: ClickHouse is away.
        """
        async with self._one_at_a_time:
            while self._days or self._touched:
                await self._refresh(self._touched.take(), self._next_days(_DAYS_AT_ONCE))

    def _next_days(self, most: int = 0) -> set[int]:
        """Take the days that changed most, which walls show, and those that have waited longest."""
        if not most:
            most = _DAYS_AT_ONCE if self._is_busy() else self._days_in_peace
        days = set(nlargest(most // 4, self._days, key=self._days.__getitem__))
        waiting = (day for day in self._days if day not in days)
        days |= set(islice(waiting, most - len(days)))
        for day in days:
            del self._days[day]
        return days

    async def _refresh(self, touched: Touched, days: set[int]) -> None:
        self._guard.check()
        if touched.cells or touched.national or touched.units:
            await self._store.refresh_touched(touched)
        if days:
            await self._store.refresh_days(days)
