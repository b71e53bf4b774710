"""`--seed N` repeats one schedule; `--schedules N` runs more of them than a usual test run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=None, help="run only the schedule of this seed")
    parser.addoption("--schedules", type=int, default=400, help="number of schedules to run")
