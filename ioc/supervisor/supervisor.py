"""Starts the parts in order, keeps them running until told to stop, stops them in order."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from ioc.gateway.keys.first_key import ensure_first_key
from ioc.prepare import prepare_warehouse
from ioc.supervisor.keeper import Keeper
from ioc.supervisor.part import Part
from ioc.supervisor.plan import Plan
from ioc.supervisor.restart_policy import RestartPolicy
from ioc.supervisor.scenario_run import ScenarioRun
from ioc.supervisor.view import View
from ioc.topics import create_topics
from schemas.errors import RetryError
from schemas.keys_texts import KeysText
from schemas.messages import Text
from schemas.settings import ClickHouseSettings

_WAIT_SECONDS = 0.2
_RETRY_SECONDS = 1.0
_SERVERS_TIMEOUT_SECONDS = 120.0
_T = TypeVar("_T")


class Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody asked to stop while the system was starting."""


class Supervisor:
    """One run of `ioc up`. The data folder is held by the caller."""

    def __init__(self, plan: Plan, view: View, policy: RestartPolicy | None = None) -> None:
        self._plan = plan
        self._view = view
        self._policy = policy or RestartPolicy()
        self._kept: list[tuple[Keeper, asyncio.Task[None]]] = []
        self._stop = asyncio.Event()
        self._started_at = time.monotonic()

    async def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; must be called in the main thread.

        Everything that was started is stopped when this returns or raises: what was started last
        first, so workers end before the servers that they write to. A second signal ends this
        process at once, and the kernel ends the parts with it.

        Raises:
            IocError: a part never got ready, or settings are wrong.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        try:
            await self._start_all()
            await self._serve()
        except Stopped:
            pass
        finally:
            self._view.done_waiting()
            self._stop.set()
            await self._stop_all()

    def _on_signal(self) -> None:
        if self._stop.is_set():
            os._exit(130)
        self._stop.set()

    async def _start_all(self) -> None:
        servers = asyncio.gather(self._bring_kafka(), self._bring_clickhouse())
        await self._interruptible(servers)
        self._plan.folder.publish_environment(self._plan.environment)
        plan = self._plan
        parts = [
            self._keep(part)
            for part in (plan.wall(), plan.gateway(), *plan.workers(), *plan.alerts())
        ]
        await self._interruptible(self._until_ready(parts))
        self._view.done_waiting()
        self._view.table((keeper for keeper, _ in self._kept), self._external())
        seconds = f"{time.monotonic() - self._started_at:.1f}"
        self._view.line(Text.UP_READY, "bold green", seconds=seconds)
        self._view.line(Text.UP_WALL, "bold", url=parts[0].part.address)
        self._view.line(
            KeysText.UP_GATEWAY, "bold", url=parts[1].part.address, file=plan.folder.gateway_key
        )

    async def _serve(self) -> None:
        scenario = None
        if self._plan.options.scenario:
            scenario = ScenarioRun(self._plan, self._view)
        try:
            if scenario is not None:
                await self._interruptible(scenario.run())
            if not self._plan.options.once:
                await self._interruptible(self._stop.wait())
        finally:
            if scenario is not None:
                await scenario.stop()

    async def _bring_kafka(self) -> None:
        if self._plan.kafka is not None:
            if self._plan.kafka.must_fetch:
                self._view.line(Text.KAFKA_FETCH)
            await self._until_ready([self._keep(self._plan.kafka)])
            self._plan.share_kafka()
        settings, _ = self._plan.settings()
        for topic in await self._persist(lambda: create_topics(settings)):
            self._view.line(Text.STEP_TOPIC, topic=topic)

    async def _bring_clickhouse(self) -> None:
        if self._plan.clickhouse is not None:
            await self._until_ready([self._keep(self._plan.clickhouse)])
            self._plan.share_clickhouse()
        _, settings = self._plan.settings()
        state = await self._persist(lambda: prepare_warehouse(settings))
        result = state.migrations
        self._view.line(
            Text.STEP_TABLES, version=f"{result.version:04d}", applied=len(result.applied)
        )
        for table in state.reference:
            if table.changed:
                self._view.line(
                    Text.STEP_REFERENCE,
                    table=table.table,
                    version=table.version,
                    rows=table.rows,
                )

        await self._persist(lambda: self._first_key(settings))

    def _first_key(self, settings: ClickHouseSettings) -> bool:
        folder = self._plan.folder
        return ensure_first_key(
            settings,
            folder.gateway_key,
            lambda text: folder.write_secret(folder.gateway_key.name, text),
            self._plan.options.language,
        )

    async def _persist(self, work: Callable[[], _T]) -> _T:
        """Do blocking work in a thread, again while a server is away, for two minutes at most."""
        deadline = time.monotonic() + _SERVERS_TIMEOUT_SECONDS
        while True:
            try:
                return await asyncio.to_thread(work)
            except RetryError as error:
                if time.monotonic() > deadline:
                    raise
                wait = error.retry_after_seconds or _RETRY_SECONDS
                self._view.line(Text.STEP_RETRY, "yellow", reason=str(error), seconds=f"{wait:g}")
                await asyncio.sleep(wait)

    def _keep(self, part: Part) -> Keeper:
        keeper = Keeper(part, self._policy, self._view.change)
        self._kept.append((keeper, asyncio.create_task(keeper.run(), name=part.name)))
        return keeper

    async def _until_ready(self, keepers: list[Keeper]) -> None:
        while not all(keeper.ready.is_set() for keeper in keepers):
            self._view.waiting_for(keeper for keeper, _ in self._kept)
            await asyncio.sleep(_WAIT_SECONDS)

    async def _interruptible(self, work: Awaitable[object]) -> None:
        """Await the work; end early when a stop is asked for, or a part was given up.

        Raises:
            Stopped: a stop was asked for.
            IocError: what a keeper raised.
        """
        doing = asyncio.ensure_future(work)
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while not doing.done():
                keepers = [task for _, task in self._kept]
                done, _ = await asyncio.wait(
                    {doing, stopping, *keepers},
                    timeout=_WAIT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for task in done & set(keepers):
                    task.result()  # raises: keepers end by themselves only when they give up
                if stopping in done:
                    raise Stopped
            doing.result()
        finally:
            stopping.cancel()
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    async def _stop_all(self) -> None:
        if self._kept:
            self._view.line(Text.UP_STOPPING)
        for _, task in self._kept:
            task.cancel()
        await asyncio.gather(*(task for _, task in self._kept), return_exceptions=True)
        for group in _stop_order(self._plan, [keeper for keeper, _ in self._kept]):
            await asyncio.gather(*(keeper.stop() for keeper in group))
        self._view.line(Text.UP_STOPPED)

    def _external(self) -> Iterable[tuple[str, str]]:
        kafka, clickhouse = self._plan.settings()
        if self._plan.kafka is None:
            yield "Kafka", kafka.bootstrap
        if self._plan.clickhouse is None:
            yield "ClickHouse", clickhouse.url


def _stop_order(plan: Plan, keepers: list[Keeper]) -> Iterable[list[Keeper]]:
    """Yield groups that may stop at once: gateway, workers, wall, ClickHouse, Kafka."""
    servers = [part for part in (plan.clickhouse, plan.kafka) if part is not None]
    own = [keeper for keeper in keepers if keeper.part not in servers]
    # Nothing more comes in, then what came is worked off.
    for names in (("gateway",), ("worker",)):
        yield [keeper for keeper in own if keeper.part.name.startswith(names)]
        own = [keeper for keeper in own if not keeper.part.name.startswith(names)]
    yield own
    for server in servers:
        yield [keeper for keeper in keepers if keeper.part is server]
