"""Workers as processes: crash, graceful stop, kill, and a rebalance under load."""

from __future__ import annotations

import asyncio
import signal
import uuid
from itertools import pairwise
from pathlib import Path
from typing import Any

from transport_kit import (
    Store,
    add_partitions,
    committed_offsets,
    ended,
    new_topic,
    produce,
    producer,
    terminate,
    until,
    until_committed,
    worker,
)


def new_group() -> str:
    return f"group-{uuid.uuid4().hex[:12]}"


async def test_a_crashed_agent_ends_the_process_and_nothing_is_lost(
    kafka: Any, tmp_path: Path
) -> None:
    """With Faust's own supervisor the chunk was skipped and the process lived on."""
    topic, group, store = await new_topic(kafka.bootstrap, 2), new_group(), Store(tmp_path)
    await produce(kafka.bootstrap, topic, range(10_000), 2)
    common = {"bootstrap": kafka.bootstrap, "topic": topic, "group": group, "max_records": 500}
    with worker(store, "first", **common, crash_at_value=7777) as process:
        await until(lambda: "told to crash" in (tmp_path / "first.log").read_text())
        assert await ended(process, 5) not in (0, None)
    assert 7777 not in store.values()
    committed = await committed_offsets(kafka.bootstrap, group)
    assert committed[7777 % 2] <= 7777 // 2
    for partition, offset in committed.items():
        assert offset <= store.stored_up_to()[partition]
    with worker(store, "second", **common) as process:
        await until(lambda: len(store.values()) == 10_000)
        assert await terminate(process, 5) == 0
    assert store.values() == set(range(10_000))
    assert await committed_offsets(kafka.bootstrap, group) == {0: 5000, 1: 5000}


async def test_sigterm_finishes_the_chunk_commits_it_and_ends_cleanly(
    kafka: Any, tmp_path: Path
) -> None:
    topic, group, store = await new_topic(kafka.bootstrap, 1), new_group(), Store(tmp_path)
    await produce(kafka.bootstrap, topic, range(10_000), 1)
    with worker(
        store,
        "only",
        bootstrap=kafka.bootstrap,
        topic=topic,
        group=group,
        max_records=100,
        delay_seconds=0.3,
        # No commit happens by itself in this test: what is committed, the stop committed.
        settings={"broker_commit_interval": 600.0},
    ) as process:
        await until(lambda: len(store.lines()) >= 3)
        assert await terminate(process, 5) == 0
    stored = store.stored_up_to()[0]
    assert 300 <= stored < 10_000
    assert await committed_offsets(kafka.bootstrap, group) == {0: stored}


async def test_a_killed_worker_loses_nothing(kafka: Any, tmp_path: Path) -> None:
    topic, group, store = await new_topic(kafka.bootstrap, 3), new_group(), Store(tmp_path)
    await produce(kafka.bootstrap, topic, range(9_000), 3)
    common = {"bootstrap": kafka.bootstrap, "topic": topic, "group": group, "max_records": 200}
    with worker(store, "first", **common, delay_seconds=0.05) as process:
        await until(lambda: len(store.lines()) >= 15)
        process.kill()
    assert len(store.values()) < 9_000
    with worker(store, "second", **common) as process:
        await until(lambda: len(store.values()) == 9_000)
        assert await terminate(process, 5) == 0
    assert await committed_offsets(kafka.bootstrap, group) == dict.fromkeys(range(3), 3000)


