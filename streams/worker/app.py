"""The Faust application of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import faust
from faust.types import TP

from schemas.errors import RetryError
from schemas.settings import KafkaSettings, WorkerSettings
from streams.pipeline import Pipeline
from streams.pipeline.day_refresher import DayRefresher
from streams.pipeline.ticker import Ticker
from streams.ports import Store
from streams.transport import WORKER_SETTINGS, Chunk, Span
from streams.worker.collector import set_aside
from streams.worker.credentials import broker_credentials
from streams.worker.high_water import HighWaters
from streams.worker.small_topics import add_small_topics
from streams.worker.status import PipelineStatus

_Body = Callable[[Any], Awaitable[None]]

#: How long a revocation or a stop waits for what is folded to be stored.
_LAST_STORE_SECONDS = 2.0
_GATE_POLL_SECONDS = 0.005
_BEAT_SECONDS = 0.25


class WorkerApp(faust.App):
    """Faust with the attributes that the chunked transport reads."""

    chunked_topics: frozenset[str] = frozenset()
    chunk_max_records = 4_000
    chunk_max_bytes = 4 << 20
    chunk_max_outstanding = 8
    #: Runs from before the consumer joins its group: joining may take as long as a dead
    #: member's session, and taking over a dead worker's partitions some seconds more.
    heart: _Body | None = None

    async def on_first_start(self) -> None:
        """Start the heart before any other part."""
        await super().on_first_start()
        if self.heart is not None:
            self.add_future(self.heart(self))


def make_app(kafka: KafkaSettings, worker: WorkerSettings, data_folder: str) -> WorkerApp:
    """Make the app; nothing is connected yet."""
    # Only the first broker carries the scheme: Faust reads the rest as more of the same.
    brokers = ";".join(f"chunked://{part.strip()}" for part in kafka.bootstrap.split(","))
    app = WorkerApp(
        kafka.group,
        broker=brokers,
        broker_credentials=broker_credentials(kafka),
        datadir=data_folder,
        stream_buffer_maxsize=worker.chunks_waiting,
        **{**WORKER_SETTINGS, "broker_session_timeout": worker.session_timeout_seconds},
    )
    # A day's alerts are few; those of one bad second are as many as its events.
    app.chunked_topics = frozenset({kafka.events_topic, kafka.alerts_topic})
    app.chunk_max_records = worker.chunk_max_records
    app.chunk_max_bytes = worker.chunk_max_bytes
    # A group that is being stored, the next one, and what waits before the agent.
    app.chunk_max_outstanding = 3 * worker.chunks_waiting
    return app


def add_agents(
    app: WorkerApp,
    kafka: KafkaSettings,
    worker: WorkerSettings,
    pipeline: Pipeline,
    store: Store,
    refresher: DayRefresher,
    beat: Callable[[], None],
    on_ready: Callable[[], None],
    check_topic: Callable[[], None],
    status: PipelineStatus,
    die: Callable[[BaseException], None],
) -> None:
    """Tie the pipeline to Faust.

    Args:
        app: of `make_app`.
        kafka: names of the topics.
        worker: how often ticks and checks run.
        pipeline: gets chunks, ticks and assignments.
        store: of the small topics' rows.
        refresher: keeps the walls' table up.
        beat: called a few times a second while the event loop is alive; may raise to end it.
        on_ready: called whenever assigned partitions are loaded.
        check_topic: blocking; raises if the events topic is not the one of this epoch any more.
        status: is told how far every partition is.
        die: ends the process at once; called with whatever no part of the worker expected.
    """
    topic_name = kafka.events_topic
    events = app.topic(topic_name, value_serializer="raw")

    vital = _vital(die)

    @app.agent(events)
    @vital
    async def fold_events(stream: Any) -> None:
        async for event in stream.noack().events():
            chunk: Chunk = event.value
            span = chunk.span
            # A chunk may come before its partition is loaded; one that was revoked never will be.
            await _gate(pipeline, span)
            if not span.dropped:
                await pipeline.process(span.partition, chunk.records, span.acknowledge)

    @app.on_partitions_revoked.connect
    async def revoke(app: Any, revoked: set[TP], **_: Any) -> None:
        await _store_last(pipeline)
        pipeline.revoke({tp.partition for tp in revoked if tp.topic == topic_name})

    @app.on_rebalance_complete.connect
    async def load(app: Any, **_: Any) -> None:
        # No chunk is handed out before this returns; the gate in the agent is for the rebalance
        # that begins while a slow load is still under way.
        try:
            assigned = _assigned(app, topic_name)
            await pipeline.assign(assigned)
            set_aside()
            status.forget_all_but(assigned)
            refresher.look_soon()
            on_ready()
        except Exception as error:  # noqa: BLE001 Faust would log it and go on
            die(error)

    @app.task
    @vital
    async def write_groups(app: Any) -> None:
        await pipeline.writer.run()

    @vital
    async def keep_beating(app: Any) -> None:
        while not app.should_stop:
            beat()
            await asyncio.sleep(_BEAT_SECONDS)

    app.heart = keep_beating

    @app.task
    @vital
    async def refresh_walls(app: Any) -> None:
        await refresher.run()

    @app.task
    @vital
    async def watch_deadlines(app: Any) -> None:
        async def tick(partition: int) -> int:
            state = pipeline.states.get(partition)
            if state is None:
                return 0
            place = TP(topic_name, partition)
            highwater = app.consumer.highwater(place)
            done = max(state.read_offset + 1, app.consumer.committed(place) or 0)
            return await pipeline.tick(partition, 1 if highwater is None else highwater - done)

        ticker = Ticker(tick)
        while not app.should_stop:
            ticker.check()
            for partition in list(pipeline.states):
                ticker.begin(partition)
            await asyncio.sleep(ticker.rest_seconds(worker.tick_seconds))

    high_waters = HighWaters(app, topic_name)

    @app.task
    @vital
    async def ask_high_waters(app: Any) -> None:
        await high_waters.keep_asking(pipeline.states)

    @app.task
    @vital
    async def watch_partitions(app: Any) -> None:
        # Waits for nothing that a partition may wait for: it is what tells of those waits.
        while not app.should_stop:
            for partition, state in list(pipeline.states.items()):
                high_water = high_waters.of(partition)
                status.see(partition, state, high_water, worker.stall_after_seconds)
            await asyncio.sleep(worker.tick_seconds)

    @app.task
    @vital
    async def tell_status(app: Any) -> None:
        while not app.should_stop:
            await asyncio.sleep(1.0)
            columns = status.columns()
            if columns:
                with suppress(RetryError):  # the next row says it anew
                    await store.insert("pipeline", columns)

    @app.task
    @vital
    async def watch_topic(app: Any) -> None:
        while not app.should_stop:
            await asyncio.sleep(worker.topic_check_seconds)
            await asyncio.to_thread(check_topic)
            # Where few events come, nothing else would tell that other rules are in force.
            await pipeline.writer.check_epoch()

    @app.on_before_shutdown.connect
    async def store_last(app: Any, **_: Any) -> None:
        await _store_last(pipeline)
        with suppress(TimeoutError, RetryError):
            async with asyncio.timeout(_LAST_STORE_SECONDS):
                await refresher.finish()

    add_small_topics(app, kafka, store, pipeline.policy, vital)


def _vital(die: Callable[[BaseException], None]) -> Callable[[_Body], _Body]:
    """Wrap the body of a task or agent: an error that leaves it ends the process.

    Faust would stop its services one by one first, which may hang; what is not committed by
    then is read again anyway.
    """

    def wrap(body: _Body) -> _Body:
        @wraps(body)
        async def guarded(argument: Any) -> None:
            try:
                await body(argument)
            except Exception as error:  # noqa: BLE001 nothing may go on after an unknown error
                die(error)

        return guarded

    return wrap


async def _gate(pipeline: Pipeline, span: Span) -> None:
    while span.partition not in pipeline.states:
        if span.dropped:
            return
        await asyncio.sleep(_GATE_POLL_SECONDS)


def _assigned(app: Any, topic: str) -> set[int]:
    return {tp.partition for tp in app.consumer.assignment() if tp.topic == topic}


async def _store_last(pipeline: Pipeline) -> None:
    try:
        async with asyncio.timeout(_LAST_STORE_SECONDS):
            await pipeline.writer.idle()
    except TimeoutError:
        return  # what is not stored is not acknowledged: the next owner reads it again
