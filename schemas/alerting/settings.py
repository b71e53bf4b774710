"""Settings of the alert process (IOC_ALERTS_…)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from schemas.settings import settings_config


class AlertSettings(BaseSettings):
    """Who is told what by whom: the alert process (IOC_ALERTS_…)."""

    model_config = settings_config("IOC_ALERTS_")

    rules_file: Path | None = Field(
        default=None, description="Rules, YAML; without it nobody is told anything."
    )
    people_file: Path | None = Field(
        default=None, description="People and contacts, YAML, mode 0600."
    )
    tick_seconds: float = Field(
        default=0.5, gt=0, le=10, description="How often new alerts and answers are looked for."
    )
    find_seconds: float = Field(
        default=30.0, gt=0, description="How often units, apologies and silent desks are judged."
    )
    people_check_seconds: float = Field(
        default=10.0, gt=0, description="How often the people file is looked at for changes."
    )
    wait_for_desks: bool = Field(
        default=True,
        description="An alert waits until its desk was heard after the deadline, or is silent.",
    )
    sweep_files: int = Field(
        default=2_000, ge=1, le=20_000, description="Files compared with their alerts at a time."
    )
    sweep_rest: float = Field(
        default=10.0, ge=0, description="Pause after that, as a multiple of the time that it took."
    )
    retry_min_seconds: float = Field(
        default=1.0, gt=0, description="First wait before a message is tried again."
    )
    retry_max_seconds: float = Field(
        default=900.0, gt=0, description="Longest wait before a message is tried again."
    )
    session_timeout_seconds: float = Field(
        default=6.0, gt=0, description="Kafka session; a longer gap of the clock ends the process."
    )
    for_tests: bool = Field(
        default=False,
        description="Allows the two settings below; without it they end the process.",
    )
    clock_file: Path | None = Field(
        default=None,
        description="For tests: a file with the seconds by which this process' clock is ahead.",
    )
    fail_point: str = Field(
        default="", description="For tests: the process kills itself at this named point."
    )
