"""One channel's messages, one after the other.

Before a message is handed over, the ledger says `sending`; afterwards what came of it, in the same
insert as the next message's `sending`. So a crash leaves at most one message of each channel in
doubt, and a channel that hangs holds up no other.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ioc.alerts.channels.channel import Channel
from ioc.alerts.channels.envelope import Envelope
from ioc.alerts.delivery.outcome import RetryPolicy, after_error
from ioc.alerts.notice import Notice
from ioc.alerts.store.ledger import Delivery, DeliveryState
from schemas.errors import FatalError
from streams.pipeline.failpoints import FailPoint

log = logging.getLogger("ioc.alerts")

#: Messages, and alerts in them, whose files are read again at one time before they go.
_CHECKED_TOGETHER = 16
_ALERTS_TOGETHER = 4_000
#: A check is good for so long.
_CHECK_SECONDS = 3.0
#: Messages that have their words before they go.
_WORDED_AHEAD = 3
#: Longest pause of a channel whose server is away; single messages wait longer.
_LONGEST_REST_SECONDS = 30.0


@dataclass(frozen=True)
class LanePorts:
    """What a lane needs from outside.

    Attributes:
        prepare: reads the files behind some messages again; for each the notice as it should go,
            or None if nothing of it is true any more.
        word: renders a notice for a channel; None if the person has no address there.
        store: writes ledger rows and waits.
        may_send: raises if another process may deliver by now; called right before each send.
        finished: told of every delivery that will not be tried again; returns the same message
            by the person's next channel, queued already, if there is one.
        now_ms: epoch milliseconds.
    """

    prepare: Callable[[Sequence[Delivery]], Awaitable[Sequence[Notice | None]]]
    word: Callable[[Delivery], Awaitable[Envelope | None]]
    store: Callable[[Sequence[Delivery]], Awaitable[None]]
    may_send: Callable[[], Awaitable[None]]
    finished: Callable[[Delivery], Delivery | None]
    now_ms: Callable[[], int]
    policy: RetryPolicy
    fail_point: FailPoint


@dataclass(frozen=True)
class _Checked:
    """Messages with what of them is still true; `at_ms`: when their files were read."""

    at_ms: int
    messages: list[tuple[Delivery, Notice | None]]


class Lane:
    """The queue of one channel; `run` is a task."""

    def __init__(self, name: str, channel: Channel | None, ports: LanePorts) -> None:
        self._name = name
        self._channel = channel
        self._ports = ports
        self._queue: list[tuple[int, int, int, Delivery]] = []
        self._numbers = count()
        self._wake = asyncio.Event()
        self._unstored: list[Delivery] = []
        self._failures = 0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, delivery: Delivery) -> None:
        """Queue a message; urgent ones and withdrawals go first."""
        first = delivery.notice.is_urgent or delivery.notice.kind.value == "withdrawal"
        entry = (delivery.next_at, 0 if first else 1, next(self._numbers), delivery)
        heapq.heappush(self._queue, entry)
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped; raises what must end the process."""
        ahead: asyncio.Task[_Checked] | None = None
        try:
            while not self._stopping:
                checked = await (ahead or self._check())
                ahead = None
                if not checked.messages:
                    await self._store_last()
                    await self._sleep()
                    continue
                if self._queue:
                    # The next ones are checked while these are on their way.
                    ahead = asyncio.create_task(self._check())
                await self._send(checked)
            await self._store_last()
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def stop(self, within_seconds: float) -> None:
        """Begin no further message; wait a little for the one under way."""
        self._stopping = True
        self._wake.set()
        try:
            async with asyncio.timeout(within_seconds):
                await self._idle.wait()
        except TimeoutError:
            return

    def _take(self) -> list[Delivery]:
        now = self._ports.now_ms() // 1000
        taken: list[Delivery] = []
        alerts = 0
        while self._queue and self._queue[0][0] <= now and len(taken) < _CHECKED_TOGETHER:
            alerts += len(self._queue[0][3].alert_ids)
            if taken and alerts > _ALERTS_TOGETHER:
                break
            taken.append(heapq.heappop(self._queue)[3])
        return taken

    async def _check(self) -> _Checked:
        batch, now_ms = self._take(), self._ports.now_ms()
        notices = await self._ports.prepare(batch) if batch else ()
        return _Checked(now_ms, list(zip(batch, notices, strict=True)))

    async def _send(self, together: _Checked) -> None:
        checked = together.messages
        worded: dict[int, asyncio.Task[Envelope | None]] = {}
        try:
            for number, (delivery, notice) in enumerate(checked):
                late = self._ports.now_ms() - together.at_ms > _CHECK_SECONDS * 1000
                if self._stopping or (late and number):
                    self.add(delivery)
                    continue
                # The next ones are worded while this one is on its way.
                for ahead in range(number, min(number + _WORDED_AHEAD, len(checked))):
                    if ahead not in worded:
                        worded[ahead] = asyncio.create_task(self._word(*checked[ahead]))
                await self._one(delivery, notice, worded[number])
        finally:
            for task in worded.values():
                task.cancel()
            await asyncio.gather(*worded.values(), return_exceptions=True)

    async def _word(self, delivery: Delivery, notice: Notice | None) -> Envelope | None:
        if notice is None or self._channel is None:
            return None
        delivery.notice = notice.repeated() if delivery.repeat else notice
        return await self._ports.word(delivery)

    async def _one(
        self,
        delivery: Delivery,
        notice: Notice | None,
        worded: asyncio.Task[Envelope | None],
    ) -> None:
        ports = self._ports
        if notice is None:
            state = DeliveryState.GIVEN_UP if delivery.repeat else DeliveryState.DROPPED
            self._note(delivery, state, "not_true_any_more")
            self._finish(delivery)
            return
        try:
            envelope = await worded
        except Exception as error:  # noqa: BLE001 one message that has no words harms only itself
            log.warning("%s: no words for a message: %s", self._name, type(error).__name__)
            self._note(delivery, DeliveryState.GIVEN_UP, "no_words")
            self._finish(delivery)
            return
        if envelope is None:
            self._note(delivery, DeliveryState.GIVEN_UP, "no_address")
            self._finish(delivery)
            return
        ports.fail_point("before-sending")
        delivery.attempts += 1
        self._note(delivery, DeliveryState.SENDING, "")
        await self._store_last()
        ports.fail_point("after-sending")
        await ports.may_send()
        self._idle.clear()
        try:
            await self._hand_over(delivery, envelope)
        finally:
            self._idle.set()

    async def _hand_over(self, delivery: Delivery, envelope: Envelope) -> None:
        ports = self._ports
        assert self._channel is not None  # noqa: S101 looked at before
        try:
            await self._channel.send(envelope)
        except asyncio.CancelledError:
            raise
        except FatalError:
            raise
        except Exception as error:  # noqa: BLE001 a channel's fault is that message's, not ours
            after_error(delivery, error, ports.policy, ports.now_ms())
            # An error may quote an address: its class and code say enough.
            log.warning("%s: %s %s", self._name, type(error).__name__, delivery.problem)
            self._note(delivery, delivery.state, delivery.problem)
            if delivery.state is DeliveryState.WAITING:
                self._failures += 1
                self.add(delivery)
                await self._rest()
            else:
                self._finish(delivery)
            return
        self._failures = 0
        ports.fail_point("after-send")
        self._note(delivery, DeliveryState.SENT, "")
        self._finish(delivery)
        if not self._queue:
            await self._store_last()
            ports.fail_point("after-sent")

    async def _rest(self) -> None:
        await self._store_last()
        if self._failures >= 2:
            seconds = min(0.2 * 2.0 ** min(self._failures, 20), _LONGEST_REST_SECONDS)
            await asyncio.sleep(seconds)

    def _note(self, delivery: Delivery, state: DeliveryState, problem: str) -> None:
        delivery.state = state
        delivery.problem = problem
        delivery.changed_ms = self._ports.now_ms()
        self._unstored.append(replace(delivery))

    def _finish(self, delivery: Delivery) -> None:
        following = self._ports.finished(delivery)
        if following is not None:
            # In the same insert as the channel's failure, so that no crash falls between.
            self._unstored.append(replace(following))

    async def _store_last(self) -> None:
        if self._unstored:
            rows, self._unstored = self._unstored, []
            await self._ports.store(rows)

    async def _sleep(self) -> None:
        self._wake.clear()
        if self._stopping:
            return
        seconds = 60.0
        if self._queue:
            seconds = max(0.05, min(60.0, self._queue[0][0] - self._ports.now_ms() / 1000))
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
