"""What the transport's tests share: topics, records, committed offsets, apps and workers."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import faust
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError

from streams.transport import WORKER_SETTINGS

WORKER = Path(__file__).with_name("transport_worker.py")


async def until(condition: Callable[[], Any], timeout_seconds: float = 30.0) -> None:
    """Poll a condition; raises TimeoutError with its source when it does not come true."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("condition did not come true in time")
        await asyncio.sleep(0.01)


async def new_topic(bootstrap: str, partitions: int) -> str:
    topic = f"transport-{uuid.uuid4().hex[:12]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1)])
    finally:
        await admin.close()
    return topic


async def add_partitions(bootstrap: str, topic: str, total: int) -> None:
    """Grow a topic and wait until the broker tells clients of every partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({topic: NewPartitions(total)})
        async with asyncio.timeout(30):
            while True:
                (found,) = await admin.describe_topics([topic])
                if len(found["partitions"]) == total:
                    return
                await asyncio.sleep(0.02)
    finally:
        await admin.close()


@asynccontextmanager
async def producer(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    client = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5)
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def produce(bootstrap: str, topic: str, values: Iterable[int], partitions: int) -> None:
    """Send each value to the partition ``value mod partitions``."""
    async with producer(bootstrap) as client:
        for value in values:
            await client.send(topic, str(value).encode(), partition=value % partitions)
        await client.flush()


async def committed_offsets(bootstrap: str, group: str) -> dict[int, int]:
    """Committed offset of each partition of the group's one topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        offsets: dict[TopicPartition, Any] | None = None
        async with asyncio.timeout(30):
            while offsets is None:
                try:
                    offsets = await admin.list_consumer_group_offsets(group)
                except GroupCoordinatorNotAvailableError:
                    # A broker's first group makes it create the topic of offsets.
                    await asyncio.sleep(0.1)
    finally:
        await admin.close()
    return {tp.partition: found.offset for tp, found in offsets.items() if found.offset >= 0}


async def until_committed(bootstrap: str, group: str, expected: dict[int, int]) -> None:
    """Poll the group's committed offsets; raises TimeoutError if they do not become these."""
    async with asyncio.timeout(30):
        while True:
            if await committed_offsets(bootstrap, group) == expected:
                return
            await asyncio.sleep(0.02)


class Store:
    """What workers wrote; each has a file of its own, ``*.jsonl`` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lines(self, name: str = "*") -> list[dict[str, Any]]:
        found = []
        for path in sorted(self.folder.glob(f"{name}.jsonl")):
            text = path.read_text()
            # The last line may be half written at this moment.
            found += [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
        return found

    def logs(self) -> list[str]:
        """What each worker said."""
        return [path.read_text() for path in sorted(self.folder.glob("*.log"))]

    def values(self, name: str = "*") -> set[int]:
        return {value for line in self.lines(name) for value in line["values"]}

    def stored_up_to(self) -> dict[int, int]:
        """For each partition, the first offset from the beginning that is not stored."""
        spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for line in self.lines():
            spans[line["partition"]].append((line["first"], line["last"]))
        reached: dict[int, int] = {}
        for partition, found in spans.items():
            offset = 0
            for first, last in sorted(found):
                if first > offset:
                    break
                offset = max(offset, last + 1)
            reached[partition] = offset
        return reached


@contextmanager
def worker(
    store: Store, name: str, *, bootstrap: str, topic: str, group: str, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``transport_worker.py``; killed at the end if it still runs."""
    store.folder.mkdir(exist_ok=True)
    arguments = {
        "bootstrap": bootstrap,
        "topic": topic,
        "group": group,
        "folder": str(store.folder / f"{name}-data"),
        "store": str(store.folder / f"{name}.jsonl"),
        **options,
    }
    with (store.folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(arguments)], stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


async def ended(process: subprocess.Popen[bytes], timeout_seconds: float) -> int:
    """Exit code of a process that ends within the time."""
    await until(lambda: process.poll() is not None, timeout_seconds)
    return int(process.returncode)


async def terminate(process: subprocess.Popen[bytes], timeout_seconds: float) -> int:
    process.send_signal(signal.SIGTERM)
    return await ended(process, timeout_seconds)


@asynccontextmanager
async def running_app(
    bootstrap: str,
    topic: str,
    folder: Path,
    handle: Callable[[Any], Any],
    *,
    settings: dict[str, Any] | None = None,
    prepare: Callable[[faust.App], None] = lambda app: None,
    **attributes: Any,
) -> AsyncIterator[faust.App]:
    """A Faust app in this very event loop whose agent calls ``await handle(chunk)``."""

    class App(faust.App):
        chunked_topics = frozenset({topic})

    for name, value in attributes.items():
        setattr(App, name, value)
    app = App(
        f"group-{uuid.uuid4().hex[:12]}",
        broker=f"chunked://{bootstrap}",
        datadir=str(folder),
        **{**WORKER_SETTINGS, **(settings or {})},
    )

    @app.agent(app.topic(topic, value_serializer="raw"))
    async def deliver(stream: Any) -> None:
        async for event in stream.noack().events():
            await handle(event.value)

    prepare(app)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
