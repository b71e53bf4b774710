"""One wish and the screens that share it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

from ioc.wall.balance import BalanceWatch
from ioc.wall.frame import Frame
from ioc.wall.period import Period
from ioc.wall.wish import Wish

#: A page that loads again finds its view still there.
_KEPT_SECONDS = 30.0


class View:
    """The newest frame of one wish; older ones are never kept.

    Attributes:
        answers: rows by SQL name, of the newest round; of those in `faults` older ones.
        faults: SQL name to the epoch milliseconds since which it cannot be read.
        bound: values of that round's parameters.
        read_at_ms: when that round ended, 0 = never.
        period: the days of that round.
        balance: state of its report.
    """

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.answers: dict[str, list[tuple[Any, ...]]] = {}
        self.faults: dict[str, int] = {}
        self.bound: Mapping[str, Any] = {}
        self.read_at_ms = 0
        self.period: Period | None = None
        self.balance = ""
        self.screens = 0
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

    def touch(self) -> None:
        """Keep it for whoever is about to look."""
        self._used_at = time.monotonic()

    def store(
        self,
        period: Period,
        answers: Mapping[str, list[tuple[Any, ...]]],
        failed: Collection[str],
        bound: Mapping[str, Any],
        at_ms: int,
    ) -> None:
        """Take the answers of a round, the names of those that failed, and what was bound."""
        if period != self.period:
            self._watch = BalanceWatch()
            self.answers = {}  # figures of other days are never shown as these days'
        old = {name: self.answers[name] for name in failed if name in self.answers}
        self.faults = {name: self.faults.get(name) or at_ms for name in failed}
        self.period, self.answers, self.read_at_ms = period, {**old, **answers}, at_ms
        self.bound = bound
        rows = answers.get("balance")
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
