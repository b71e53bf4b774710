"""The delivering process' loop: looks, decides, writes down, hands over.

Every step is written before the next one begins (plan, then cases, then the lanes), so that
whoever takes over finds what was decided and goes on. Everything here runs on one event loop; the
board has one lock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from ioc.alerts.delivery.deliverer import Deliverer
from ioc.alerts.engine.answers import state_of
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.judging import judge, needs_history
from ioc.alerts.engine.planning import Plan, Planner
from ioc.alerts.engine.truth import true_now
from ioc.alerts.failpoints import FailPoint
from ioc.alerts.finding.finder import Finder
from ioc.alerts.notice import Notice
from ioc.alerts.store.answers import read_answers, read_silences
from ioc.alerts.store.cases import case_columns, case_of, with_age
from ioc.alerts.store.facts import read_dossiers, read_histories
from ioc.alerts.store.feed_reader import FeedReader
from ioc.alerts.store.ledger import Delivery, DeliveryState, ledger_columns
from ioc.alerts.store.loading import load_board, load_unsent
from ioc.alerts.store.warehouse import Warehouse
from ioc.alerts.versions import Versions
from schemas.alerting.settings import AlertSettings
from streams.fold import FoldRules

Retrying = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]

#: How far back "lately" reaches: an insert may take that long from its time stamp to its rows.
_OVERLAP_MS = 20_000
_FEEDS_EVERY_SECONDS = 10.0
_PEOPLE_EVERY_SECONDS = 1.0
_DAY_SECONDS = 86_400


class AlertService:
    """One turn of delivering.

    Args:
        settings: how often to look.
        planner: rules and people.
        warehouse: where everything is kept.
        feeds: reads the state of the feeds.
        finder: finds what workers do not raise.
        deliverer: the lanes.
        rules: of the fold, for judging the past.
        versions: of this turn's rows.
        old_before_ms: alerts that were raised before this are from a time in which nobody was
            told: they go into digests.
        now_ms: the clock, epoch milliseconds.
        retrying: repeats a call while ClickHouse is away.
        fail_point: for tests.
    """

    def __init__(
        self,
        settings: AlertSettings,
        planner: Planner,
        warehouse: Warehouse,
        feeds: FeedReader,
        finder: Finder,
        deliverer: Deliverer,
        rules: FoldRules,
        versions: Versions,
        old_before_ms: int,
        now_ms: Callable[[], int],
        retrying: Retrying,
        fail_point: FailPoint,
    ) -> None:
        self.board = Board()
        self._settings = settings
        self._planner = planner
        self._warehouse = warehouse
        self._feeds = feeds
        self._finder = finder
        self._deliverer = deliverer
        self._rules = rules
        self._versions = versions
        self._old_before_ms = old_before_ms
        self._now_ms = now_ms
        self._retrying = retrying
        self._fail_point = fail_point
        self._lock = asyncio.Lock()
        self._news = asyncio.Event()
        self._looked_ms = 0
        self._answers_ms = 0
        self._found_at = 0.0
        self._fed_at = 0.0
        self._heard_at = 0.0
        self._swept = ""

    def wake(self) -> None:
        """Look at once: new cases were stored."""
        self._news.set()

    @property
    def _now(self) -> int:
        return self._now_ms() // 1000

    async def load(self) -> None:
        """Read the state that the last turn left; messages in doubt go again, marked."""
        delivery = self._planner.rules.file.delivery
        watch_from = self._now - delivery.watch_days * _DAY_SECONDS
        rate_ms = round(delivery.rate.per_hours * 3_600_000)
        started_ms = _wall_ms()

        async def load() -> None:
            self.board = await load_board(
                self._warehouse, watch_from, self._now_ms() - rate_ms, self._old_before_ms
            )

        await self._retrying(load)
        self._looked_ms = self._answers_ms = started_ms
        since_ms = self._now_ms() - round(2 * delivery.give_up_after_hours * 3_600_000)
        for each in await load_unsent(self._warehouse, since_ms):
            if each.state is DeliveryState.SENDING:
                each.repeat = True
            self._deliverer.add(each)

    async def run(self) -> None:
        """Look and decide until cancelled."""
        while True:
            await self._retrying(self._tick)
            try:
                async with asyncio.timeout(self._settings.tick_seconds):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def sweep(self) -> None:
        """Compare every watched file with its alerts, slice by slice, until cancelled."""
        while True:
            started = time.monotonic()
            await self._retrying(self._sweep_slice)
            took = time.monotonic() - started
            await asyncio.sleep(max(1.0, took * self._settings.sweep_rest))

    # -- looking ---------------------------------------------------------------------------

    async def _tick(self) -> None:
        self._news.clear()
        clock = time.monotonic()
        await self._take_new()
        if clock - self._heard_at >= _PEOPLE_EVERY_SECONDS:
            await self._hear_people()
            self._heard_at = clock
        async with self._lock:
            fresh = [self.board.cases[each] for each in self.board.fresh]
        unread = [case for case in fresh if case.dossier_id and case.seen < 0]
        await self._judge_files(case.dossier_id for case in unread)
        await self._look_at_feeds(clock, any(not case.told_at for case in fresh))
        resting = clock - self._found_at >= self._settings.find_seconds
        if resting:
            await self._find()
        async with self._lock:
            now_ms = self._now_ms()
            plan = await asyncio.to_thread(
                self._planner.plan, self.board, now_ms // 1000, now_ms=now_ms, resting=resting
            )
        await self._carry_out(plan)
        if resting:
            for notice in await self._finder.digests(self.board, self._now):
                await self._send_plain(notice)
            self._found_at = clock

    async def _take_new(self) -> None:
        started_ms = _wall_ms()
        rows = await self._warehouse.rows("cases_new", since_ms=self._looked_ms - _OVERLAP_MS)
        async with self._lock:
            for row in rows:
                if row[0] not in self.board.cases:
                    self.board.put(with_age(case_of(row), self._old_before_ms))
        self._looked_ms = started_ms

    async def _hear_people(self) -> None:
        started_ms = _wall_ms()
        answers = await read_answers(self._warehouse, self._answers_ms - _OVERLAP_MS)
        silences = await read_silences(self._warehouse, self._now)
        changed: list[Case] = []
        async with self._lock:
            self.board.silences = silences
            for alert_id, lines in answers.items():
                known = self.board.answers.setdefault(alert_id, [])
                known += [line for line in lines if line not in known]
                case = self.board.cases.get(alert_id)
                if case is not None and _answered(self.board, case):
                    changed.append(case)
        self._answers_ms = started_ms
        await self._store_cases(changed)
        for external in await load_unsent(self._warehouse, self._now_ms() - 10 * _OVERLAP_MS):
            if external.state is DeliveryState.PLANNED and external.notice.outside is not None:
                self._deliverer.add(external)

    async def _look_at_feeds(self, clock: float, waited_for: bool) -> None:
        if clock - self._fed_at >= _FEEDS_EVERY_SECONDS:
            feeds = await self._feeds.read(self._now)
            self._fed_at = clock
        elif waited_for:
            complete = await self._feeds.complete_up_to()
            feeds = replace(self.board.feeds, complete_up_to=complete)
        else:
            return
        async with self._lock:
            self.board.feeds = feeds

    async def _find(self) -> None:
        found = await self._finder.find(self.board, self._now)
        async with self._lock:
            for case in found.new:
                self.board.put(case)
        await self._store_cases([*found.new, *found.changed])

    async def _sweep_slice(self) -> None:
        ids = sorted(each for each in self.board.of_dossier if each > self._swept)
        ids = ids[: self._settings.sweep_files]
        self._swept = ids[-1] if ids else ""
        await self._judge_files(ids)
        if not ids:
            await self._forget()

    async def _forget(self) -> None:
        oldest = self._now - self._planner.rules.file.delivery.watch_days * _DAY_SECONDS
        async with self._lock:
            for case in list(self.board.cases.values()):
                if case.state.is_closed and case.closed_at < oldest:
                    self.board.drop(case.alert_id)

    # -- judging ---------------------------------------------------------------------------

    async def _judge_files(self, dossier_ids: Iterable[str]) -> None:
        ids = set(dossier_ids)
        if not ids:
            return
        dossiers = await read_dossiers(self._warehouse, ids)
        now = self._now
        doubtful = {
            dossier_id
            for dossier_id, dossier in dossiers.items()
            for alert_id in self.board.of_dossier.get(dossier_id, ())
            if needs_history(self.board.cases[alert_id], dossier, now)
        }
        histories = await read_histories(self._warehouse, doubtful) if doubtful else {}
        changed: list[Case] = []
        async with self._lock:
            for dossier_id, dossier in dossiers.items():
                if dossier_id not in self.board.of_dossier:
                    continue
                self.board.dossiers[dossier_id] = dossier
                events = histories.get(dossier_id)
                for alert_id in self.board.of_dossier[dossier_id]:
                    case = self.board.cases[alert_id]
                    if judge(self.board, case, dossier, events, self._rules, now):
                        changed.append(case)
        await self._store_cases(changed)

    async def prepare(self, deliveries: Sequence[Delivery]) -> Sequence[Notice | None]:
        """Read the files behind some messages again; see `LanePorts.prepare`."""
        cases = [
            case
            for each in deliveries
            for alert_id in each.alert_ids
            if (case := self.board.cases.get(alert_id)) is not None
        ]
        await self._judge_files(case.dossier_id for case in cases if case.dossier_id)
        async with self._lock:
            return [self._still_true(each) for each in deliveries]

    def _still_true(self, delivery: Delivery) -> Notice | None:
        notice = delivery.notice
        if notice.outside is not None or notice.digest is not None:
            return notice
        true = true_now(self.board, notice.kind, delivery.alert_ids)
        if not true:
            if not delivery.repeat:
                self.board.note_untold(delivery.alert_ids, notice.person)
            return None
        if len(true) == len(delivery.alert_ids):
            return notice
        if not delivery.repeat:
            self.board.note_untold(set(delivery.alert_ids) - set(true), notice.person)
            kept = [n for n, each in enumerate(delivery.alert_ids) if each in set(true)]
            delivery.rounds = tuple(delivery.rounds[n] for n in kept)
            delivery.alert_ids = true
        standing = set(true)
        items = tuple(item for item in notice.items if item.alert_id in standing)
        return replace(notice, items=items, total=len(true)) if items else notice

    # -- writing down and handing over -----------------------------------------------------

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
            self._fail_point("before-plan")
            await self.store_ledger(deliveries)
            self._fail_point("after-plan")
        await self._store_cases(plan.changed.values())
        if deliveries:
            self._fail_point("after-told")
        for each in deliveries:
            self._deliverer.add(each)

    async def _send_plain(self, notice: Notice) -> None:
        deliveries = self._deliverer.make(notice, (), (), self._now_ms())
        await self.store_ledger(deliveries)
        for each in deliveries:
            self._deliverer.add(each)

    async def store_ledger(self, deliveries: Sequence[Delivery]) -> None:
        """Write ledger rows and wait until they are stored."""
        now_ms = self._now_ms()
        for each in deliveries:
            each.version = self._versions.next(now_ms)
            each.changed_ms = each.changed_ms or now_ms
            each.planned_ms = each.planned_ms or now_ms
        columns = await asyncio.to_thread(ledger_columns, deliveries)

        async def store() -> None:
            await self._warehouse.insert("alert_deliveries", columns)

        await self._retrying(store)

    async def _store_cases(self, cases: Iterable[Case]) -> None:
        listed = list(cases)
        now_ms = self._now_ms()
        for case in listed:
            case.version = self._versions.next(now_ms)
        columns = case_columns(listed)

        async def store() -> None:
            await self._warehouse.insert("alert_cases", columns)

        await self._retrying(store)


def _answered(board: Board, case: Case) -> bool:
    if case.state.is_closed:
        return False
    state = state_of(board.answers.get(case.alert_id, ()))
    if case.state is state:
        return False
    case.state = state
    return True


def _wall_ms() -> int:
    """The machine's own clock: rows are stamped by the warehouse, not by a moved clock."""
    return time.time_ns() // 1_000_000
