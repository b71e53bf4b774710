"""Planted bugs: a simulation that does not see them would not see ours either."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sim_mutants import MUTANTS
from sim_schedule import run_seed

_MOST_SEEDS = 500


@pytest.mark.parametrize(("plant", "focus"), MUTANTS, ids=[plant.__name__ for plant, _ in MUTANTS])
def test_the_simulation_sees(
    plant: Callable[[pytest.MonkeyPatch], None], focus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert any(run_seed(seed, focus=focus).wrong for seed in range(_MOST_SEEDS))
