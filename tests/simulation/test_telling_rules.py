"""Alerts that Kafka does not take: nobody waits for them, none is lost, none is told in vain."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from sim_histories import START
from sim_kafka import SimRecord
from test_handover_rules import Script

from schemas.errors import RetryError, ZombieError
from streams.pipeline import Pipeline
from streams.pipeline.ticker import Ticker

PASSED = dt.datetime.fromtimestamp(START - 600, dt.UTC).isoformat()


class Topic:
    """The alerts topic: takes, refuses, or does not answer."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.attempts = 0
        self.refuses = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        self.attempts += 1
        await self.answers.wait()
        if self.refuses:
            raise RetryError("not enough replicas")
        self.taken += [json.loads(value)["alert_id"] for _, value in records]


@pytest.fixture
def script() -> Script:
    return Script()


def accepted(script: Script) -> SimRecord:
    return script.record(0, 2, due_at=PASSED, limit_unit="working_hours")


async def begun(script: Script, topic: Topic, **more: Any) -> Pipeline:
    worker = script.worker(outbox=topic, **more)
    await worker.assign([0])
    await script.store(worker, [accepted(script)])
    return worker


async def tick_on(worker: Pipeline, times: int) -> None:
    for _ in range(times):
        worker._guard.beat()
        await asyncio.sleep(0.25)
        await worker.tick(0, 0)


def test_what_is_refused_is_told_once_it_is_taken(script: Script) -> None:
    topic = Topic()
    topic.refuses = True

    async def history() -> None:
        worker = await begun(script, topic)
        assert await worker.tick(0, 0) == 0
        state = worker.states[0]
        owed_since = state.alerts_owed_since
        assert owed_since is not None
        await tick_on(worker, 200)
        assert state.alerts_owed_since == owed_since, "for as long as it lasts"
        assert topic.attempts < 20, "the pauses grow"
        topic.refuses = False
        await tick_on(worker, 80)
        assert state.alerts_owed_since is None

    script.run(history)
    assert len(topic.taken) == len(set(topic.taken)) == 1


def test_events_are_taken_up_while_alerts_are_on_their_way(script: Script) -> None:
    topic = Topic()
    topic.answers.clear()

    async def history() -> None:
        worker = await begun(script, topic)
        tick = asyncio.create_task(worker.tick(0, 0))
        await asyncio.sleep(0.1)
        assert topic.attempts == 1
        async with asyncio.timeout(1):
            await script.store(worker, [script.record(1, 4)])
        assert worker.states[0].read_offset == 1
        assert await worker.tick(0, 0) == 0, "not a second time beside the first"
        topic.answers.set()
        assert await tick == 1

    script.run(history)
    assert (topic.attempts, len(topic.taken)) == (1, 1)


def test_a_file_that_is_finished_meanwhile_is_not_told(script: Script) -> None:
    """In time, as it turns out: the event that says so came while Kafka refused the alert."""
    topic = Topic()
    topic.refuses = True

    async def history() -> None:
        worker = await begun(script, topic)
        await worker.tick(0, 0)
        await script.store(worker, [script.record(1, 9)])
        topic.refuses = False
        await asyncio.sleep(30)
        assert await worker.tick(0, 0) == 0
        assert worker.states[0].alerts_owed_since is None, "nothing is owed any more"

    script.run(history)
    assert topic.taken == []


def test_a_partition_that_went_is_not_told_of(script: Script) -> None:
    topic = Topic()
    topic.refuses = True

    async def history() -> None:
        worker = await begun(script, topic)
        await worker.tick(0, 0)
        topic.refuses = False
        worker.revoke([0])
        await asyncio.sleep(30)
        assert await worker.tick(0, 0) == 0

    script.run(history)
    assert topic.attempts == 1


def test_a_sleeper_sends_nothing_when_it_tries_again(script: Script) -> None:
    topic = Topic()
    topic.refuses = True

    async def history() -> None:
        worker = await begun(script, topic)
        worker._guard.beat()
        await worker.tick(0, 0)
        topic.refuses = False
        await asyncio.sleep(30)  # without a beat
        with pytest.raises(ZombieError):
            await worker.tick(0, 0)

    script.run(history)
    assert topic.taken == []


def test_a_partition_that_waits_holds_up_no_other(script: Script) -> None:
    told: list[int] = []
    gate = asyncio.Event()

    async def tick(partition: int) -> int:
        if partition == 0:
            await gate.wait()
        told.append(partition)
        return 0

    async def history() -> None:
        ticker = Ticker(tick)
        for _ in range(3):
            ticker.check()
            for partition in (0, 1):
                ticker.begin(partition)
            await asyncio.sleep(0.1)
        assert told == [1, 1, 1]
        gate.set()
        await asyncio.sleep(0.1)
        assert told == [1, 1, 1, 0], "never two of one partition"

    script.run(history)


def test_while_crossings_are_raised_the_next_look_comes_soon(script: Script) -> None:
    """A tick takes a part of a flood: a flood of 50,000 files waited most of its time."""
    left = {0: [200, 200, 0], 1: [0, 0, 0]}

    async def tick(partition: int) -> int:
        await asyncio.sleep(0.01)
        return left[partition].pop(0)

    async def history() -> None:
        ticker, rests = Ticker(tick), []
        for _ in range(3):
            for partition in (0, 1):
                ticker.begin(partition)
            await asyncio.sleep(0.02)
            ticker.check()
            rests.append(ticker.rest_seconds(0.25))
        assert rests == [0.05, 0.05, 0.25]
        assert ticker.rest_seconds(0.01) == 0.01

    script.run(history)


def test_an_error_of_a_tick_is_raised_to_whoever_lets_it_tick(script: Script) -> None:
    async def tick(partition: int) -> int:
        raise ZombieError("asleep")

    async def history() -> None:
        ticker = Ticker(tick)
        ticker.begin(0)
        await asyncio.sleep(0.1)
        with pytest.raises(ZombieError):
            ticker.check()

    script.run(history)
