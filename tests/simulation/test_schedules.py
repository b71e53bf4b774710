"""Hundreds of schedules: whatever crashes, moves, sleeps or lands late, the state is right.

One line repeats a failure: `python tests/simulation/run.py SEED` (with a trace), or
`python -m pytest tests/simulation -k seed --seed SEED`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sim_schedule import FOCUSES, run_seed

_BATCHES = 8


@pytest.mark.parametrize("batch", range(_BATCHES))
def test_every_seed_ends_as_the_oracle(batch: int, request: pytest.FixtureRequest) -> None:
    """Dossiers, cells, audit log, offsets, dead letters and alerts equal those of the oracle."""
    only = request.config.getoption("--seed", default=None)
    count = request.config.getoption("--schedules", default=400)
    if only is not None:
        seeds = [only] if batch == 0 else []
    else:
        seeds = list(range(batch, count, _BATCHES))
    wrong = [result for seed in seeds if (result := run_seed(seed)).wrong]
    assert not wrong, "\n".join(str(result) for result in wrong[:3])


def test_an_alerts_topic_that_refuses_holds_nothing_up_and_loses_nothing() -> None:
    """Events are stored to the last one meanwhile; every crossing that still stands is told."""
    wrong = [result for seed in range(40) if (result := run_seed(seed, focus="refusal")).wrong]
    assert not wrong, "\n".join(str(result) for result in wrong[:3])


def test_rules_that_change_reach_everything() -> None:
    """Whatever dies while shards are folded anew, and if the rules change back meanwhile."""
    wrong = [result for seed in range(40) if (result := run_seed(seed, focus="news")).wrong]
    assert not wrong, "\n".join(str(result) for result in wrong[:3])


def test_seeds_do_what_they_are_for() -> None:
    """A simulation in which nothing happens proves nothing."""
    results = [run_seed(seed) for seed in range(40)]
    assert sum(result.deaths for result in results) > 60
    assert sum(result.alerts for result in results) > 60
    assert sum(result.records for result in results) > 800
    assert all(run_seed(3, focus=focus).plan for focus in FOCUSES)


def test_a_seed_is_one_schedule() -> None:
    """The same seed gives the same steps in another process, whatever its hash seed."""
    code = "from sim_schedule import run_seed; print([run_seed(s, trace=True) for s in (5, 12)])"
    outputs = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parent,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(outputs) == 1
