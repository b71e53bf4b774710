"""One wish and the screens that share it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from ioc.wall.answers import Reading
from ioc.wall.balance import BalanceWatch
from ioc.wall.frame import Frame
from ioc.wall.lanes import Lane
from ioc.wall.period import Period
from ioc.wall.wish import Wish

#: A page that loads again finds its view still there.
_KEPT_SECONDS = 30.0
#: A board that opens is shown whole if that takes no longer.
_PATIENCE_SECONDS = 2.0
#: Rows of the round before are not worth a word.
_SAME_MOMENT_MS = 1_000


class View:
    """The newest frame of one wish; older ones are never kept.

    Attributes:
        answers: rows by SQL name, the newest that there are.
        asked: SQL name to the epoch milliseconds of which its rows tell, of those that are older
            than the newest round.
        waiting: SQL name to the epoch milliseconds since which its first rows are waited for.
        faults: SQL name to the epoch milliseconds since which it cannot be read.
        bound: values of that round's parameters.
        read_at_ms: when that round began, 0 = never.
        lane: the places of its queries.
        period: the days of that round.
        balance: state of its report.
    """

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.answers: dict[str, list[tuple[Any, ...]]] = {}
        self.asked: dict[str, int] = {}
        self.waiting: dict[str, int] = {}
        self.faults: dict[str, int] = {}
        self.bound: Mapping[str, Any] = {}
        self.read_at_ms = 0
        self.period: Period | None = None
        self.balance = ""
        self.screens = 0
        self.lane = Lane()
        self._opened_at = time.monotonic()
        self._watch = BalanceWatch()
        self._used_at = time.monotonic()
        self._frame: Frame | None = None
        self._version = 0
        self._changed = asyncio.Condition()
        self._closed = False

    @property
    def is_used(self) -> bool:
        """Whether a screen looks at it, or did a moment ago."""
        return self.screens > 0 or time.monotonic() - self._used_at < _KEPT_SECONDS

    @property
    def is_ready(self) -> bool:
        """Whether there is something to show: all of it, or some after a moment's patience."""
        if self.period is None:
            return False
        return not self.waiting or time.monotonic() - self._opened_at > _PATIENCE_SECONDS

    def touch(self) -> None:
        """Keep it for whoever is about to look."""
        self._used_at = time.monotonic()

    def store(
        self,
        period: Period,
        readings: Mapping[str, Reading],
        bound: Mapping[str, Any],
        at_ms: int,
    ) -> None:
        """Take what a round knows of each SQL, and what was bound.

        Args:
            period: of the round.
            readings: by SQL name; of the round's days, never of others.
            bound: values of the round's parameters.
            at_ms: when the round began.
        """
        if period != self.period:
            self._watch = BalanceWatch()
        self.period, self.bound, self.read_at_ms = period, bound, at_ms
        self.answers, self.asked, self.waiting, failed = {}, {}, {}, []
        for name, reading in readings.items():
            if reading.error is not None:
                failed.append(name)
            if reading.answer is not None:
                self.answers[name] = reading.answer.rows
                if at_ms - reading.as_of_ms > _SAME_MOMENT_MS:
                    self.asked[name] = reading.as_of_ms
            elif reading.error is None:
                self.waiting[name] = reading.waits_since_ms
        self.faults = {name: self.faults.get(name) or at_ms for name in failed}
        rows = self.answers.get("balance")
        self.balance = self._watch.see(rows[0][-1], time.monotonic()) if rows else ""

    async def publish(self, frame: Frame) -> None:
        """Show a frame to all screens."""
        async with self._changed:
            self._frame = frame
            self._version += 1
            self._changed.notify_all()

    async def close(self) -> None:
        """End every screen's stream."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    async def newest(self) -> Frame:
        """Return the newest frame; waits for the first one."""
        self.touch()
        async with self._changed:
            await self._changed.wait_for(lambda: self._frame is not None or self._closed)
        if self._frame is None:
            raise asyncio.CancelledError
        return self._frame

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield frames as they come; one who is slow gets the newest and misses those between."""
        self.screens += 1
        seen = 0
        try:
            while True:
                async with self._changed:
                    while self._version == seen and not self._closed:
                        await self._changed.wait()
                    if self._closed or self._frame is None:
                        return
                    frame, seen = self._frame, self._version
                yield frame
        finally:
            self.screens -= 1
            self.touch()