async def test_a_rebalance_under_load_loses_nothing_and_commits_nothing_early(
    kafka: Any, tmp_path: Path
) -> None:
    partitions = 6
    topic = await new_topic(kafka.bootstrap, partitions)
    group, store = new_group(), Store(tmp_path)
    common = {
        "bootstrap": kafka.bootstrap,
        "topic": topic,
        "group": group,
        "max_records": 50,
        "delay_seconds": 0.01,
        "settings": {"broker_commit_interval": 0.1},
    }
    sent = 12_000
    await produce(kafka.bootstrap, topic, range(sent), partitions)
    loaded = asyncio.Event()

    async def load() -> None:
        nonlocal sent
        async with producer(kafka.bootstrap) as client:
            while not loaded.is_set():
                for _ in range(100):
                    await client.send(topic, str(sent).encode(), partition=sent % partitions)
                    sent += 1
                await asyncio.sleep(0.05)

    async def check_commits() -> int:
        checks = 0
        while not loaded.is_set():
            # In this order: what is committed now must be stored by now.
            committed = await committed_offsets(kafka.bootstrap, group)
            stored = store.stored_up_to()
            for partition, offset in committed.items():
                assert offset <= stored.get(partition, 0)
            checks += bool(committed)
        return checks

    loading, checking = asyncio.create_task(load()), asyncio.create_task(check_commits())
    try:
        with worker(store, "first", **common) as first:
            await until(lambda: len(store.lines("first")) > 20)
            with worker(store, "second", **common) as second:
                await until(lambda: len(store.lines("second")) > 20)
                shared = {line["partition"] for line in store.lines("second")}
                assert 0 < len(shared) < partitions
                assert len(store.values()) < sent  # there was a backlog to be handed over
                assert await terminate(first, 5) == 0
                await until(
                    lambda: (
                        {line["partition"] for line in store.lines("second")}
                        == set(range(partitions))
                    )
                )
                loaded.set()
                await loading
                assert await checking > 5
                await until(lambda: len(store.values()) == sent)
                assert await terminate(second, 5) == 0
    finally:
        loaded.set()
        loading.cancel()
        checking.cancel()
    assert store.values() == set(range(sent))
    assert await committed_offsets(kafka.bootstrap, group) == store.stored_up_to()
    # Both partings were orderly, so nothing was even repeated; unless the broker of a busy machine
    # was too slow for the last commit, which the worker says then.
    if not any("did not confirm the last commit" in said for said in store.logs()):
        assert _stored_twice(store) == [], "\n".join(said[-4000:] for said in store.logs())


def _stored_twice(store: Store) -> list[str]:
    """Say which chunks overlap with another."""
    lines = sorted(store.lines(), key=lambda line: (line["partition"], line["first"]))
    return [
        f"partition {one['partition']}: {one['first']}..{one['last']} of generation"
        f" {one['generation']}, {two['first']}..{two['last']} of {two['generation']}"
        for one, two in pairwise(lines)
        if one["partition"] == two["partition"] and two["first"] <= one["last"]
    ]


async def test_partitions_that_are_added_are_read_soon(kafka: Any, tmp_path: Path) -> None:
    topic, group, store = await new_topic(kafka.bootstrap, 2), new_group(), Store(tmp_path)
    await produce(kafka.bootstrap, topic, range(1000), 2)
    with worker(store, "only", bootstrap=kafka.bootstrap, topic=topic, group=group) as process:
        await until(lambda: len(store.values()) == 1000)
        await add_partitions(kafka.bootstrap, topic, 4)
        await produce(kafka.bootstrap, topic, range(1000, 2000), 4)
        await until(lambda: len(store.values()) == 2000, 15)
        assert await terminate(process, 5) == 0
    assert await committed_offsets(kafka.bootstrap, group) == {0: 750, 1: 750, 2: 250, 3: 250}


async def test_a_zombie_that_wakes_up_moves_no_offset(kafka: Any, tmp_path: Path) -> None:
    topic, group, store = await new_topic(kafka.bootstrap, 1), new_group(), Store(tmp_path)
    await produce(kafka.bootstrap, topic, range(2_000), 1)
    common = {"bootstrap": kafka.bootstrap, "topic": topic, "group": group, "max_records": 100}
    # The first one's commits come so rarely that it wakes up with many acknowledged chunks.
    settings = {"broker_commit_interval": 1.0}
    with worker(store, "first", **common, delay_seconds=0.1, settings=settings) as first:
        await until(lambda: len(store.lines("first")) >= 3)
        first.send_signal(signal.SIGSTOP)
        with worker(store, "second", **common) as second:
            await until(lambda: len(store.values()) == 2_000)
            await until_committed(kafka.bootstrap, group, {0: 2_000})
            before = len(store.lines("first"))
            first.send_signal(signal.SIGCONT)
            await until(lambda: len(store.lines("first")) > before)
            log = tmp_path / "first.log"
            await until(lambda: log.read_text().count("Joined group") == 2)
            assert await committed_offsets(kafka.bootstrap, group) == {0: 2_000}
            assert await terminate(first, 5) == 0
            assert await terminate(second, 5) == 0
    assert await committed_offsets(kafka.bootstrap, group) == {0: 2_000}
