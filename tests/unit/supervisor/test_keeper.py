"""The keeper, on real child processes that die, fall sick and refuse to start."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from ioc.embedded.ports import free_ports
from ioc.supervisor.child_part import ChildPart, describe_exit
from ioc.supervisor.keeper import Change, Keeper
from ioc.supervisor.part import State
from ioc.supervisor.restart_policy import RestartPolicy
from schemas.errors import FatalError

QUICK = RestartPolicy(first_seconds=0.05, longest_seconds=0.2, unhealthy_after_seconds=1.5)


def make_part(folder: Path, *, ready_line: str = "READY", stop_timeout_seconds: float = 5):
    port = free_ports(1)[0]
    return ChildPart(
        "tiny",
        [sys.executable, str(Path(__file__).with_name("tiny_part.py"))],
        log=folder / "tiny.log",
        environment={**os.environ, "TINY_PORT": str(port), "TINY_FOLDER": str(folder)},
        health_url=f"http://127.0.0.1:{port}/health",
        ready_line=ready_line,
        stop_timeout_seconds=stop_timeout_seconds,
    )


@asynccontextmanager
async def kept(part: ChildPart, changes: list[Change]) -> AsyncIterator[Keeper]:
    keeper = Keeper(part, QUICK, changes.append)
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await keeper.stop()


async def until(condition: Callable[[], bool], timeout_seconds: float = 20) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("ready_line", ["READY", ""])
async def test_a_killed_part_is_started_again_and_that_is_said(tmp_path, ready_line):
    changes: list[Change] = []
    part = make_part(tmp_path, ready_line=ready_line)
    async with kept(part, changes) as keeper:
        await asyncio.wait_for(keeper.ready.wait(), 20)
        first = part.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: keeper.state is State.READY and part.pid not in (None, first))
        second = part.pid
    waits = [change for change in changes if change.state is State.WAITING]
    assert [(change.reason, change.wait_seconds) for change in waits] == [("SIGKILL", 0.05)]
    assert not psutil.pid_exists(second)
    assert changes[-1].state is State.STOPPED


async def test_a_part_that_stays_sick_is_started_again(tmp_path):
    changes: list[Change] = []
    part = make_part(tmp_path)
    async with kept(part, changes) as keeper:
        await asyncio.wait_for(keeper.ready.wait(), 20)
        first = part.pid
        (tmp_path / "sick").touch()
        await until(lambda: State.UNHEALTHY in [change.state for change in changes])
        assert part.pid == first, "one bad answer is no reason to restart"
        await until(lambda: part.pid not in (None, first))
        (tmp_path / "sick").unlink()
        await until(lambda: keeper.state is State.READY)
    assert "unhealthy for 1.5 s" in [change.reason for change in changes]


async def test_a_part_that_gets_well_is_left_alone(tmp_path):
    changes: list[Change] = []
    part = make_part(tmp_path)
    async with kept(part, changes) as keeper:
        await asyncio.wait_for(keeper.ready.wait(), 20)
        first = part.pid
        (tmp_path / "sick").touch()
        await until(lambda: keeper.state is State.UNHEALTHY)
        (tmp_path / "sick").unlink()
        await until(lambda: keeper.state is State.READY)
        assert part.pid == first
    assert State.WAITING not in [change.state for change in changes]


async def test_a_part_that_never_starts_is_given_up_with_its_log(tmp_path):
    """A wrong setting fails at every start; restarting for ever would hide it."""
    (tmp_path / "broken").touch()
    changes: list[Change] = []
    keeper = Keeper(make_part(tmp_path), QUICK, changes.append)
    with pytest.raises(FatalError, match=r"(?s)exit code 3.*tiny part is broken"):
        await asyncio.wait_for(keeper.run(), 20)
    states = [change.state for change in changes]
    assert states.count(State.STARTING) == QUICK.first_attempts
    assert states[-1] is State.STOPPED


async def test_a_part_that_was_ready_once_is_never_given_up(tmp_path):
    changes: list[Change] = []
    part = make_part(tmp_path)
    async with kept(part, changes) as keeper:
        await asyncio.wait_for(keeper.ready.wait(), 20)
        (tmp_path / "broken").touch()
        os.kill(part.pid, signal.SIGKILL)
        await until(lambda: len([c for c in changes if c.state is State.WAITING]) > 4)
        (tmp_path / "broken").unlink()
        await until(lambda: keeper.state is State.READY)


async def test_a_part_that_ignores_sigterm_is_killed(tmp_path):
    (tmp_path / "deaf").touch()
    part = make_part(tmp_path, stop_timeout_seconds=0.3)
    await part.start()
    pid = part.pid
    await part.stop()
    assert not psutil.pid_exists(pid)
    assert part.ending == "SIGKILL"


async def test_an_old_ready_line_does_not_count(tmp_path):
    """The log is appended to: the line of the last run must not make the next one ready."""
    (tmp_path / "tiny.log").write_text("READY\n")
    (tmp_path / "broken").touch()
    with pytest.raises(FatalError, match="exit code 3"):
        await make_part(tmp_path).start()


def test_exit_codes_are_named():
    assert describe_exit(-9) == "SIGKILL"
    assert describe_exit(3) == "exit code 3"
