"""Where a worker answers probes and scrapes."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

from schemas.settings import settings_config


class WorkerPagesSettings(BaseSettings):
    """Health and metrics of a worker (IOC_WORKER_HEALTH_…)."""

    model_config = settings_config("IOC_WORKER_HEALTH_")

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on; another one lets other machines read the metrics.",
    )
    port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port of `/health/live`, `/health/ready` and `/metrics`; empty = none, 0 = any "
        "free one.",
    )
