"""The delivering process' loop: looks, decides, writes down, hands over.

Every step is written before the next one begins (plan, then cases, then the lanes), so that
whoever takes over finds what was decided and goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import ceil

from ioc.alerts.delivery.deliverer import Deliverer
from ioc.alerts.engine.planning import Plan
from ioc.alerts.finding.finder import Finder
from ioc.alerts.notice import Notice
from ioc.alerts.service.file_judge import FileJudge
from ioc.alerts.service.left_over import sort_out
from ioc.alerts.service.news import News, warehouse_ms
from ioc.alerts.service.recorder import Recorder
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.loading import ToldRow, load_board, load_told, load_unsent
from schemas.alerting.settings import AlertSettings
from streams.pipeline.failpoints import FailPoint

_DAY_SECONDS = 86_400
#: More new cases than this in one look are a flood. A look at everything that is owed takes a
#: second for 50,000 cases, and what is planned too early comes in many messages.
_FLOOD_CASES = 500
#: Nothing waits longer than this for a flood to end.
_LONGEST_FLOOD_SECONDS = 30.0
_FLOOD_REST_SECONDS = 0.5
#: With so many messages in the lanes a look may wait a little: sending them comes first.
_MANY_WAITING, _BUSY_TICK_SECONDS = 50, 2.0


class AlertService:
    """One turn of delivering.

    Args:
        settings: how often to look.
        shared: the board and its surroundings.
        recorder: writes what was decided.
        news: brings the board up to the warehouse.
        judge: compares files with their alerts.
        finder: finds what workers do not raise.
        deliverer: the lanes.
        old_before_ms: see `News`.
        check_turn: raises if another process delivers by now.
        fail_point: for tests.
    """

    def __init__(
        self,
        settings: AlertSettings,
        shared: Shared,
        recorder: Recorder,
        news: News,
        judge: FileJudge,
        finder: Finder,
        deliverer: Deliverer,
        old_before_ms: int,
        check_turn: Callable[[], Awaitable[None]],
        fail_point: FailPoint,
    ) -> None:
        self._settings = settings
        self._shared = shared
        self._recorder = recorder
        self._news = news
        self._judge = judge
        self._finder = finder
        self._deliverer = deliverer
        self._old_before_ms = old_before_ms
        self._check_turn = check_turn
        self._fail_point = fail_point
        self._woken = asyncio.Event()
        self._found_at = 0.0
        self._pouring_since = 0.0

    def wake(self) -> None:
        """Look at once: new cases were stored."""
        self._woken.set()

    async def load(self) -> None:
        """Read the state that the last turn left; messages in doubt go again, marked."""
        shared = self._shared
        delivery = shared.planner.rules.file.delivery
        watch_from = shared.now - delivery.watch_days * _DAY_SECONDS
        rate_ms = round(delivery.rate.per_hours * 3_600_000)
        give_up_ms = round(delivery.give_up_after_hours * 3_600_000)
        unsent: list[Delivery] = []
        ledger: list[ToldRow] = []
        started_ms = 0

        async def load_messages() -> None:
            nonlocal started_ms
            started_ms = await warehouse_ms(shared.warehouse)
            unsent[:] = await load_unsent(shared.warehouse, 0)
            ledger[:] = await load_told(shared.warehouse, watch_from)

        await shared.retrying(load_messages)
        over, unsent = sort_out(unsent, ledger, shared.now_ms() - 2 * give_up_ms)
        # Before the board is read: what was given up here is told to nobody yet.
        await self._recorder.ledger(over)

        async def load() -> None:
            shared.board = await load_board(
                shared.warehouse, watch_from, shared.now_ms() - rate_ms, self._old_before_ms
            )

        await shared.retrying(load)
        self._news.begin(started_ms)
        for each in unsent:
            if each.state is DeliveryState.SENDING:
                each.repeat = True
            self._deliverer.add(each)

    async def run(self) -> None:
        """Look and decide until cancelled."""
        while True:
            await self._shared.retrying(self._tick)
            if self._pouring_since:
                # Few looks at much cost less than many at little, and leave the machine to events.
                await asyncio.sleep(_FLOOD_REST_SECONDS)
                continue
            is_busy = self._deliverer.waiting >= _MANY_WAITING
            try:
                async with asyncio.timeout(
                    _BUSY_TICK_SECONDS if is_busy else self._settings.tick_seconds
                ):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def sweep(self) -> None:
        """Compare every watched file with its alerts, slice by slice, until cancelled."""

        async def slice_() -> None:
            await self._judge.sweep(self._settings.sweep_files)

        while True:
            started = time.monotonic()
            await self._shared.retrying(slice_)
            took = time.monotonic() - started
            await asyncio.sleep(max(1.0, took * self._settings.sweep_rest))

    async def _tick(self) -> None:
        self._woken.clear()
        shared, clock = self._shared, time.monotonic()
        came = await self._news.take_cases()
        await self._news.take_missing(clock)
        for delivery in await self._news.hear_people(clock):
            self._deliverer.add(delivery)
        async with shared.lock:
            fresh = [shared.board.cases[each] for each in shared.board.fresh]
        unread = [case for case in fresh if case.dossier_id and case.seen < 0]
        await self._judge.judge(case.dossier_id for case in unread)
        await self._news.look_at_feeds(clock, any(not case.told_at for case in fresh))
        if self._is_pouring(came, clock):
            return
        resting = clock - self._found_at >= self._settings.find_seconds
        if resting:
            await self._find()
        async with shared.lock:
            now_ms = shared.now_ms()
            plan = await asyncio.to_thread(
                shared.planner.plan, shared.board, now_ms // 1000, now_ms=now_ms, resting=resting
            )
        await self._carry_out(plan)
        if resting:
            for notice in await self._finder.digests(shared.board, shared.now):
                await self._send_plain(notice)
            self._found_at = clock

    def _is_pouring(self, came: int, clock: float) -> bool:
        """Whether a flood is still coming in: decided when all of it is here, it goes as one."""
        if came < _FLOOD_CASES:
            if self._pouring_since:
                self._let_go()
            return False
        self._pouring_since = self._pouring_since or clock
        if clock - self._pouring_since < _LONGEST_FLOOD_SECONDS:
            return True
        self._let_go()
        return False

    def _let_go(self) -> None:
        """Note that what poured in has gathered long enough already."""
        board, delivery = self._shared.board, self._shared.planner.rules.file.delivery
        since = self._shared.now - ceil(delivery.longest_settle_seconds)
        for alert_id in board.fresh:
            case = board.cases[alert_id]
            case.ready_at = case.ready_at or since
        self._pouring_since = 0.0

    async def _find(self) -> None:
        shared = self._shared
        found = await self._finder.find(shared.board, shared.now)
        async with shared.lock:
            for case in found.new:
                shared.board.put(case)
        await self._recorder.cases([*found.new, *found.changed])

    async def _carry_out(self, plan: Plan) -> None:
        deliveries: list[Delivery] = []
        for message in plan.messages:
            deliveries += self._deliverer.make(
                message.notice,
                tuple(case.alert_id for case in message.cases),
                tuple(case.round for case in message.cases),
                message.due_ms,
            )
        if deliveries:
            # What a process that lost its turn writes down, whoever delivers now would send.
            await self._check_turn()
            self._fail_point("before-plan")
            await self._recorder.ledger(deliveries)
            self._fail_point("after-plan")
        await self._recorder.cases(plan.changed.values())
        if deliveries:
            self._fail_point("after-told")
        for each in deliveries:
            self._deliverer.add(each)

    async def _send_plain(self, notice: Notice) -> None:
        deliveries = self._deliverer.make(notice, (), (), self._shared.now_ms())
        await self._check_turn()
        await self._recorder.ledger(deliveries)
        for each in deliveries:
            self._deliverer.add(each)
