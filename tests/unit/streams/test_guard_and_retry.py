"""The guard against zombies, and patience with what is away."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from schemas.errors import FatalError, RetryError, ZombieError
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def now_ms(self) -> int:
        return int(self.now * 1000)

    def monotonic(self) -> float:
        return self.now


def test_a_beating_worker_may_write() -> None:
    clock = Clock()
    guard = ZombieGuard(clock, 6.0)
    for _ in range(10):
        guard.beat()
        clock.now += 6.0
        guard.check()


@pytest.mark.parametrize("gap_seconds", [6.001, 3600.0])
def test_a_sleeper_may_neither_write_nor_beat(gap_seconds: float) -> None:
    """A beat must not wipe the gap away before anybody looked at it."""
    clock = Clock()
    guard = ZombieGuard(clock, 6.0)
    guard.beat()
    clock.now += gap_seconds
    with pytest.raises(ZombieError, match="stood still"):
        guard.beat()
    with pytest.raises(ZombieError, match="stood still"):
        guard.check()


def test_what_came_before_the_first_beat_does_not_count() -> None:
    clock = Clock()
    guard = ZombieGuard(clock, 6.0)
    clock.now += 60.0
    guard.beat()
    guard.check()


class Sleeps:
    """Stands in for asyncio.sleep: notes the waits and takes no time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds: list[float] = []
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> Sleeps:
    return Sleeps(monkeypatch)


class Away:
    """A call that fails some times before it answers."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.left, self.error, self.calls = failures, error, 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "answer"


POLICY = PipelinePolicy(retry_min_seconds=0.1, retry_max_seconds=1.0)


async def test_waits_double_up_to_a_limit_and_jitter_down(sleeps: Sleeps) -> None:
    call = Away(7, RetryError("away"))
    assert await retrying(call, POLICY, jitter=Random(1)) == "answer"
    limits = [0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]
    assert len(sleeps.seconds) == len(limits)
    for waited, limit in zip(sleeps.seconds, limits, strict=True):
        assert limit / 2 <= waited <= limit
    assert len(set(sleeps.seconds)) == len(limits)


async def test_the_other_side_may_ask_for_more_time(sleeps: Sleeps) -> None:
    told: list[tuple[str, float]] = []
    call = Away(2, RetryError("busy", retry_after_seconds=7.0))
    await retrying(call, POLICY, lambda error, seconds: told.append((str(error), seconds)))
    assert sleeps.seconds == [7.0, 7.0]
    assert told == [("busy", 7.0)] * 2


@pytest.mark.parametrize("error", [FatalError("refused"), ZombieError("asleep"), ValueError("x")])
async def test_other_errors_are_not_repeated(sleeps: Sleeps, error: Exception) -> None:
    call = Away(1, error)
    with pytest.raises(type(error)):
        await retrying(call, POLICY)
    assert call.calls == 1
    assert sleeps.seconds == []
