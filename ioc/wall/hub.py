"""The loop: one round of queries and one frame a tick, for all screens."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from dashboards.board import Board
from dashboards.panel import Panel
from dashboards.query import Query, load_query
from ioc.wall.answers import Answers, Values
from ioc.wall.changes import Changes
from ioc.wall.frame import make_frame
from ioc.wall.lanes import Lane
from ioc.wall.marks import active_marks, visible_marks
from ioc.wall.period import VIETNAM, Period, Span, resolve
from ioc.wall.reader import Answer, WarehouseReader
from ioc.wall.reporting import Reporting
from ioc.wall.status import Progress, Status, judge
from ioc.wall.view import View
from ioc.wall.wish import Wish
from schemas.calendar import WorkingCalendar
from schemas.calendar.local_time import day_start, local_day
from schemas.errors import RejectError, RetryError
from schemas.settings import ReportingSettings, WallSettings

log = logging.getLogger("ioc.wall")

#: The worker's absence is shown after seconds; it makes the wall unhealthy after this long.
WORKER_GONE_AFTER_MS = 60_000
#: How long a round waits for answers that are usually quick, and first for the look at what
#: changed: all of it within a tick.
_ROUND_SECONDS = 0.5
_LOOK_SECONDS = 0.25
#: Files that people download take no more of the reader's threads.
_FILES_AT_ONCE = 2


class Hub:
    """Owns the views and reads for them."""

    def __init__(
        self,
        reader: WarehouseReader,
        boards: Iterable[Board],
        settings: WallSettings,
        calendar: WorkingCalendar,
        due_soon_seconds: int,
        build: str,
        reporting: ReportingSettings | None = None,
    ) -> None:
        """Prepare; nothing is read before `run`.

        Args:
            reader: of the warehouse.
            boards: what may be asked for.
            settings: of the wall.
            calendar: for the lead time of "due soon".
            due_soon_seconds: that lead time in working seconds.
            build: of the page.
            reporting: periods and shifts; None = those of the environment.
        """
        self._reader = reader
        self._changes = Changes(reader)
        self._answers = Answers(reader, self._changes)
        self._lane = Lane()
        self._files = asyncio.Semaphore(_FILES_AT_ONCE)
        self._boards = {board.id: board for board in boards}
        self._settings = settings
        self._calendar = calendar
        self._due_soon_seconds = due_soon_seconds
        self._reporting = Reporting.of(reporting or ReportingSettings())
        self._build = build
        self._views: dict[Wish, View] = {}
        self._marks: list[dict[str, Any]] = []
        self._span: Span | None = None
        self._progress = Progress()
        self._read_at_ms = 0
        self._fault = ""
        self._started_ms = _now_ms()
        self._wake = asyncio.Event()
        self._closed = False

    def view(self, wish: Wish) -> View:
        """Return the view of a wish, a new one if need be.

        Raises:
            RetryError: too many different views are open already.
        """
        view = self._views.get(wish)
        if view is None:
            if len(self._views) >= self._settings.max_views:
                raise RetryError("too many different views are open", retry_after_seconds=30)
            view = self._views[wish] = View(wish)
            self._wake.set()
        view.touch()
        return view

    async def rows_of(self, wish: Wish, panel: Panel, rows: int) -> tuple[Answer, Period]:
        """Ask for a panel's answer with more rows than the wall shows, outside of the rounds.

        Raises:
            RetryError: the warehouse does not answer.
        """
        now = int(time.time())
        period = resolve(wish.asked, _today(now), self._span, self._reporting)
        values = self._values(wish, period, now)
        async with self._files:
            answer = await self._reader.ask(load_query(panel.sql), {**values.bound, "rows": rows})
        return answer, period

    def wake(self) -> None:
        """Begin the next round now: something was written."""
        self._wake.set()

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
        while not self._closed:
            started = time.monotonic()
            self._wake.clear()
            await self._read(started + _ROUND_SECONDS)
            await self._publish()
            rest = self._settings.tick_seconds - (time.monotonic() - started)
            if rest > 0:
                try:
                    await asyncio.wait_for(self._wake.wait(), rest)
                except TimeoutError:
                    continue

    async def close(self) -> None:
        """End the loop and all streams."""
        self._closed = True
        self._wake.set()
        for view in list(self._views.values()):
            await view.close()

    async def _read(self, deadline: float) -> None:
        """Read a round; what has not come by the deadline is taken in a later one.

        A warehouse that hangs must not keep the screens from learning it, nor a slow panel the
        others from being of now.
        """
        for wish in [wish for wish, view in self._views.items() if not view.is_used]:
            del self._views[wish]
        now_ms = _now_ms()
        now = now_ms // 1000
        today = _today(now)
        await self._changes.look(_LOOK_SECONDS)
        self._answers.begin(now_ms, deadline)
        span, progress, marks = await asyncio.gather(
            self._answers.get(load_query("span"), Values({"today": today}), self._lane),
            self._answers.get(load_query("pipeline"), Values({}), self._lane, may_rest=False),
            self._answers.get(active_marks(), Values({"now": now}), self._lane),
        )
        self._note(span.error or progress.error or marks.error)
        if progress.answer is not None:
            self._progress = Progress(**progress.answer.first)
            self._read_at_ms = progress.as_of_ms
        if marks.answer is not None:
            self._marks = marks.answer.as_dicts()
        if span.answer is None or (span.error and progress.error):
            return  # which days a view shows depends on it; or nothing can be read at all
        found = span.answer.first
        self._span = Span(found["first_day"], found["newest_day"]) if found["days"] else None
        views = list(self._views.values())
        await asyncio.gather(*(self._read_view(view, now_ms, today) for view in views))
        self._answers.forget()

    async def _read_view(self, view: View, now_ms: int, today: dt.date) -> None:
        period = resolve(view.wish.asked, today, self._span, self._reporting)
        values = self._values(view.wish, period, now_ms // 1000)
        queries = self._queries(view.wish)
        found = await asyncio.gather(
            *(self._answers.get(query, values, view.lane) for query in queries.values())
        )
        readings = dict(zip(queries, found, strict=True))
        for name, reading in readings.items():
            if reading.error is not None and name not in view.faults:
                log.warning("a panel cannot be read: %s", reading.error)
        view.store(period, readings, values.bound, now_ms)

    def _queries(self, wish: Wish) -> Mapping[str, Query]:
        """Return what a view needs; panels that it may not show are not even asked for."""
        panels = self._boards[wish.board].panels
        hidden = self._boards[wish.board].signed_in and not wish.private
        names = {
            panel.sql for panel in panels if wish.private or not (hidden or panel.signed_in)
        } | {"province"}
        return {name: load_query(name) for name in sorted(names)}

    def _values(self, wish: Wish, period: Period, now: int) -> Values:
        clock = now if period.at is None else period.at
        from_at, until_at = period.seconds
        before = self._reporting.before(period.name, period.from_day, period.to_day)
        bound = {
            "from_day": period.from_day,
            "to_day": period.to_day,
            "before_from_day": before[0],
            "before_to_day": before[1],
            "today": _today(clock),
            "units_on": min(period.to_day, _today(clock)),
            "from_at": from_at,
            "until_at": until_at,
            "now": clock,
            "due_soon_until": self._due_soon_until(clock),
            "shift_at": self._reporting.shift_start(clock, day_start(local_day(clock))),
            "working_now": int(self._is_working(clock)),
            "step": period.step,
            "minimum": self._settings.ranking_minimum,
            "rows": self._settings.ranking_rows,
            **wish.bound,
        }
        return Values(bound, period.at)

    def _due_soon_until(self, clock: int) -> int:
        # The last instant before which no more than the lead time of work is left.
        try:
            return self._calendar.add_working_seconds(clock, self._due_soon_seconds + 1) - 1
        except RejectError:  # the calendar does not cover that year
            return clock

    def _is_working(self, clock: int) -> bool:
        try:
            return self._calendar.working_seconds(clock, clock + 1) > 0
        except RejectError:
            return False

    def _note(self, error: RetryError | None) -> None:
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
            if not view.is_ready and not self._fault:
                continue  # its first round is under way
            frame = make_frame(
                build=self._build,
                now_ms=now_ms,
                today=today.isoformat(),
                period=view.period or resolve(view.wish.asked, today, self._span, self._reporting),
                status=judge(self._progress, self._read_at_ms, now_ms),
                read_at_ms=view.read_at_ms,
                has_data=self._span is not None,
                balance=view.balance,
                answers=view.answers,
                asked=view.asked,
                waiting=view.waiting,
                faults=view.faults,
                bound=view.bound,
                private=view.wish.private,
                marks=visible_marks(self._marks, view.wish.private),
            )
            await view.publish(frame)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _today(epoch: int) -> dt.date:
    return dt.datetime.fromtimestamp(epoch, VIETNAM).date()
