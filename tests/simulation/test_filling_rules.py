"""A partition is filled in many turns of the loop: what may have changed when it is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from test_handover_rules import DOSSIER, Script

from schemas.errors import ZombieError
from streams.pipeline import loading
from streams.state.partition import PartitionState


@pytest.fixture
def script() -> Script:
    return Script()


class Filling:
    """Makes parts of one dossier, and calls something once the first part is in."""

    def __init__(self, patch: pytest.MonkeyPatch, during: Callable[[], object]) -> None:
        self.seen = 0
        restore = PartitionState.restore
        patch.setattr(loading, "DOSSIERS_A_TURN", 1)

        def restore_and_tell(state: PartitionState, *arguments: Any) -> None:
            restore(state, *arguments)
            self.seen += 1
            if self.seen == 1:
                # In a turn of its own, as a rebalance would come.
                asyncio.get_running_loop().call_soon(during)

        patch.setattr(PartitionState, "restore", restore_and_tell)


MANY = [f"{DOSSIER[:-4]}{number:04d}" for number in range(9)]


@pytest.mark.parametrize("comes_back", [False, True])
def test_a_partition_that_goes_while_it_is_filled_is_left_out(
    script: Script, monkeypatch: pytest.MonkeyPatch, comes_back: bool
) -> None:
    """What was read of it is old by the time it comes back."""
    records = [script.record(n, 2, dossier_id=one) for n, one in enumerate(MANY)]

    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, records)
        worker = script.worker()
        again: list[asyncio.Task[None]] = []

        def go() -> None:
            assert worker.states == {}, "a half filled partition was shown"
            worker.revoke([0])
            if comes_back:
                again.append(script.loop.spawn(None, worker.assign([0])))

        filling = Filling(monkeypatch, go)
        await worker.assign([0])
        assert filling.seen < len(MANY), "the rest was filled for nobody"
        assert worker.states == {}
        for one in again:
            await one
            assert set(worker.states[0].dossiers) == set(MANY)

    script.run(history)


def test_a_worker_that_slept_while_it_filled_shows_nothing(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its partition may be with somebody else by then."""
    records = [script.record(n, 2, dossier_id=one) for n, one in enumerate(MANY)]

    async def history() -> None:
        before = script.worker()
        await before.assign([0])
        await script.store(before, records)
        worker = script.worker()

        def sleep() -> None:
            script.loop._now += 60.0

        Filling(monkeypatch, sleep)
        with pytest.raises(ZombieError, match="stood still"):
            await worker.assign([0])
        assert worker.states == {}

    script.run(history)
