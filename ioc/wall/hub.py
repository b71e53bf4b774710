"""The loop: one round of queries and one frame a tick, for all screens."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Iterable

from dashboards.panel import Panel
from ioc.wall.answers import Answers, Values
from ioc.wall.frame import make_frame
from ioc.wall.period import VIETNAM, Asked, Period, Span, resolve
from ioc.wall.reader import WarehouseReader
from ioc.wall.status import Progress, Status, judge
from ioc.wall.view import View
from schemas.calendar import WorkingCalendar
from schemas.errors import RejectError, RetryError
from schemas.settings import WallSettings

log = logging.getLogger("ioc.wall")

#: The worker's absence is shown after seconds; it makes the wall unhealthy after this long.
WORKER_GONE_AFTER_MS = 60_000


class Hub:
    """Owns the views and reads for them."""

    def __init__(
        self,
        reader: WarehouseReader,
        panels: Iterable[Panel],
        settings: WallSettings,
        calendar: WorkingCalendar,
        due_soon_seconds: int,
        build: str,
    ) -> None:
        """Prepare; nothing is read before `run`.

        Args:
            reader: of the warehouse.
            panels: what a frame holds.
            settings: of the wall.
            calendar: for the lead time of "due soon".
            due_soon_seconds: that lead time in working seconds.
            build: of the page.
        """
        self._answers = Answers(reader)
        self._names = sorted({panel.sql for panel in panels} | {"province"})
        self._settings = settings
        self._calendar = calendar
        self._due_soon_seconds = due_soon_seconds
        self._build = build
        self._views: dict[Asked, View] = {}
        self._span: Span | None = None
        self._progress = Progress()
        self._read_at_ms = 0
        self._fault = ""
        self._started_ms = _now_ms()
        self._wake = asyncio.Event()
        self._closed = False

    def view(self, asked: Asked) -> View:
        """Return the view of these wishes, a new one if need be.

        Raises:
            RetryError: too many different views are open already.
        """
        view = self._views.get(asked)
        if view is None:
            if len(self._views) >= self._settings.max_views:
                raise RetryError("too many different views are open", retry_after_seconds=30)
            view = self._views[asked] = View(asked)
            self._wake.set()
        view.touch()
        return view

    @property
    def screens(self) -> int:
        """How many screens look."""
        return sum(view.screens for view in self._views.values())

    def health(self) -> tuple[bool, Status]:
        """Whether the warehouse is read and the worker is there, or was a short time ago."""
        now = _now_ms()
        status = judge(self._progress, self._read_at_ms, now)
        seen = max(self._progress.reported_at, self._started_ms)
        return status.reason != "warehouse" and now - seen <= WORKER_GONE_AFTER_MS, status

    async def run(self) -> None:
        """Read and publish until `close`; unexpected errors leave it."""
        round_: asyncio.Task[None] | None = None
        while not self._closed:
            started = time.monotonic()
            self._wake.clear()
            if round_ is None:
                round_ = asyncio.create_task(self._read())
            # A warehouse that hangs must not keep the screens from learning it.
            await asyncio.wait({round_}, timeout=self._settings.tick_seconds)
            if round_.done():
                self._note(round_)
                round_ = None
            await self._publish()
            rest = self._settings.tick_seconds - (time.monotonic() - started)
            if rest > 0:
                try:
                    await asyncio.wait_for(self._wake.wait(), rest)
                except TimeoutError:
                    continue
        if round_ is not None:
            round_.cancel()

    async def close(self) -> None:
        """End the loop and all streams."""
        self._closed = True
        self._wake.set()
        for view in list(self._views.values()):
            await view.close()

    async def _read(self) -> None:
        for asked in [asked for asked, view in self._views.items() if not view.is_used]:
            del self._views[asked]
        self._answers.begin()
        now = int(time.time())
        today = _today(now)
        span, progress = await asyncio.gather(
            self._answers.get("span", Values({"today": today})),
            self._answers.get("pipeline", Values({})),
        )
        self._progress = Progress(**progress.first)
        found = span.first
        self._span = Span(found["first_day"], found["newest_day"]) if found["days"] else None
        results = await asyncio.gather(
            *(self._read_view(view, now, today) for view in list(self._views.values())),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        self._read_at_ms = _now_ms()

    async def _read_view(self, view: View, now: int, today: dt.date) -> None:
        period = resolve(view.asked, today, self._span)
        values = self._values(period, now)
        answers = await asyncio.gather(
            *(self._answers.get(name, values) for name in self._names), return_exceptions=True
        )
        rows = {}
        for name, answer in zip(self._names, answers, strict=True):
            if isinstance(answer, BaseException):
                raise answer
            rows[name] = answer.rows
        view.store(period, rows, _now_ms())

    def _values(self, period: Period, now: int) -> Values:
        clock = now if period.at is None else period.at
        from_at, until_at = period.seconds
        bound = {
            "from_day": period.from_day,
            "to_day": period.to_day,
            "from_at": from_at,
            "until_at": until_at,
            "now": clock,
            "due_soon_until": self._due_soon_until(clock),
            "step": period.step,
            "minimum": self._settings.ranking_minimum,
            "rows": self._settings.ranking_rows,
        }
        return Values(bound, period.at)

    def _due_soon_until(self, clock: int) -> int:
        # The last instant before which no more than the lead time of work is left.
        try:
            return self._calendar.add_working_seconds(clock, self._due_soon_seconds + 1) - 1
        except RejectError:  # the calendar does not cover that year
            return clock

    def _note(self, round_: asyncio.Task[None]) -> None:
        error = round_.exception()
        if error is not None and not isinstance(error, RetryError):
            raise error
        fault = "" if error is None else str(error)
        if bool(fault) != bool(self._fault):
            if fault:
                log.warning("the warehouse cannot be read: %s", fault)
            else:
                log.warning("the warehouse can be read again")
        self._fault = fault

    async def _publish(self) -> None:
        now_ms = _now_ms()
        today = _today(now_ms // 1000)
        for view in list(self._views.values()):
            if view.period is None and not self._fault:
                continue  # its first round is under way
            frame = make_frame(
                build=self._build,
                now_ms=now_ms,
                today=today.isoformat(),
                period=view.period or resolve(view.asked, today, self._span),
                status=judge(self._progress, view.read_at_ms, now_ms),
                has_data=self._span is not None,
                balance=view.balance,
                answers=view.answers,
            )
            await view.publish(frame)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _today(epoch: int) -> dt.date:
    return dt.datetime.fromtimestamp(epoch, VIETNAM).date()
