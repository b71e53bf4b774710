"""A simulated worker process: the real pipeline, tied to the simulated servers as the app does.

What `streams/worker/app.py` and the transport do is done here in the same order: one agent,
spans, revocation with a bounded last store, loading after a rebalance, commits, ticks, beats.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from sim_kafka import SimKafka
from sim_loop import Process, SimLoop, SimulatedKill
from sim_warehouse import SimStore, SimWarehouse

from schemas.errors import RetryError, ZombieError
from streams.fold import FoldRules
from streams.pipeline import Pipeline, PipelinePolicy
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.ticker import Ticker
from streams.ports import DeadLetter
from streams.transport.span import SpanLedger

TOPIC = "events"
HEARTBEAT_SECONDS = 0.5
#: The guard must fire before the group may have given the partitions away: the session began
#: with the last heartbeat, which may be one interval older than the last beat.
GUARD_SECONDS = 4.0


@dataclass
class World:
    """Everything that the workers share."""

    loop: SimLoop
    rng: Random
    kafka: SimKafka
    warehouse: SimWarehouse
    rules: FoldRules
    known_units: Collection[str]
    policy: PipelinePolicy
    now_ms: Callable[[], int]
    letters: list[DeadLetter]
    send_alert: Callable[[SimWorker, str, bytes], None]
    outbox_lost: float = 0.0
    alerts_refused: bool = False
    outbox_doubled: float = 0.0
    chunk_most: int = 8
    last_store_seconds: float = 2.0
    watch_seconds: float = 5.0
    trace: Callable[[str], None] = lambda text: None


class SimClock:
    def __init__(self, world: World) -> None:
        self._world = world

    def now_ms(self) -> int:
        return self._world.now_ms()

    def monotonic(self) -> float:
        return self._world.loop.time()


class SimOutbox:
    """Sends to the simulated Kafka; may fail before, or after the record is in."""

    def __init__(self, world: World, worker: SimWorker) -> None:
        self._world = world
        self._worker = worker

    async def forward(self, partition: int, key: bytes | None, value: bytes | None) -> None:
        await self._send(lambda: self._world.kafka.append(partition, key, value))

    async def dead_letter(self, letter: DeadLetter) -> None:
        await self._send(lambda: self._world.letters.append(letter))

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        take = self._world.send_alert
        refused = self._world.alerts_refused
        await asyncio.gather(
            *(
                self._send(partial(take, self._worker, key, value), refused=refused)
                for key, value in records
            )
        )

    async def _send(self, action: Callable[[], object], *, refused: bool = False) -> None:
        world = self._world
        answer: asyncio.Future[None] = world.loop.create_future()
        luck = world.rng.random()
        is_lost = refused or luck < world.outbox_lost

        def arrive() -> None:
            if not is_lost:
                action()
            if answer.done():
                return
            if is_lost or luck < world.outbox_lost + world.outbox_doubled:
                answer.set_exception(RetryError("the simulated Kafka does not answer"))
            else:
                answer.set_result(None)

        world.loop.at_server(world.rng.uniform(0.001, 0.05), arrive)
        await answer


class SimWorker(Process):
    """One life of a worker process."""

    def __init__(self, world: World, name: str, on_end: Callable[[SimWorker], None]) -> None:
        super().__init__(name)
        self.world = world
        self.failure: BaseException | None = None
        self.armed: str | None = None
        self.judged_ends: dict[int, int] = {}
        self._on_end = on_end
        self._generation = 0
        self._assigned: list[int] = []
        self._positions: dict[int, int] = {}
        self._loading: asyncio.Task[None] | None = None
        self._may_fetch = False
        self._ledger = SpanLedger()

    def start(self) -> None:
        self.world.loop.spawn(self, self._vital(self._main))

    # -- what ends it --------------------------------------------------------------------

    def kill(self, why: str) -> None:
        """SIGKILL: nothing of it runs any more; what it sent goes on."""
        if not self.is_dead:
            self.world.trace(f"{self.name} dies: {why}")
            self.is_dead = True
            self.parked.clear()
            self._on_end(self)

    def fail_point(self, name: str) -> None:
        if self.armed == name:
            self.kill(f"fail-point {name}")
            raise SimulatedKill(name)

    async def _vital(self, body: Callable[..., Any], *arguments: Any) -> None:
        try:
            await body(*arguments)
        except ZombieError as error:
            self.kill(f"zombie: {error}")
        except Exception as error:
            self.failure = error
            self.kill(f"unexpected {error!r}")
            raise

    def _spawn(self, body: Callable[..., Any], *arguments: Any) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(self._vital(body, *arguments))

    # -- the process ---------------------------------------------------------------------

    async def _main(self) -> None:
        world = self.world
        topic = world.kafka.topic
        self.identity = (topic.topic_id, topic.partitions)
        rules = world.rules
        self.epoch = world.warehouse.register_epoch(*self.identity, rules.fingerprint)
        same_since = world.warehouse.same_since()
        await asyncio.sleep(world.rng.uniform(0.0, 1.0))
        clock = SimClock(world)
        self.guard = ZombieGuard(clock, GUARD_SECONDS)
        self.pipeline = Pipeline(
            topic=TOPIC,
            partitions=self.identity[1],
            epoch=self.epoch,
            same_since=same_since,
            rules=rules,
            known_units=world.known_units,
            store=SimStore(world.warehouse),
            outbox=SimOutbox(world, self),
            clock=clock,
            guard=self.guard,
            policy=world.policy,
            fail_point=self.fail_point,
        )
        world.trace(f"{self.name} starts in epoch {self.epoch}")
        for body in (
            self._agent,
            self.pipeline.writer.run,
            self._beat,
            self._tick,
            self._commit_often,
            self._watch_topic,
        ):
            self._spawn(body)
        await self._membership()

    async def _membership(self) -> None:
        world = self.world
        while True:
            self._generation, self._assigned = await world.kafka.join(self.name)
            world.trace(f"{self.name} has {self._assigned} in generation {self._generation}")
            self._loading = self._spawn(self._load, self._generation, self._assigned)
            while True:
                await asyncio.sleep(HEARTBEAT_SECONDS)
                if not world.kafka.heartbeat(self.name, self._generation):
                    break
            await self._revoke()

    async def _load(self, generation: int, partitions: list[int]) -> None:
        await self.pipeline.assign(partitions)
        if generation == self._generation and partitions is self._assigned:
            committed = self.world.kafka.committed
            self._positions = {p: committed.get(p, 0) for p in partitions}
            self._may_fetch = True

    async def _revoke(self) -> None:
        self._may_fetch = False
        await self._commit()
        try:
            async with asyncio.timeout(self.world.last_store_seconds):
                await self.pipeline.writer.idle()
        except TimeoutError:
            pass
        self.world.trace(f"{self.name} gives {self._assigned} away")
        self.pipeline.revoke(self._assigned)
        self._assigned = []
        await self._commit()
        self._ledger.drop()

    async def _agent(self) -> None:
        world = self.world
        while True:
            await asyncio.sleep(world.rng.uniform(0.01, 0.3))
            ready = [p for p in self._assigned if self._ledger.outstanding((TOPIC, p)) < 6]
            if not self._may_fetch or not ready:
                continue
            partition = world.rng.choice(ready)
            most = world.rng.randint(1, world.chunk_most)
            records = world.kafka.read(partition, self._positions[partition], most)
            if not records:
                continue
            self._positions[partition] = records[-1].offset + 1
            span = self._ledger.open(
                (TOPIC, partition),
                first_offset=records[0].offset,
                last_offset=records[-1].offset,
                generation=self._generation,
            )
            while partition not in self.pipeline.states and not span.dropped:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            if not span.dropped:
                await self.pipeline.process(partition, records, span.acknowledge)

    async def _commit_often(self) -> None:
        while True:
            await asyncio.sleep(self.world.rng.uniform(0.2, 1.0))
            await self._commit()

    async def _commit(self) -> None:
        offsets: dict[int, int] = {}
        for key in self._ledger.committable_partitions():
            offset = self._ledger.committable_offset(key)
            if offset is not None:
                offsets[key[1]] = offset
        if not offsets:
            return
        generation, kafka = self._generation, self.world.kafka
        answer: asyncio.Future[bool] = self.world.loop.create_future()

        def arrive() -> None:
            is_taken = kafka.commit(self.name, generation, offsets)
            if not answer.done():
                answer.set_result(is_taken)

        self.world.loop.at_server(self.world.rng.uniform(0.001, 0.05), arrive)
        if await answer:
            self._ledger.mark_committed({(TOPIC, p): offset for p, offset in offsets.items()})

    async def _beat(self) -> None:
        while True:
            self.guard.beat()
            await asyncio.sleep(0.5)

    async def _tick(self) -> None:
        ticker = Ticker(self._tick_one)
        while True:
            ticker.check()
            for partition in list(self.pipeline.states):
                ticker.begin(partition)
            await asyncio.sleep(1.0)

    async def _tick_one(self, partition: int) -> int:
        state = self.pipeline.states.get(partition)
        if state is None:
            return 0
        kafka = self.world.kafka
        self.judged_ends[partition] = end = kafka.topic.end(partition)
        # In a new epoch nothing of a partition was read that was committed before.
        read = max(state.read_offset + 1, kafka.committed.get(partition, 0))
        return await self.pipeline.tick(partition, end - read)

    async def _watch_topic(self) -> None:
        while True:
            await asyncio.sleep(self.world.watch_seconds)
            topic = self.world.kafka.topic
            if (topic.topic_id, topic.partitions) != self.identity:
                raise ZombieError("the topic was made anew or grew")
            await self.pipeline.writer.check_epoch()
