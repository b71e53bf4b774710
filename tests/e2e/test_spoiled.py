"""However a stream is spoiled, the state is that of the clean stream."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from input_recount import InputRecount
from pipeline_kit import Beside, State, check_same, check_verified, own_rig, state_of, wait_walls
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.spoil import SpoilTally
from ioc.scenarios.spoiling import WAYS, spoiling

PARTITIONS = 4
CLEAN = "clean"
#: What a way must have done at least, so that a test without it cannot pass.
TRACES = {
    "duplicates": "duplicates",
    "conflict": "conflicts",
    "delay": "delayed",
    "wrong-partitions": "misplaced",
    "future": "futures",
    "garbage": "garbage",
}


def run(
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
    with own_rig(kafka, clickhouse, folder, partitions=PARTITIONS) as rig:
        worker = rig.start_worker()
        rig.replay(recount.watch(records))
        rig.settle()
        check_letters(rig, spoiled.tally, recount)
        recount.check(rig)
        if len(ways) != 1:
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


@pytest.fixture(scope="module")
def runs(
    kafka: EmbeddedKafka,
    clickhouse: EmbeddedClickHouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("spoiled")
    chosen = [(CLEAN, ()), *((way, (way,)) for way in WAYS)]
    beside = Beside(
        [
            (name, lambda ways=ways: run(kafka, clickhouse, folder, "small", *ways))
            for name, ways in chosen
        ],
        at_once=2,
    )
    yield beside
    beside.close()


@pytest.mark.parametrize("way", WAYS)
def test_one_way_of_spoiling_changes_nothing(runs: Beside, way: str) -> None:
    clean = runs.result(CLEAN)
    assert len(clean["dossiers"]) == 304
    check_same(runs.result(way), clean)


def test_all_ways_at_once_change_nothing(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    clean = run(kafka, clickhouse, tmp_path, "tan-lac-2020")
    assert len(clean["dossiers"]) == 10_626
    check_same(run(kafka, clickhouse, tmp_path, "tan-lac-2020", *WAYS), clean)


def test_the_comparison_sees_one_wrong_cell(runs: Beside) -> None:
    """A comparison that finds nothing must be able to find something."""
    clean = runs.result(CLEAN)
    first, *others = clean["open_dossiers"]
    wrong = {**clean, "open_dossiers": [(*first[:-1], first[-1] + 1), *others]}
    with pytest.raises(AssertionError, match="open_dossiers: 1 rows differ"):
        check_same(wrong, clean)
