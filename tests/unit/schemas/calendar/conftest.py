import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    """The shipped calendar, whatever the environment of the test run says."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CalendarSettings.model_fields:
            patch.delenv(f"IOC_CALENDAR_{name.upper()}", raising=False)
        return WorkingCalendar(CalendarSettings(_env_file=None))


@pytest.fixture(scope="session")
def at() -> Callable[[str], int]:
    """Turns local time such as ``2026-08-22 10:00`` into epoch seconds, with a zone database."""

    def epoch(text: str) -> int:
        return int(dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL).timestamp())

    return epoch


@pytest.fixture(scope="session")
def day() -> Callable[[str], int]:
    """Turns ``2026-08-22`` into a local day number."""

    def number(text: str) -> int:
        return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days

    return number
