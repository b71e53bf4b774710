"""Answers that screens share: each distinct query runs once a tick, slow ones less often.

A round waits for nobody: what is not there in time goes on by itself and its answer is taken when
it comes. What a screen shows meanwhile says of which moment it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.query import Query
from ioc.wall.changes import Changes, Versions
from ioc.wall.lanes import QUICK_SECONDS, Lane, Lanes
from ioc.wall.reader import Answer, WarehouseReader
from schemas.errors import RetryError

#: A query may be running for at most one part in so many of the time.
_SHARE_OF_TIME = 5
#: What a query is believed to cost at most as long as it was asked only once: a board that opens
#: on a cold warehouse must not call its panels old (after five seconds) for that.
_FIRST_COST_SECONDS = 0.5
#: These move with the clock and do not tell one query from another.
_CLOCKS = frozenset({"now", "due_soon_until", "today", "working_now", "shift_at"})
#: Read again after so long even if nothing changed: with several replicas the one that tells
#: the versions need not be the one that answers.
_TRUSTED_SECONDS = 3.0

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """What a round binds.

    Attributes:
        bound: value of every parameter.
        fixed_at: epoch seconds of a clock that stands still, None = it is now.
    """

    bound: Mapping[str, Any]
    fixed_at: int | None = None

    def key(self, query: Query) -> _Key:
        """Tell this query with these values from others."""
        clock = self.fixed_at if query.parameters & _CLOCKS else None
        return (query.name, clock, *(self.bound[each] for each in sorted(query.parameters)
                                     if each not in _CLOCKS))  # fmt: skip

    def clocks(self, query: Query) -> _Key:
        """Return what the clock says, of that which the query reads."""
        return tuple(self.bound[each] for each in sorted(query.parameters & _CLOCKS))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a round knows of a query.

    Attributes:
        answer: the newest one, None = there was none yet.
        as_of_ms: epoch milliseconds of which it tells, 0 = of none.
        waits_since_ms: since when an answer is waited for, 0 = nothing is asked.
        error: why the newest one could not be had, None = it could.
    """

    answer: Answer | None
    as_of_ms: int
    waits_since_ms: int
    error: RetryError | None


@dataclass(slots=True)
class _Kept:
    asked_at: float
    as_of_ms: int
    versions: Versions | None
    clocks: _Key
    answer: Answer
    cost_seconds: float


@dataclass(frozen=True, slots=True)
class _Flight:
    """A query that is being answered, or waits for a place."""

    task: asyncio.Task[None]
    round_ms: int
    quick_until: float


def _cost_seconds(answer: Answer, before: _Kept | None) -> float:
    """Return what a query costs: one slow answer is an accident, two are its price.

    A process that was stopped, or a warehouse that stumbled, makes any query look slow; were
    that believed, its figures would stand still for several times as long.
    """
    return min(answer.seconds, before.answer.seconds if before else _FIRST_COST_SECONDS)


class Answers:
    """The newest answer of each query that somebody looks at."""

    def __init__(self, reader: WarehouseReader, changes: Changes) -> None:
        self._reader = reader
        self._changes = changes
        self._lanes = Lanes()
        self._kept: dict[_Key, _Kept] = {}
        self._failed: dict[_Key, RetryError] = {}
        self._flights: dict[_Key, _Flight] = {}
        self._slow: set[_Key] = set()
        self._asked: set[_Key] = set()
        self._round_ms = 0
        self._deadline = 0.0

    def begin(self, round_ms: int, deadline: float) -> None:
        """Begin a round.

        Args:
            round_ms: epoch milliseconds, of before the newest look at the changes.
            deadline: monotonic seconds until which this round waits for answers.
        """
        for flight in self._flights.values():
            if flight.task.done():
                flight.task.result()  # what nobody expected leaves here
        self._asked = set()
        self._round_ms, self._deadline = round_ms, deadline

    def forget(self) -> None:
        """Forget what this round did not use; for rounds that asked all that is looked at."""
        used = self._asked | self._flights.keys()
        self._kept = {key: kept for key, kept in self._kept.items() if key in used}
        self._failed = {key: error for key, error in self._failed.items() if key in used}
        self._slow &= used

    async def get(
        self, query: Query, values: Values, lane: Lane, *, may_rest: bool = True
    ) -> Reading:
        """Return what this round knows; asks the warehouse at most once a round.

        Never a second time while an earlier question is still being answered. Waits for one that
        is usually quick, not beyond the round's deadline.

        Args:
            query: what to ask.
            values: of its parameters.
            lane: of whoever needs it.
            may_rest: whether a slow query is asked less often. Not for the one that tells how
                fresh everything else is: resting, it would call a live wall stale.
        """
        key = values.key(query)
        flight = self._flights.get(key)
        if flight is None and key not in self._asked and self._is_due(key, query, values, may_rest):
            # What tells the freshness must not wait for a place among slow ones.
            is_slow = may_rest and key in self._slow
            task = asyncio.create_task(self._ask(key, query, values, lane, is_slow))
            quick_until = 0.0 if is_slow else time.monotonic() + QUICK_SECONDS
            flight = self._flights[key] = _Flight(task, self._round_ms, quick_until)
        self._asked.add(key)
        if flight is not None:
            left = min(self._deadline, flight.quick_until) - time.monotonic()
            if left > 0:
                await asyncio.wait({flight.task}, timeout=left)
            if flight.task.done():
                flight.task.result()
        return self._reading(key)

    def _reading(self, key: _Key) -> Reading:
        kept, flight = self._kept.get(key), self._flights.get(key)
        return Reading(
            answer=kept.answer if kept else None,
            as_of_ms=kept.as_of_ms if kept else 0,
            waits_since_ms=flight.round_ms if flight else 0,
            error=self._failed.get(key),
        )

    def _is_due(self, key: _Key, query: Query, values: Values, may_rest: bool) -> bool:
        kept = self._kept.get(key)
        if kept is None or key in self._failed:
            return True
        now = (self._changes.versions_of(query), values.clocks(query))
        age = time.monotonic() - kept.asked_at
        if now[0] is not None and now == (kept.versions, kept.clocks) and age < _TRUSTED_SECONDS:
            kept.as_of_ms = self._round_ms  # it would be the same if it were asked now
            return False
        return not (may_rest and age < kept.cost_seconds * _SHARE_OF_TIME)

    async def _ask(
        self, key: _Key, query: Query, values: Values, lane: Lane, is_slow: bool
    ) -> None:
        # Told as of the round in which it was wanted: its clocks are of that moment, too.
        round_ms = self._round_ms
        asked_at, versions = 0.0, None

        async def ask() -> Answer:
            nonlocal asked_at, versions
            asked_at, versions = time.monotonic(), self._changes.versions_of(query)
            return await self._reader.ask(query, values.bound)

        try:
            answer = await self._lanes.run(lane, ask, aside=is_slow)
        except RetryError as error:
            self._failed[key] = error
        else:
            self._failed.pop(key, None)
            cost = _cost_seconds(answer, self._kept.get(key))
            self._kept[key] = _Kept(
                asked_at, round_ms, versions, values.clocks(query), answer, cost
            )
        if asked_at and time.monotonic() - asked_at > QUICK_SECONDS:
            self._slow.add(key)
        else:
            self._slow.discard(key)
        del self._flights[key]
