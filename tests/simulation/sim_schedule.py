"""One schedule: everything that happens in it follows from one integer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from random import Random
from types import SimpleNamespace

from sim_end import wrong_at_the_end
from sim_faults import FaultMaker
from sim_histories import (
    START,
    UNITS,
    Sending,
    make_calendar,
    make_other_rules,
    make_rules,
    make_sendings,
)
from sim_invariants import Invariants
from sim_kafka import SimKafka, SimTopic
from sim_loop import SimLoop
from sim_oracle import Oracle, home_of
from sim_warehouse import Faults, SimWarehouse
from sim_worker import SimWorker, World

from streams.deadlines import Alert
from streams.pipeline import PipelinePolicy, pipeline, retry
from streams.state import known_ids

#: Wall-clock seconds of one second of the simulation.
WALL_PER_SECOND = 7200
_SOURCE_WAIT_SECONDS = 6 * 3600
_MOST_SECONDS = 240.0

_DRAWN = ("growth", "recreation", "handover", "busy")
#: Rare things that some schedules dwell on; in the last the alerts topic refuses to the end.
FOCUSES = (*_DRAWN, "refusal")
#: Beside these "news" (rules change), which is never drawn.

CALENDAR = make_calendar()
RULES = make_rules(CALENDAR)
OTHER_RULES = make_other_rules()


@dataclass
class Result:
    """What came of a schedule; it is right when nothing is wrong."""

    seed: int
    wrong: list[str]
    steps: int
    deaths: int
    records: int
    alerts: int
    plan: str
    trace: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = "\n  ".join(self.wrong[:8])
        return (
            f"seed {self.seed}: {self.plan}\n  {lines}\n"
            f"  repeat with: python tests/simulation/run.py {self.seed}"
        )


class Schedule:
    """Builds the world of a seed and runs it."""

    def __init__(self, seed: int, *, focus: str = "", trace: bool = False) -> None:
        self.seed = seed
        self.rng = rng = Random(seed)
        self.loop = SimLoop(Random(rng.random()), shuffle=rng.random() < 0.7)
        self.jitter = Random(rng.random())
        self.trace_lines: list[str] = []
        self.wrong: list[str] = []
        self.deaths = 0
        self._must_trace = trace
        # Half of the schedules take anything; the others dwell on what is rare.
        drawn = rng.choice((*["anything"] * 4, *_DRAWN))
        self.focus = focus or drawn
        is_handover = self.focus == "handover"
        is_busy = self.focus in ("handover", "busy")
        self._seconds = rng.uniform(4.0, 8.0) if is_busy else rng.uniform(6.0, 16.0)
        is_small = is_busy or self.focus == "growth"
        partitions = rng.choice((1, 2) if is_small else (1, 2, 4, 4, 4))
        topic = SimTopic("topic-1", [[] for _ in range(partitions)])
        now_ms = self._now_ms
        warehouse = SimWarehouse(self.loop, Random(rng.random()))
        warehouse.faults = Faults(
            lost_before=rng.choice((0.0, 0.03, 0.15)),
            lost_answer=rng.choice((0.0, 0.03, 0.15)),
            slow=rng.choice((0.3, 0.6) if is_busy else (0.0, 0.05, 0.3)),
            latest_landing_seconds=rng.choice((0.5, 2.5, 5.0)),
        )
        self._stragglers_seconds = warehouse.faults.latest_landing_seconds + 0.5
        policy = PipelinePolicy(
            linger_seconds=rng.choice((0.0, 0.05, 0.3)),
            group_max_events=rng.choice((4, 20, 200)),
            whole_group_seconds=rng.choice((0.0, 0.3, 1.0)),
            retry_max_seconds=1.0,
            closed_kept=0 if is_busy else rng.choice((0, 0, 1, 50)),
            due_soon_working_seconds=rng.choice((0, 2 * 3600, 8 * 3600)),
            catch_up_wait_seconds=_MOST_SECONDS,
            source_wait_seconds=_SOURCE_WAIT_SECONDS,
        )
        self.world = World(
            loop=self.loop,
            rng=Random(rng.random()),
            kafka=SimKafka(self.loop, Random(rng.random()), now_ms, topic),
            warehouse=warehouse,
            rules=RULES,
            known_units=UNITS,
            policy=policy,
            now_ms=now_ms,
            letters=[],
            send_alert=self._take_alert,
            outbox_lost=rng.choice((0.0, 0.05)),
            outbox_doubled=rng.choice((0.0, 0.05)),
            alerts_refused=self.focus == "refusal",
            chunk_most=rng.choice((1, 3, 8, 30)),
            last_store_seconds=0.0 if is_handover else rng.choice((0.0, 0.3, 2.0)),
            watch_seconds=5.0,
            trace=self._trace,
        )
        self.oracle = Oracle(RULES, UNITS, policy.due_soon_working_seconds)
        self.invariants = Invariants(self.world, self.oracle)
        self.sendings = make_sendings(
            rng,
            rng.randint(1, 3) if is_busy else rng.randint(2, 9),
            self._seconds,
            WALL_PER_SECOND,
            busy=is_busy,
        )
        for sending in self.sendings:
            self.invariants.note_id(sending.dossier_id)
        self.alerts: list[Alert] = []
        self.faults = FaultMaker(self.world, rng, self.focus, self._start_worker)
        self.workers = self.faults.workers
        self._lives = 0
        self._wanted = rng.choice((2, 3) if is_small else (1, 2, 2, 3))
        self._produced = False
        self._client_partitions = partitions
        self.plan = self.faults.draw(0.5, self._seconds)
        self._must_recreate = self.focus == "recreation"
        if self.focus == "news":
            news = rng.choice(
                ([OTHER_RULES], [OTHER_RULES, RULES], [OTHER_RULES, RULES, OTHER_RULES])
            )
            self.plan += self.faults.draw_news(1.0, self._seconds * 0.9, news)
        if self.focus == "growth":
            self.plan += self.faults.draw_growth(1.0, self._seconds * 0.7)
            self.world.watch_seconds = rng.choice((5.0, 60.0))  # Kafka may not answer

    # -- clocks and notes ------------------------------------------------------------------

    def _now_ms(self) -> int:
        return int((START + self.loop.time() * WALL_PER_SECOND) * 1000)

    def _trace(self, text: str) -> None:
        if self._must_trace:
            self.trace_lines.append(f"{self.loop.time():8.3f} {text}")

    def _take_alert(self, worker: SimWorker, key: str, value: bytes) -> None:
        alert = Alert.model_validate_json(value)
        self._trace(f"{worker.name} raises {alert.alert_id}")
        self.alerts.append(alert)
        home = home_of(key, self.world.kafka.topic.partitions)
        self.invariants.see_alert(worker.judged_ends.get(home, 0), alert)
        warehouse, delay = self.world.warehouse, self.rng.uniform(0.01, 0.5)
        self.loop.at_server(
            delay, lambda: warehouse.alerts.setdefault(alert.alert_id, alert.raised_at_ms)
        )

    # -- workers ---------------------------------------------------------------------------

    def _start_worker(self) -> None:
        self._lives += 1
        worker = SimWorker(self.world, f"worker-{self._lives}", self._see_death)
        self.workers[worker.name] = worker
        worker.start()

    def _see_death(self, worker: SimWorker) -> None:
        self.deaths += 1
        self.workers.pop(worker.name, None)
        if worker.failure is not None:
            self.wrong.append(f"{worker.name} failed: {worker.failure!r}")
        self.loop.at_server(self.rng.uniform(0.2, 2.0), self._replace_worker)

    def _replace_worker(self) -> None:
        if len(self.workers) < self._wanted:
            self._start_worker()

    # -- the run ---------------------------------------------------------------------------

    def run(self) -> Result:
        bits, mask = known_ids._BITS, known_ids._MASK
        known_ids._BITS, known_ids._MASK = 1 << 9, (1 << 9) - 1  # small: false positives occur
        dice = retry.random
        retry.random = SimpleNamespace(Random=lambda: self.jitter)  # type: ignore[attr-defined]
        stragglers_seconds = pipeline.STRAGGLERS_SECONDS
        pipeline.STRAGGLERS_SECONDS = self._stragglers_seconds
        asyncio.set_event_loop(None)
        try:
            self.loop.run_until_complete(self.loop.spawn(None, self._drive()))
        finally:
            known_ids._BITS, known_ids._MASK = bits, mask
            retry.random = dice  # type: ignore[attr-defined]
            pipeline.STRAGGLERS_SECONDS = stragglers_seconds
            self.loop.end()
        return self._result()

    async def _drive(self) -> None:
        for _ in range(self._wanted):
            self._start_worker()
        self.faults.begin(self.plan)
        late: list[Sending] = []
        if self._must_recreate:
            half = len(self.sendings) // 2
            self.sendings, late = self.sendings[:half], self.sendings[half:]
        self.loop.spawn(None, self._produce())
        await asyncio.sleep(self._seconds)
        if self._must_recreate:
            # Only what is read may be thrown away; offsets that are committed later would be
            # those of the old topic.
            await self._until_idle()
            self._trace("the topic is made anew")
            self.world.kafka.recreate()
            await asyncio.sleep(8.0)  # live workers notice within five seconds
            second = self.faults.draw(0.0, self._seconds / 2)
            self.plan += second
            self.faults.begin(second)
            for sending in (*self.sendings, *late):
                self._send(sending)
                await asyncio.sleep(self.rng.uniform(0.0, 0.15))
            self.sendings += late
            await asyncio.sleep(self._seconds / 2)
        self.faults.end()
        if self.focus == "news":  # whoever did not start since still has the old ones
            for worker in list(self.workers.values()):
                worker.kill("started again with the new rules")
        await self._until_idle()
        # Every source falls silent; whatever waited for its word is told now.
        await asyncio.sleep(2.0 + _SOURCE_WAIT_SECONDS / WALL_PER_SECOND)
        await self._until_idle()
        if self.world.alerts_refused:
            if self.alerts:
                self.wrong.append("an alert came through although all are refused")
            self.world.alerts_refused = False
            # A tick a second, after a pause that has grown to its longest.
            await asyncio.sleep(2.0 + self.world.policy.retry_max_seconds)
            await self._until_idle()
        lead_seconds = self.world.policy.due_soon_working_seconds
        self.wrong += wrong_at_the_end(
            self.world,
            Oracle(self.world.rules, UNITS, lead_seconds),
            self.alerts,
            _SOURCE_WAIT_SECONDS,
            2 * WALL_PER_SECOND,
            [Oracle(rules, UNITS, lead_seconds) for rules in (RULES, OTHER_RULES)],
        )

    async def _produce(self) -> None:
        for sending in self.sendings:
            await asyncio.sleep(max(0.0, sending.at - self.loop.time()))
            self._send(sending)
        self._produced = True

    def _send(self, sending: Sending) -> None:
        kafka = self.world.kafka
        if self.rng.random() < 0.1:
            self._client_partitions = kafka.topic.partitions  # the client looks again
        partition = home_of(sending.dossier_id, self._client_partitions)
        if sending.misplaced:
            partition = self.rng.randrange(kafka.topic.partitions)
        record = kafka.append(partition, sending.dossier_id.encode(), sending.value)
        self._trace(f"{partition}/{record.offset} is {sending.value[:90]!r}")

    async def _until_idle(self) -> None:
        quiet = 0
        while quiet < 8:
            await asyncio.sleep(0.25)
            kafka = self.world.kafka
            is_idle = (
                self._produced
                and kafka.is_drained()
                and not kafka.is_rebalancing
                and self.world.warehouse.in_flight == 0
                and self._held() == set(range(kafka.topic.partitions))
            )
            quiet = quiet + 1 if is_idle else 0
            if self.loop.time() > _MOST_SECONDS:
                raise TimeoutError("the workers never became idle")

    def _held(self) -> set[int]:
        return {
            partition
            for worker in self.faults.alive()
            if hasattr(worker, "pipeline")
            for partition in worker.pipeline.states
        }

    def _result(self) -> Result:
        wrong = self.invariants.broken + self.loop.errors + self.wrong
        return Result(
            self.seed,
            wrong,
            self.loop.steps,
            self.deaths,
            sum(len(log) for log in self.world.kafka.topic.logs),
            len(self.alerts),
            ", ".join(f"{at:.1f} {what}" for at, what, _ in self.plan),
            self.trace_lines,
        )


def run_seed(seed: int, *, focus: str = "", trace: bool = False) -> Result:
    """Run the schedule of a seed; an error of the simulation itself is part of the result.

    Args:
        seed: decides everything.
        focus: one of `FOCUSES` instead of the drawn one.
        trace: keep what happened.
    """
    schedule = Schedule(seed, focus=focus, trace=trace)
    try:
        return schedule.run()
    except (TimeoutError, RuntimeError) as error:
        return replace(schedule._result(), wrong=[*schedule.wrong, f"{error!r}"])
