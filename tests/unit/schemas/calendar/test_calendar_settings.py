"""Settings of the calendar come from the environment and refuse what makes no sense."""

import datetime as dt

import pytest
from pydantic import ValidationError

from schemas.calendar import CalendarSettings


def test_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("IOC_CALENDAR_MORNING_START", "07:30")
    monkeypatch.setenv("IOC_CALENDAR_WORKING_WEEKDAYS", "6, 1,2,3,4,5")
    monkeypatch.setenv("IOC_CALENDAR_RECEIPT_LIMIT_WORKING_SECONDS", "14400")
    settings = CalendarSettings(_env_file=None)
    assert settings.morning_start == dt.time(7, 30)
    assert settings.working_weekdays == (1, 2, 3, 4, 5, 6)
    assert settings.receipt_limit_working_seconds == 14_400


@pytest.mark.parametrize(
    "wrong",
    [
        {"morning_start": "11:30"},
        {"afternoon_start": "11:00"},
        {"afternoon_end": "13:30"},
        {"morning_start": "07:00+07:00"},
        {"same_day_cutoff": "15:00:00.5"},
        {"working_weekdays": "0,1"},
        {"working_weekdays": ""},
        {"first_year": 2030, "last_year": 2029},
        {"receipt_limit_working_seconds": 0},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValidationError):
        CalendarSettings(_env_file=None, **wrong)


def test_every_setting_has_its_sentence():
    for name, field in CalendarSettings.model_fields.items():
        assert (field.description or "").endswith("."), name
