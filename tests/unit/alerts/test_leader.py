"""Turns that begin and end as Kafka moves the partition, and anew when people change."""

from __future__ import annotations

import asyncio

from ioc.alerts.leader import Leader


class _Turn:
    """A turn that does nothing but last."""

    def __init__(self) -> None:
        self.ended = False

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def stop(self) -> None:
        await asyncio.sleep(0.01)
        self.ended = True

    def wake(self) -> None: ...


def _leader() -> tuple[Leader, list[_Turn]]:
    turns: list[_Turn] = []

    async def begin() -> _Turn:
        turns.append(_Turn())
        return turns[-1]

    def fail(error: BaseException) -> None:
        raise error

    return Leader(begin, fail), turns


async def test_a_renewed_turn_begins_when_the_one_before_has_ended() -> None:
    leader, turns = _leader()
    await leader.renew()
    assert turns == [], "whoever does not deliver begins nothing"
    leader.lead()
    await asyncio.sleep(0)
    await leader.renew()
    await asyncio.sleep(0)
    assert [turn.ended for turn in turns] == [True, False] and leader.leads
    await leader.rest()


async def test_a_turn_is_not_renewed_once_the_partition_is_gone() -> None:
    leader, turns = _leader()
    leader.lead()
    await asyncio.sleep(0)
    renewing = asyncio.create_task(leader.renew())
    await asyncio.sleep(0)
    await leader.rest()
    await renewing
    assert [turn.ended for turn in turns] == [True] and not leader.leads
