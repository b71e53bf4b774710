"""The same pipeline behind a stock Faust agent: one message at a time, through `kafka://`.

Each event goes through the very functions that a chunk goes through, in a list of its own; rows
are stored in the same groups, and an event is acknowledged once its rows are stored.
"""

from __future__ import annotations

import logging
import os
from typing import Any, NamedTuple

import faust
from faust.types import TP
from faust.worker import Worker

from benchmarks.loops.job import background, connect_job, say
from streams.transport import WORKER_SETTINGS
from streams.worker.collector import calm_collector


class OneRecord(NamedTuple):
    """A message of Faust's as the pipeline reads records."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


def build() -> Any:
    """Make the app, its agent and what runs beside it."""
    job = connect_job()
    pipeline, topic_name = job.pipeline, job.kafka.events_topic
    app = faust.App(
        job.kafka.group,
        broker=f"kafka://{job.kafka.bootstrap}",
        datadir=os.environ["IOC_WORKER_DATA"],
        **WORKER_SETTINGS,
    )
    events = app.topic(topic_name, value_serializer="raw", key_serializer="raw")

    @app.agent(events)  # type: ignore[untyped-decorator]
    async def fold_events(stream: Any) -> None:
        async for event in stream.noack().events():
            message = event.message
            record = OneRecord(
                message.offset, round(message.timestamp * 1000), message.key, message.value
            )
            await pipeline.process(message.partition, [record], event.ack)

    @app.on_rebalance_complete.connect  # type: ignore[untyped-decorator]
    async def load(app: Any, **_: Any) -> None:
        assigned = {tp.partition for tp in app.consumer.assignment() if tp.topic == topic_name}
        await pipeline.assign(assigned)
        if assigned:
            say("READY")

    def lag(partition: int) -> int:
        highwater = app.consumer.highwater(TP(topic_name, partition))
        state = pipeline.states[partition]
        return 1 if highwater is None else int(highwater) - state.read_offset - 1

    for body in background(job, lag):

        @app.task  # type: ignore[untyped-decorator]
        async def beside(app: Any, body: Any = body) -> None:
            await body

    return app


if __name__ == "__main__":
    worker = Worker(build(), loglevel="WARNING", redirect_stdouts=False, quiet=True)
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    calm_collector()
    worker.execute_from_commandline()
