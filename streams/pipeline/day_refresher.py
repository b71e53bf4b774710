"""Keeps the walls' coarser tables up with the cells, at a bounded share of the time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from heapq import nlargest
from itertools import islice

from schemas.errors import RetryError
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.pipeline.snapshot import CommitGroup
from streams.ports import Clock, Store

#: Days of one statement at most: a replay of years is refreshed in pieces.
_DAYS_AT_ONCE = 60
#: With events coming as they happen: a few days at a time, so that a statement is short. An event
#: of today changes the days of its dossier's receipt and due time too, so some forty days are
#: always waiting; today, which changes most, is in every statement.
DAYS_IN_PEACE = 4
_SHARE_IN_PEACE = 8
#: The pause then, as a multiple of a statement's time: the walls' queries need the cores too.
REST_IN_PEACE = 2.0
_DAY_COLUMNS = {"dossier_days": "day", "national_days": "received_day"}

_REST_STEP_SECONDS = 0.25


class DayRefresher:
    """Refreshes the days whose cells changed.

    Every worker refreshes the days that its own groups touched, after they are stored; whoever
    comes last has seen the cells of all. Days that a crash left behind are found at the start.
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
        self._has_days = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def note_group(self, group: CommitGroup) -> None:
        """Take note of a stored group's days."""
        for table, columns in group.writes:
            if table in _DAY_COLUMNS:
                for day, cells in Counter(columns[_DAY_COLUMNS[table]]).items():
                    self._days[day] = self._days.get(day, 0) + cells
                self._has_days.set()

    async def run(self) -> None:
        """Refresh until cancelled; ends only by an error that must end the worker."""
        stale = await retrying(self._store.stale_days, self._policy, self._on_wait)
        self._days.update(dict.fromkeys(stale, 1))
        while True:
            if not self._days:
                self._has_days.clear()
                await self._has_days.wait()
            days = self._next_days()
            started = self._clock.monotonic()
            async with self._one_at_a_time:
                await retrying(lambda days=days: self._refresh(days), self._policy, self._on_wait)  # type: ignore[misc]
            took = self._clock.monotonic() - started
            await self._rest(took)

    async def _rest(self, took: float) -> None:
        # A long rest ends with the flood that was the reason for it.
        begun = self._clock.monotonic()
        while True:
            factor = self._policy.refresh_rest if self._is_busy() else REST_IN_PEACE
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
            while self._days:
                await self._refresh(self._next_days(_DAYS_AT_ONCE))

    def _next_days(self, most: int = 0) -> set[int]:
        """Take the days that changed most, which walls show, and those that have waited longest."""
        if not most:
            share = max(DAYS_IN_PEACE, len(self._days) // _SHARE_IN_PEACE)
            most = _DAYS_AT_ONCE if self._is_busy() else min(share, _DAYS_AT_ONCE)
        days = set(nlargest(most // 4, self._days, key=self._days.__getitem__))
        waiting = (day for day in self._days if day not in days)
        days |= set(islice(waiting, most - len(days)))
        for day in days:
            del self._days[day]
        return days

    async def _refresh(self, days: set[int]) -> None:
        self._guard.check()
        await self._store.refresh_days(days)
