"""One turn of delivering: service, lanes and checks, tied together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ioc.alerts.channels import Channel, Envelope
from ioc.alerts.delivery.deliverer import Deliverer
from ioc.alerts.delivery.fresh_look import FreshLook
from ioc.alerts.delivery.lane import LanePorts
from ioc.alerts.delivery.outcome import RetryPolicy
from ioc.alerts.engine.planning import Planner
from ioc.alerts.finding.finder import Finder
from ioc.alerts.messages import render
from ioc.alerts.notice import Notice
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.service.file_judge import FileJudge
from ioc.alerts.service.news import News
from ioc.alerts.service.recorder import Recorder
from ioc.alerts.service.service import AlertService
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.feed_reader import FeedReader
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.rules_check import check_rules
from ioc.alerts.store.turns import Turn
from ioc.alerts.store.warehouse import Warehouse
from ioc.alerts.versions import Versions
from schemas.alerting.settings import AlertSettings
from schemas.errors import RetryError
from schemas.settings import WorkerSettings
from streams.fold import FoldRules
from streams.pipeline.failpoints import FailPoint
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying

log = logging.getLogger("ioc.alerts")

#: How old a look at the turns may be when a message goes.
_TURN_GOOD_SECONDS = 1.0
#: Alerts raised longer than this before the very first turn are nobody's news.
_OLD_AFTER_MS = 86_400_000


@dataclass(frozen=True)
class Outfit:
    """What every turn of a process is made with.

    Attributes:
        now_ms: epoch milliseconds.
        ahead_seconds: by how much that clock is ahead of the machine's; 0 but in tests.
        owner: of turns: host and process.
        links: makes the addresses of answers; None = messages carry none.
        die: ends the process at once.
    """

    settings: AlertSettings
    worker: WorkerSettings
    planner: Planner
    people: PeopleBook
    rules: FoldRules
    warehouse: Warehouse
    channels: Mapping[str, Channel]
    links: Any
    guard: ZombieGuard
    now_ms: Callable[[], int]
    ahead_seconds: Callable[[], int]
    owner: str
    fail_point: FailPoint
    die: Callable[[BaseException], None]


class DeliveringTurn:
    """One turn; made by `begin_turn`."""

    def __init__(self, service: AlertService, deliverer: Deliverer, look: FreshLook) -> None:
        self.service = service
        self._deliverer = deliverer
        self._look = look
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Look at once: new cases were stored."""
        self.service.wake()

    async def run(self) -> None:
        """Look, sweep and send until something fails or `stop` is called."""
        self._tasks = [
            asyncio.create_task(self.service.run(), name="look"),
            asyncio.create_task(self.service.sweep(), name="sweep"),
        ]
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Plan nothing more, let the message under way end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._deliverer.stop()
        await self._look.close()


async def begin_turn(outfit: Outfit) -> DeliveringTurn:
    """Take a turn and load what the last one left.

    Raises:
        ZombieError: another process took a turn at the same time.
    """
    policy = PipelinePolicy.of(outfit.worker)

    async def retry(call: Any) -> None:
        await retrying(call, policy)

    async def same_rules() -> None:
        try:
            await check_rules(outfit.warehouse, outfit.rules.fingerprint)
        except RetryError as error:
            log.warning("no alerts for the time being: %s", error)
            raise

    await retry(same_rules)
    turn = Turn(outfit.warehouse, outfit.owner)
    await retry(turn.take)
    old_before_ms = await turn.first_ms() - _OLD_AFTER_MS
    deliverer = Deliverer(outfit.channels, outfit.people)
    shared = Shared(outfit.planner, outfit.warehouse, outfit.now_ms, retry)
    recorder = Recorder(shared, Versions(turn.number))
    judge = FileJudge(shared, recorder, outfit.rules)
    feeds = FeedReader(
        outfit.warehouse,
        outfit.planner.words.calendar,
        outfit.worker,
        outfit.ahead_seconds,
        waits_for_desks=outfit.settings.wait_for_desks,
    )

    async def still_ours() -> None:
        await retry(turn.check)
        await retry(same_rules)

    look = FreshLook(still_ours, _TURN_GOOD_SECONDS)

    async def may_send() -> None:
        outfit.guard.check()
        await look.ensure()
        outfit.guard.check()

    service = AlertService(
        outfit.settings,
        shared,
        recorder,
        News(shared, recorder, feeds, old_before_ms),
        judge,
        Finder(outfit.warehouse, outfit.planner),
        deliverer,
        old_before_ms,
        may_send,
        outfit.fail_point,
    )

    async def word(delivery: Delivery) -> Envelope | None:
        person = outfit.people.get(delivery.notice.person)
        if person is None or delivery.channel not in person.contacts:
            return None
        return await asyncio.to_thread(
            render, delivery.notice, person, delivery.channel, outfit.links
        )

    async def prepare(deliveries: Sequence[Delivery]) -> Sequence[Notice | None]:
        notices: Sequence[Notice | None] = ()

        async def read() -> None:
            nonlocal notices
            notices = await judge.prepare(deliveries)

        # A store that is away for a moment must not end a process that has to write "sent".
        await retry(read)
        return notices

    def finished(delivery: Delivery) -> Delivery | None:
        following = deliverer.finished(delivery)
        if following is None and delivery.state is not DeliveryState.DROPPED:
            notice = delivery.notice
            shared.board.note_settled(delivery.alert_ids, notice.person, notice.kind, shared.now)
        return following

    delivery = outfit.planner.rules.file.delivery
    deliverer.connect(
        LanePorts(
            prepare=prepare,
            word=word,
            store=recorder.ledger,
            may_send=may_send,
            finished=finished,
            now_ms=outfit.now_ms,
            policy=RetryPolicy(
                outfit.settings.retry_min_seconds,
                outfit.settings.retry_max_seconds,
                delivery.give_up_after_hours * 3600,
            ),
            fail_point=outfit.fail_point,
        ),
        outfit.die,
    )
    await service.load()
    return DeliveringTurn(service, deliverer, look)
