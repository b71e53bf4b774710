"""Answers that screens share: each distinct query runs once a tick, slow ones less often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.query import Query, load_query
from ioc.wall.reader import Answer, WarehouseReader

#: A query may be running for at most one part in so many of the time.
_SHARE_OF_TIME = 5
#: These move with the clock and do not tell one query from another.
_CLOCKS = frozenset({"now", "due_soon_until", "today"})

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


class Answers:
    """The newest answer of each query that somebody looks at."""

    def __init__(self, reader: WarehouseReader) -> None:
        self._reader = reader
        self._kept: dict[_Key, tuple[float, Answer]] = {}
        self._asked: dict[_Key, asyncio.Task[Answer]] = {}

    def begin(self) -> None:
        """Begin a round: forget what the last one did not use."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in self._asked}
        self._asked = {}

    async def get(self, name: str, values: Values) -> Answer:
        """Return this round's answer; asks the warehouse at most once a round.

        Raises:
            RetryError: the warehouse does not answer.
        """
        query = load_query(name)
        key = values.key(query)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(key, query, values))
        return await self._asked[key]

    async def _ask(self, key: _Key, query: Query, values: Values) -> Answer:
        started = time.monotonic()
        if key in self._kept:
            asked_at, answer = self._kept[key]
            if started - asked_at < answer.seconds * _SHARE_OF_TIME:
                return answer
        answer = await self._reader.ask(query, values.bound)
        self._kept[key] = (started, answer)
        return answer
