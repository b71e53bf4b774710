"""No due time may leave the calendar: the state would depend on the order of events."""

from __future__ import annotations

import pytest

from ioc.reference import load_reference
from schemas.errors import ConfigurationError
from schemas.settings import WorkerSettings


def test_the_calendar_as_shipped_is_long_enough() -> None:
    load_reference(WorkerSettings(_env_file=None))


@pytest.mark.parametrize(
    ("name", "year"), [("IOC_CALENDAR_FIRST_YEAR", "2010"), ("IOC_CALENDAR_LAST_YEAR", "2060")]
)
def test_a_shorter_one_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, year: str) -> None:
    monkeypatch.setenv(name, year)
    with pytest.raises(ConfigurationError, match=name):
        load_reference(WorkerSettings(_env_file=None))
