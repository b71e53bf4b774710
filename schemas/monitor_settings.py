"""Where processes without other pages answer probes and scrapes."""

from __future__ import annotations

import ipaddress

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from schemas.settings import settings_config

_PORT = (
    "Port of `/health/live`, `/health/ready` and `/metrics`; 0 = any free one. If none is set and "
    "the default is taken it is any free one, and the log says which."
)


class PagesSettings(BaseSettings):
    """What both have in common."""

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on; another one lets other machines read the metrics.",
    )
    port: int = Field(default=0, ge=0, le=65535, description=_PORT)


class WorkerPagesSettings(PagesSettings):
    """Health and metrics of a worker (IOC_WORKER_HEALTH_…)."""

    model_config = settings_config("IOC_WORKER_HEALTH_")

    port: int = Field(default=8401, ge=0, le=65535, description=_PORT)


class AlertPagesSettings(PagesSettings):
    """Health and metrics of an alert process (IOC_ALERTS_HEALTH_…)."""

    model_config = settings_config("IOC_ALERTS_HEALTH_")

    port: int = Field(default=8402, ge=0, le=65535, description=_PORT)


class MetricsSettings(BaseSettings):
    """Who may read `/metrics` where pages are open to others (IOC_METRICS_…)."""

    model_config = settings_config("IOC_METRICS_")

    readers: str = Field(
        default="",
        description="Addresses or networks, comma separated, that may read the gateway's and the "
        "answers' `/metrics`, besides this machine.",
    )

    @field_validator("readers")
    @classmethod
    def _check(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            ipaddress.ip_network(part, strict=False)
        return value

    def may_read(self, address: str) -> bool:
        """Whether somebody at an address may read; a name is nobody's."""
        try:
            asking = ipaddress.ip_address(address)
        except ValueError:
            return False
        named = filter(None, map(str.strip, self.readers.split(",")))
        networks = [ipaddress.ip_network(part, strict=False) for part in named]
        return asking.is_loopback or any(asking in network for network in networks)
