"""The lanes of all channels together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ioc.alerts.channels.channel import Channel
from ioc.alerts.delivery.lane import Lane, LanePorts
from ioc.alerts.delivery.outcome import by_next_channel
from ioc.alerts.notice import Notice
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.store.ledger import Delivery, DeliveryState

#: How long a message under way is waited for when this process stops delivering.
_LAST_MESSAGE_SECONDS = 2.0


class Deliverer:
    """Sends what it is given, by each person's first channel, then by the next.

    Args:
        channels: by name.
        people: whom contacts belong to.
    """

    def __init__(self, channels: Mapping[str, Channel], people: PeopleBook) -> None:
        self._channels = channels
        self._people = people
        self._ports: LanePorts | None = None
        self._lanes: dict[str, Lane] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._known: set[str] = set()
        self._on_failure: Callable[[BaseException], None] | None = None

    def connect(self, ports: LanePorts, on_failure: Callable[[BaseException], None]) -> None:
        """Tie the lanes to their surroundings; `on_failure` is told what must end the process."""
        self._ports = ports
        self._on_failure = on_failure

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return sum(len(lane) for lane in self._lanes.values())

    def make(
        self, notice: Notice, alert_ids: tuple[str, ...], rounds: tuple[int, ...], due_ms: int
    ) -> list[Delivery]:
        """Return the deliveries of a notice: one, by the person's first channel."""
        person = self._people.get(notice.person)
        if person is None:
            return []
        channel = next(iter(person.contacts))
        return [Delivery(notice, channel, alert_ids, rounds, due_ms)]

    def add(self, delivery: Delivery) -> None:
        """Queue a delivery; one that is queued already is not queued twice."""
        if delivery.delivery_id in self._known:
            return
        self._known.add(delivery.delivery_id)
        self._lane(delivery.channel).add(delivery)

    def finished(self, delivery: Delivery) -> Delivery | None:
        """Forget a delivery; one that was given up goes by the person's next channel."""
        self._known.discard(delivery.delivery_id)
        if delivery.state is not DeliveryState.GIVEN_UP or delivery.problem == "not_true_any_more":
            return None
        following = by_next_channel(delivery, self._people.get(delivery.notice.person))
        if following is not None:
            self.add(following)
        return following

    async def stop(self) -> None:
        """Begin no further message and end the lanes."""
        await asyncio.gather(*(lane.stop(_LAST_MESSAGE_SECONDS) for lane in self._lanes.values()))
        tasks = list(self._tasks.values())
        for task in tasks:
            task.remove_done_callback(self._look)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=1.0)
            for task in late:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        self._tasks.clear()
        self._known.clear()

    def _lane(self, name: str) -> Lane:
        lane = self._lanes.get(name)
        if lane is None:
            assert self._ports is not None  # noqa: S101 connected at the start
            lane = self._lanes[name] = Lane(name, self._channels.get(name), self._ports)
            task = asyncio.create_task(lane.run(), name=f"lane {name}")
            task.add_done_callback(self._look)
            self._tasks[name] = task
        return lane

    def _look(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and self._on_failure is not None:
            self._on_failure(error)
