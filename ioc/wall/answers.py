"""Answers that screens share: each distinct query runs once a tick, slow ones less often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.query import Query
from ioc.wall.changes import Changes, Versions
from ioc.wall.reader import Answer, WarehouseReader

#: A query may be running for at most one part in so many of the time.
_SHARE_OF_TIME = 5
#: What a query is believed to cost as long as it was asked only once.
_FIRST_COST_SECONDS = 1.0
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
class _Kept:
    asked_at: float
    versions: Versions | None
    clocks: _Key
    answer: Answer
    cost_seconds: float


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
        self._kept: dict[_Key, _Kept] = {}
        self._asked: dict[_Key, asyncio.Task[Answer]] = {}

    def begin(self) -> None:
        """Begin a round: forget what the last one did not use."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in self._asked}
        self._asked = {}

    async def get(self, query: Query, values: Values, *, may_rest: bool = True) -> Answer:
        """Return this round's answer; asks the warehouse at most once a round.

        Args:
            query: what to ask.
            values: of its parameters.
            may_rest: whether a slow query is asked less often. Not for the one that tells how
                fresh everything else is: resting, it would call a live wall stale.

        Raises:
            RetryError: the warehouse does not answer.
        """
        key = values.key(query)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(key, query, values, may_rest))
        return await self._asked[key]

    async def _ask(self, key: _Key, query: Query, values: Values, may_rest: bool) -> Answer:
        started = time.monotonic()
        versions = self._changes.versions_of(query)
        clocks = values.clocks(query)
        kept = self._kept.get(key)
        if kept is not None:
            age = started - kept.asked_at
            unchanged = versions is not None and (versions, clocks) == (kept.versions, kept.clocks)
            rests = may_rest and age < kept.cost_seconds * _SHARE_OF_TIME
            if rests or (unchanged and age < _TRUSTED_SECONDS):
                return kept.answer
        answer = await self._reader.ask(query, values.bound)
        self._kept[key] = _Kept(started, versions, clocks, answer, _cost_seconds(answer, kept))
        return answer
