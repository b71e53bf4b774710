"""The rules file: what is told to whom, when, and when the next one up hears."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.alerting.names import AlertRule, Role

_HOURS_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"
_ID = r"^[a-z0-9][a-z0-9_-]{0,47}$"

DayTime = Annotated[str, Field(pattern=_HOURS_OF_DAY)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Escalation(_Strict):
    """When the next one up hears."""

    after_working_hours: float = Field(
        gt=0, le=400, description="Working hours without acknowledgement or explanation."
    )
    levels: int = Field(default=4, ge=1, le=6, description="How many steps up at most.")


class Rule(_Strict):
    """One rule; of several with the same `what`, the first that covers a file decides."""

    id: str = Field(pattern=_ID, description="Name of the rule, unique in the file.")
    what: AlertRule = Field(description="What is told.")
    tell: tuple[Role, ...] = Field(min_length=1, description="Who hears of it first.")
    enabled: bool = Field(default=True, description="False = nobody is told.")
    urgent: bool = Field(default=False, description="True = also outside of working hours.")
    units: frozenset[str] = Field(
        default=frozenset(), description="Only these units and those below; empty = all."
    )
    fields: frozenset[str] = Field(default=frozenset(), description="Only these fields.")
    lead_working_hours: float | None = Field(
        default=None, gt=0, le=160, description="due_soon, apology_due: how long before."
    )
    procedure_leads: dict[str, Annotated[float, Field(gt=0, le=160)]] = Field(
        default_factory=dict, description="due_soon: own lead of procedures, working hours."
    )
    grace_working_hours: float = Field(
        default=0, ge=0, le=160, description="no_apology: how long after it became overdue."
    )
    above: float | None = Field(
        default=None, gt=0, description="unit_share: share 0-1; unit_count: number."
    )
    minimum_open: int = Field(default=30, ge=1, description="unit_share: fewest open files.")
    days: int | None = Field(
        default=None, ge=2, le=20, description="backlog: working days in a row on which it grew."
    )
    escalate: Escalation | None = Field(default=None, description="Missing = it stays there.")

    @model_validator(mode="after")
    def _check(self) -> Rule:
        about_unit = self.what.is_about_unit
        if not about_unit and any(role.is_leader for role in self.tell):
            raise ValueError(
                "leaders are not told of single files: leave chair and province_leader out of "
                "tell; they get digests, thresholds and what is escalated to them"
            )
        if self.what in (AlertRule.UNIT_SHARE, AlertRule.UNIT_COUNT) and self.above is None:
            raise ValueError(f"{self.what} needs: above")
        if self.what is AlertRule.UNIT_SHARE and self.above is not None and self.above >= 1:
            raise ValueError("above: a share lies between 0 and 1")
        if self.what is AlertRule.BACKLOG and self.days is None:
            raise ValueError("backlog needs: days")
        if self.what is AlertRule.SILENT_DESK and self.escalate is not None:
            raise ValueError("nobody is escalated against for a feed that is silent")
        if self.procedure_leads and self.what is not AlertRule.DUE_SOON:
            raise ValueError("procedure_leads belong to due_soon")
        return self


class RateLimit(_Strict):
    """How many messages one person gets; what is more comes as one summary."""

    messages: int = Field(default=20, ge=1, le=1000, description="Messages in that time at most.")
    per_hours: float = Field(default=1, gt=0, le=24, description="The time, in hours.")


class MorningDigest(_Strict):
    """Ten lines on every working morning."""

    at: DayTime = Field(default="07:00", description="Local time, HH:MM.")
    roles: tuple[Role, ...] = Field(
        default=(Role.AUTHORITY_HEAD, Role.CHAIR, Role.PROVINCE_LEADER), description="Who gets it."
    )


class WeeklyDigest(_Strict):
    """The same over a week, once a week."""

    on: Weekday = Field(default="monday", description="Day; the next working day if it is off.")
    at: DayTime = Field(default="07:30", description="Local time, HH:MM.")
    roles: tuple[Role, ...] = Field(
        default=(Role.CHAIR, Role.PROVINCE_LEADER), description="Who gets it."
    )


class Delivery(_Strict):
    """How messages are gathered and sent."""

    group_above: int = Field(
        default=3, ge=1, le=100, description="More alerts than this at once come as one message."
    )
    settle_seconds: float = Field(
        default=2, ge=0, le=60, description="How long a person's alerts gather before they go."
    )
    longest_settle_seconds: float = Field(
        default=6, ge=0, le=600, description="How long they gather at most."
    )
    rate: RateLimit = Field(default_factory=RateLimit, description="Limit for each person.")
    stale_wait_working_hours: float = Field(
        default=16, gt=0, le=160, description="How long alerts of a silent feed wait at most."
    )
    watch_days: int = Field(
        default=30, ge=1, le=400, description="How long a closed alert may still be withdrawn."
    )
    give_up_after_hours: float = Field(
        default=48, gt=0, le=400, description="How long a channel that is away is tried."
    )


class RulesFile(_Strict):
    """The whole file."""

    version: Literal[1] = Field(description="Of the file's format.")
    delivery: Delivery = Field(default_factory=Delivery, description="Gathering and sending.")
    morning_digest: MorningDigest | None = Field(default=None, description="Missing = none.")
    weekly_digest: WeeklyDigest | None = Field(default=None, description="Missing = none.")
    rules: tuple[Rule, ...] = Field(
        min_length=1, description="The rules, the first that fits wins."
    )


def seconds_of_day(text: str) -> int:
    """Return the seconds after midnight of HH:MM."""
    time = dt.time.fromisoformat(text)
    return time.hour * 3600 + time.minute * 60
