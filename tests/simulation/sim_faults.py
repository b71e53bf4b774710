"""What goes wrong in a schedule, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from sim_loop import Process
from sim_warehouse import Faults
from sim_worker import SimWorker, World

from streams.fold import FoldRules
from streams.pipeline.failpoints import FAIL_POINTS, REFOLD_POINTS

Plan = list[tuple[float, str, Callable[[], None]]]

#: How many faults a schedule has, by what it dwells on.
_COUNTS = {"handover": (5, 12), "busy": (0, 3), "recreation": (2, 8), "refusal": (1, 4)}
_KINDS = ("kill", "kill", "point", "point", "pause", "away", "join", "stop")
_HANDOVER_KINDS = ("kill", "point", "stop", "pause", *(["rebalance"] * 6))


class FaultMaker:
    """Draws faults and does them.

    Attributes:
        workers: those that live now.
    """

    def __init__(
        self, world: World, rng: Random, focus: str, start_worker: Callable[[], None]
    ) -> None:
        self.world = world
        self.rng = rng
        self.loop = world.loop
        self.focus = focus
        self.workers: dict[str, SimWorker] = {}
        self._start_worker = start_worker
        self._countdowns: dict[str, int] = {}
        self._is_over = False
        self.loop.before_step = self._before_step

    def draw(self, start: float, end: float) -> Plan:
        """Faults between two moments, in seconds from when the plan is begun."""
        rng = self.rng
        plan: Plan = []
        kinds = _HANDOVER_KINDS if self.focus == "handover" else _KINDS
        for _ in range(rng.randint(*_COUNTS.get(self.focus, (0, 8)))):
            at = rng.uniform(start, end)
            kind = rng.choice(kinds)
            if kind == "point":
                name = rng.choice(REFOLD_POINTS if self.focus == "news" else FAIL_POINTS)
                plan.append((at, name, lambda name=name: self._arm(name)))
            elif kind == "kill":
                steps = rng.randint(1, 80)
                plan.append((at, kind, lambda steps=steps: self._kill_after(steps)))
            elif kind == "pause":
                seconds = rng.choice((0.7, 3.0, 8.0, 12.0))
                plan.append((at, f"pause {seconds}", lambda s=seconds: self._pause(s)))
            elif kind == "away":
                seconds = rng.uniform(0.3, 6.0)
                plan.append((at, kind, lambda s=seconds: self._go_away(s)))
            elif kind == "join":
                plan.append((at, kind, self._join))
            elif kind == "rebalance":
                plan.append((at, kind, self.world.kafka.rebalance))
            else:
                plan.append((at, kind, self._stop))
        return sorted(plan, key=lambda fault: fault[:2])

    def draw_growth(self, start: float, end: float) -> Plan:
        """Partitions are added, and soon a worker starts that knows of them."""
        at = self.rng.uniform(start, end)
        soon = at + self.rng.uniform(0.0, 1.0)
        return [(at, "grow", self._grow), (soon, "kill", lambda: self._kill_after(1))]

    def draw_news(self, start: float, end: float, rules: Sequence[FoldRules]) -> Plan:
        """Rules change, once or oftener, and soon a worker starts that knows of them."""
        plan: Plan = []
        for each in rules:
            start = self.rng.uniform(start, end)
            soon = start + self.rng.uniform(0.0, 1.0)
            plan.append((start, "news", lambda each=each: self._tell(each)))
            plan.append((soon, "kill", lambda: self._kill_after(1)))
        return plan

    def _tell(self, rules: FoldRules) -> None:
        self.world.rules = rules

    def begin(self, plan: Plan) -> None:
        for at, what, action in plan:
            self.loop.at_server(at, lambda what=what, action=action: self._do(what, action))

    def end(self) -> None:
        """From now on nothing goes wrong."""
        self.world.trace("all faults are over")
        self._is_over = True
        self._countdowns.clear()
        self.world.warehouse.faults = Faults()
        self.world.outbox_lost = self.world.outbox_doubled = 0.0
        for worker in self.workers.values():
            worker.armed = None

    def _do(self, what: str, action: Callable[[], None]) -> None:
        if not self._is_over:
            self.world.trace(f"fault: {what}")
            action()

    def alive(self) -> list[SimWorker]:
        """Workers that run and are not stopped."""
        return [w for w in self.workers.values() if not w.is_dead and not w.is_paused]

    def _arm(self, name: str) -> None:
        if self.alive():
            self.rng.choice(self.alive()).armed = name

    def _kill_after(self, steps: int) -> None:
        if self.alive():
            self._countdowns[self.rng.choice(self.alive()).name] = steps

    def _before_step(self, process: Process) -> bool:
        left = self._countdowns.get(process.name)
        if left is not None:
            self._countdowns[process.name] = left - 1
            if left <= 0:
                del self._countdowns[process.name]
                assert isinstance(process, SimWorker)
                process.kill("killed")
                return False
        return True

    def _pause(self, seconds: float) -> None:
        if self.alive():
            worker = self.rng.choice(self.alive())
            self.world.trace(f"{worker.name} is stopped for {seconds} s")
            self.loop.pause(worker)
            self.loop.at_server(seconds, lambda: self.loop.resume(worker))

    def _go_away(self, seconds: float) -> None:
        faults = self.world.warehouse.faults
        faults.is_away = True
        self.world.trace(f"the warehouse is away for {seconds:.1f} s")

        def come_back() -> None:
            faults.is_away = False

        self.loop.at_server(seconds, come_back)

    def _join(self) -> None:
        if len(self.workers) < 3:
            self._start_worker()

    def _stop(self) -> None:
        if self.alive():
            worker = self.rng.choice(self.alive())

            async def leave() -> None:
                if hasattr(worker, "pipeline"):
                    await worker._revoke()
                self.world.kafka.leave(worker.name)
                worker.kill("stopped in order")

            self.loop.spawn(worker, leave())

    def _grow(self) -> None:
        kafka = self.world.kafka
        kafka.grow(kafka.topic.partitions * 2)
        self.world.trace(f"{kafka.topic.partitions} partitions")
