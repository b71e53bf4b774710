"""A small worker that stores what it reads in a file: the program under the transport's tests.

Run as ``python transport_worker.py OPTIONS_JSON``. For every chunk it appends one line of
JSON to ``store`` and acknowledges the chunk only then.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import faust
from faust.worker import Worker

from streams.transport import WORKER_SETTINGS, Chunk


def build(options: dict[str, Any]) -> faust.App:
    topic_name = options["topic"]

    class App(faust.App):
        chunked_topics = frozenset({topic_name})
        chunk_max_records = options.get("max_records", 2000)
        chunk_max_outstanding = options.get("max_outstanding", 8)

    app = App(
        options["group"],
        broker=f"chunked://{options['bootstrap']}",
        datadir=options["folder"],
        **{**WORKER_SETTINGS, **options.get("settings", {})},
    )
    topic = app.topic(topic_name, value_serializer="raw")
    store = Path(options["store"])
    crash_at = options.get("crash_at_value")
    delay_seconds = options.get("delay_seconds", 0.0)
    busy = asyncio.Lock()

    def append(chunk: Chunk) -> None:
        line = {
            "partition": chunk.partition,
            "first": chunk.first_offset,
            "last": chunk.last_offset,
            "generation": chunk.span.generation,
            "values": [int(record.value or b"") for record in chunk.records],
        }
        with store.open("a") as file:
            file.write(json.dumps(line) + "\n")

    @app.agent(topic)
    async def keep(stream: Any) -> None:
        async for event in stream.noack().events():
            async with busy:
                chunk: Chunk = event.value
                if crash_at is not None and any(
                    int(record.value or b"") == crash_at for record in chunk.records
                ):
                    raise RuntimeError("told to crash")
                await asyncio.sleep(delay_seconds)
                # One that was revoked meanwhile is delivered again, here or elsewhere.
                if not chunk.span.dropped:
                    append(chunk)
                    chunk.span.acknowledge()

    @app.on_before_shutdown.connect
    async def finish_before_shutdown(app: faust.App, **_: Any) -> None:
        """Let the chunk that is being stored be stored, so that its offset is committed.

        And no other begins: it could be stored after the last commit.
        """
        await busy.acquire()

    @app.on_partitions_revoked.connect
    async def finish_before_revocation(app: faust.App, revoked: Any, **_: Any) -> None:
        """The same, so that the next owner need not store it again."""
        async with busy:
            pass

    return app


if __name__ == "__main__":
    Worker(build(json.loads(sys.argv[1])), loglevel="INFO").execute_from_commandline()
