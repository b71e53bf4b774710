"""Replays of scenarios that were spoiled on purpose, each through a pipeline of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from input_recount import InputRecount
from pipeline_kit import BUSY, State, check_verified, own_rig, state_of, wait_walls
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.spoil import SpoilTally
from ioc.scenarios.spoiling import spoiling

PARTITIONS = 4
#: What a way must have done at least, so that a test without it cannot pass.
TRACES = {
    "duplicates": "duplicates",
    "conflict": "conflicts",
    "delay": "delayed",
    "wrong-partitions": "misplaced",
    "future": "futures",
    "garbage": "garbage",
}


def spoiled_state(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, folder: Path, name: str, *ways: str
) -> State:
    """Replay a scenario, spoiled, through a pipeline of its own; returns its state."""
    recount = InputRecount()
    spoiled = spoiling(ways, seed=11, partitions=PARTITIONS, now=dt.datetime.now(dt.UTC))
    clean = list(outgoing(scenario(name).events()))
    records = list(spoiled.apply(clean))
    for way in ways:
        if way in TRACES:
            assert getattr(spoiled.tally, TRACES[way]) > 0, f"{way} spoiled nothing"
        else:
            assert [r.value for r in records] != [r.value for r in clean]
    with own_rig(kafka, clickhouse, folder, partitions=PARTITIONS, env=BUSY) as rig:
        worker = rig.start_worker()
        rig.replay(recount.watch(records))
        rig.settle(timeout_seconds=600)
        check_letters(rig, spoiled.tally, recount)
        recount.check(rig)
        if not ways:  # the others are compared with it
            check_verified(rig)
        wait_walls(rig)
        state = state_of(rig)
        assert worker.stop() == 0
        return state


def check_letters(rig: Rig, tally: SpoilTally, recount: InputRecount) -> None:
    """Exactly garbage and future clocks are dead letters, each once."""
    expected = tally.garbage + tally.futures
    assert recount.refused == expected
    eventually(
        lambda: rig.rows("SELECT count() FROM dead_letters FINAL")[0][0] >= expected,
        "all dead letters stored",
    )
    codes = dict(rig.rows("SELECT code, count() FROM dead_letters FINAL GROUP BY code"))
    assert sum(codes.values()) == expected
    assert codes.get("future_time", 0) == tally.futures
