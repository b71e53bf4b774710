"""Chunked delivery inside one running Faust app, against a real broker."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import faust
from faust.types import TP
from transport_kit import (
    committed_offsets,
    new_topic,
    produce,
    producer,
    running_app,
    until,
    until_committed,
)

from streams.transport import Chunk


def values(chunks: list[Chunk]) -> list[int]:
    return [int(record.value or b"") for chunk in chunks for record in chunk.records]


async def test_delivers_whole_record_lists_in_order(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 2)
    await produce(kafka.bootstrap, topic, range(5000), 2)
    chunks: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)
        assert chunk.span.acknowledge()

    async with running_app(kafka.bootstrap, topic, tmp_path, handle, chunk_max_records=700) as app:
        await until(lambda: len(values(chunks)) == 5000)
        for partition in (0, 1):
            mine = [chunk for chunk in chunks if chunk.partition == partition]
            assert values(mine) == list(range(partition, 5000, 2))
            for before, after in itertools.pairwise(mine):
                assert after.first_offset == before.last_offset + 1
            assert mine[-1].high_water == 2500
            assert app.consumer.highwater(TP(topic, partition)) == 2500
        assert max(map(len, chunks)) <= 700
        assert len(chunks) < 30
        await app.consumer.commit_now()
        assert await committed_offsets(kafka.bootstrap, app.conf.id) == {0: 2500, 1: 2500}


async def test_a_chunk_is_bounded_in_bytes(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 1)
    async with producer(kafka.bootstrap) as client:
        for _ in range(50):
            await client.send(topic, b"x" * 1000)
    chunks: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)
        chunk.span.acknowledge()

    async with running_app(kafka.bootstrap, topic, tmp_path, handle, chunk_max_bytes=10_000):
        await until(lambda: sum(map(len, chunks)) == 50)
    assert max(map(len, chunks)) == 10


async def test_an_acknowledgement_by_a_span_fetched_again_moves_nothing(
    kafka: Any, tmp_path: Path
) -> None:
    """Records were lost when the same first offset came back in a longer span.

    A slow worker held records 0–9; after a rebalance they were fetched again together with
    10–19; the late acknowledgement of offset 0 then finished all twenty.
    """
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(10), 1)
    chunks: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)

    async with running_app(kafka.bootstrap, topic, tmp_path, handle) as app:
        await until(lambda: sum(map(len, chunks)) == 10)
        early = list(chunks)
        await produce(kafka.bootstrap, topic, range(10, 20), 1)
        await until(lambda: sum(map(len, chunks)) == 20)
        chunks.clear()
        await app.consumer.perform_seek()
        assert not early[-1].span.acknowledge()
        await until(lambda: sum(map(len, chunks)) == 20)
        assert chunks[0].first_offset == early[0].first_offset
        assert chunks[0].last_offset > early[-1].last_offset

        assert [chunk.span.acknowledge() for chunk in early] == [False] * len(early)
        assert not await app.consumer.commit_now()
        assert await committed_offsets(kafka.bootstrap, app.conf.id) == {}

        assert all(chunk.span.acknowledge() for chunk in chunks)
        assert await app.consumer.commit_now()
        assert await committed_offsets(kafka.bootstrap, app.conf.id) == {0: 20}


async def test_the_offset_waits_for_the_oldest_chunk(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(300), 1)
    chunks: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)

    async with running_app(kafka.bootstrap, topic, tmp_path, handle, chunk_max_records=100) as app:
        await until(lambda: len(chunks) == 3)
        assert chunks[1].span.acknowledge()
        assert chunks[2].span.acknowledge()
        assert not await app.consumer.commit_now()
        assert await committed_offsets(kafka.bootstrap, app.conf.id) == {}
        assert chunks[0].span.acknowledge()
        assert not chunks[0].span.acknowledge()
        # The committer does it by itself as well.
        await until_committed(kafka.bootstrap, app.conf.id, {0: 300})


async def test_records_thrown_away_by_a_pause_are_fetched_again(kafka: Any, tmp_path: Path) -> None:
    """Faust drops fetched records of a partition that is paused when it looks at them."""
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(1000), 1)
    chunks: list[Chunk] = []
    tp = TP(topic, 0)

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)
        chunk.span.acknowledge()

    async with running_app(kafka.bootstrap, topic, tmp_path, handle, chunk_max_records=10) as app:
        consumer = app.consumer
        inner = consumer._getmany
        pauses = 0

        async def getmany_and_pause(*arguments: Any, **options: Any) -> Any:
            nonlocal pauses
            fetched = await inner(*arguments, **options)
            if fetched and pauses < 2 and len(chunks) > 10 * pauses:
                pauses += 1
                consumer.pause_partitions({tp})
                asyncio.get_running_loop().call_later(0.1, consumer.resume_partitions, {tp})
            return fetched

        consumer._getmany = getmany_and_pause
        await until(lambda: sum(map(len, chunks)) >= 1000)
        assert pauses == 2
        assert values(chunks) == list(range(1000))


async def test_a_slow_agent_pauses_fetching(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 2)
    await produce(kafka.bootstrap, topic, range(40_000), 2)
    chunks: list[Chunk] = []
    may_go = asyncio.Event()

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)
        await may_go.wait()
        chunk.span.acknowledge()

    async with running_app(
        kafka.bootstrap,
        topic,
        tmp_path,
        handle,
        chunk_max_records=500,
        chunk_max_outstanding=4,
    ) as app:
        tps = [TP(topic, 0), TP(topic, 1)]
        outstanding = app.consumer.outstanding
        await until(lambda: [outstanding(tp) for tp in tps] == [4, 4])
        # A full second is what a fetch waits at most, so fetches came and went meanwhile.
        polled = time.monotonic() + 1.5
        await until(lambda: time.monotonic() > polled or max(map(outstanding, tps)) > 4)
        assert [outstanding(tp) for tp in tps] == [4, 4]
        may_go.set()
        started = time.monotonic()
        await until(lambda: sum(map(len, chunks)) == 40_000)
        # 80 chunks; a sleep of a second at each pause would show.
        assert time.monotonic() - started < 5
        assert sorted(values(chunks)) == list(range(40_000))


async def test_fetching_goes_on_as_soon_as_a_chunk_is_finished(kafka: Any, tmp_path: Path) -> None:
    """Faust slept a second whenever every partition was paused."""
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(400), 1)
    chunks: list[Chunk] = []

    async def handle(chunk: Chunk) -> None:
        # Elsewhere and later, while the fetch already waits for room.
        chunks.append(chunk)
        asyncio.get_running_loop().call_later(0.02, chunk.span.acknowledge)

    async with running_app(
        kafka.bootstrap,
        topic,
        tmp_path,
        handle,
        chunk_max_records=10,
        chunk_max_outstanding=1,
    ):
        await until(lambda: chunks)
        started = time.monotonic()
        await until(lambda: sum(map(len, chunks)) == 400)
        assert time.monotonic() - started < 5


async def test_a_full_stream_buffer_pauses_fetching(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(20_000), 1)
    chunks: list[Chunk] = []
    may_go = asyncio.Event()

    async def handle(chunk: Chunk) -> None:
        chunks.append(chunk)
        await may_go.wait()
        chunk.span.acknowledge()

    async with running_app(
        kafka.bootstrap,
        topic,
        tmp_path,
        handle,
        settings={"stream_buffer_maxsize": 4},
        chunk_max_records=500,
        chunk_max_outstanding=1000,
    ) as app:
        tp = TP(topic, 0)
        await until(lambda: app.consumer._gate._pressed)
        polled = time.monotonic() + 1.5
        await until(lambda: time.monotonic() > polled or app.consumer.outstanding(tp) > 6)
        # Four in the buffer and one with the agent.
        assert app.consumer.outstanding(tp) <= 5
        may_go.set()
        started = time.monotonic()
        await until(lambda: sum(map(len, chunks)) == 20_000)
        assert time.monotonic() - started < 5
        assert values(chunks) == list(range(20_000))


async def test_no_chunk_arrives_before_rebalance_complete_is_handled(
    kafka: Any, tmp_path: Path
) -> None:
    """State is loaded there: ``on_partitions_assigned`` holds nothing back."""
    topic = await new_topic(kafka.bootstrap, 1)
    await produce(kafka.bootstrap, topic, range(10), 1)
    happened: list[str] = []

    async def handle(chunk: Chunk) -> None:
        happened.append("chunk")
        chunk.span.acknowledge()

    def prepare(app: faust.App) -> None:
        async def assigned(app: faust.App, assigned: Any, **_: Any) -> None:
            await asyncio.sleep(1.5)
            happened.append("assigned")

        async def complete(app: faust.App, **_: Any) -> None:
            await asyncio.sleep(0.5)
            assert app.consumer.assignment() == {TP(topic, 0)}
            happened.append("complete")

        app.on_partitions_assigned.connect(assigned, weak=False)
        app.on_rebalance_complete.connect(complete, weak=False)

    async with running_app(kafka.bootstrap, topic, tmp_path, handle, prepare=prepare):
        await until(lambda: len(happened) == 3)
    assert happened == ["complete", "chunk", "assigned"]


async def test_an_event_on_an_idle_topic_arrives_at_once(kafka: Any, tmp_path: Path) -> None:
    topic = await new_topic(kafka.bootstrap, 4)
    arrivals: dict[int, float] = {}

    async def handle(chunk: Chunk) -> None:
        arrivals[int(chunk.records[0].value or b"")] = time.monotonic()
        chunk.span.acknowledge()

    async with (
        running_app(kafka.bootstrap, topic, tmp_path, handle),
        producer(kafka.bootstrap) as client,
    ):
        await client.send_and_wait(topic, b"-1", partition=0)
        await until(lambda: -1 in arrivals)
        delays = []
        for number in range(40):
            await asyncio.sleep(0.025 * (number % 7))  # anywhere in the wait of a fetch
            sent = time.monotonic()
            await client.send_and_wait(topic, str(number).encode(), partition=number % 4)
            await until(lambda number=number: number in arrivals)
            delays.append(arrivals[number] - sent)
    delays.sort()
    print(f"idle delivery: p50 {delays[20] * 1e3:.1f} ms, max {delays[-1] * 1e3:.1f} ms")
    # A fetch that gathers waits 500 ms; one that polls, a quarter of a second.
    assert delays[20] < 0.100
    assert delays[-3] < 0.250
