"""Settings of the working calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class CalendarSettings(BaseSettings):
    """When desks work, and which years the calendar knows.

    Read from ``IOC_CALENDAR_*`` in the environment or in ``.env``. The default hours, eight a
    day from Monday to Friday, are those of the province's public administrative service
    centres.
    """

    model_config = SettingsConfigDict(
        env_prefix="IOC_CALENDAR_", env_file=".env", extra="ignore", frozen=True
    )

    morning_start: dt.time = Field(
        default=dt.time(7, 0), description="Local time at which the morning's work begins."
    )
    morning_end: dt.time = Field(
        default=dt.time(11, 30), description="Local time at which the morning's work ends."
    )
    afternoon_start: dt.time = Field(
        default=dt.time(13, 30), description="Local time at which the afternoon's work begins."
    )
    afternoon_end: dt.time = Field(
        default=dt.time(17, 0), description="Local time at which the working day ends."
    )
    working_weekdays: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(1, 2, 3, 4, 5),
        description="ISO weekdays on which desks work, comma separated (1 is Monday, 7 Sunday).",
    )
    first_year: int = Field(
        default=2009, ge=1990, le=2100, description="First year that the calendar covers."
    )
    last_year: int = Field(
        default=2065, ge=1990, le=2100, description="Last year that the calendar covers."
    )
    days_file: Path | None = Field(
        default=None,
        description="TOML or CSV list of the province's own days off and make-up working days, "
        "which wins over the shipped list and the public holidays.",
    )
    same_day_cutoff: dt.time = Field(
        default=dt.time(15, 0),
        description="Local time after which a received same-day dossier is due the next "
        "working day.",
    )
    receipt_limit_working_seconds: int = Field(
        default=8 * 3600,
        gt=0,
        description="Working seconds within which an online dossier must be received after its "
        "registration.",
    )

    @field_validator("working_weekdays", mode="before")
    @classmethod
    def _split_weekdays(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("working_weekdays")
    @classmethod
    def _check_weekdays(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or not set(value) <= set(range(1, 8)):
            raise ValueError("name at least one weekday, each from 1 (Monday) to 7 (Sunday)")
        return tuple(sorted(set(value)))

    @field_validator(
        "morning_start", "morning_end", "afternoon_start", "afternoon_end", "same_day_cutoff"
    )
    @classmethod
    def _check_local_time(cls, value: dt.time) -> dt.time:
        if value.tzinfo is not None or value.microsecond:
            raise ValueError("give a local time in whole seconds, without a time zone")
        return value

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if not (self.morning_start < self.morning_end <= self.afternoon_start < self.afternoon_end):
            raise ValueError(
                "working hours must be in order: morning_start < morning_end "
                "<= afternoon_start < afternoon_end"
            )
        if self.first_year > self.last_year:
            raise ValueError("first_year must not be after last_year")
        return self
