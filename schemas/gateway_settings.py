"""Settings of the HTTP gateway."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import ConfigurationError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class GatewaySettings(BaseSettings):
    """The HTTP gateway: where it listens, what it takes, how much (IOC_GATEWAY_…)."""

    model_config = SettingsConfigDict(
        env_prefix="IOC_GATEWAY_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on; loopback by default.")
    port: int = Field(default=8500, ge=0, le=65535, description="Port; 0 = any free one.")
    share_port: bool = Field(
        default=False,
        description="Let several gateways listen on one port, one a core (SO_REUSEPORT); say how "
        "many in IOC_GATEWAY_PROCESSES.",
    )
    processes: int = Field(
        default=1,
        ge=1,
        le=64,
        description="How many gateways run, on all machines together: each lets through that part "
        "of every rate (also of IOC_READING_…), so that a key's limit holds for their sum.",
    )
    language: str = Field(
        default="vi",
        pattern="^(vi|en)$",
        description="Language of answers to those who do not ask for one (Accept-Language).",
    )
    tls_cert_file: Path | None = Field(
        default=None, description="Certificate chain, PEM; with it the gateway speaks https only."
    )
    tls_key_file: Path | None = Field(
        default=None, description="Its private key, PEM, readable by its owner alone."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, comma separated, whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed; empty = nobody's.",
    )

    max_body_bytes: int = Field(
        default=5 << 20, ge=1024, description="Longest body of a request, as it is sent."
    )
    max_unpacked_bytes: int = Field(
        default=32 << 20, ge=1024, description="Longest body after gzip was undone."
    )
    max_item_bytes: int = Field(
        default=64 << 10, ge=256, description="Longest single event, in bytes of JSON."
    )
    max_items: int = Field(default=5_000, ge=1, description="Events of one request at most.")
    max_depth: int = Field(
        default=16, ge=2, description="Deepest nesting of one event's objects and arrays."
    )
    body_seconds: float = Field(
        default=30.0, gt=0, description="How long a body may take to arrive."
    )
    body_bytes_at_once: int = Field(
        default=64 << 20,
        ge=1 << 20,
        description="Bytes of all bodies that are held at one time; beyond it requests get 503.",
    )
    unsaved_bytes: int = Field(
        default=64 << 20,
        ge=1 << 16,
        description="Bytes that may wait for Kafka; beyond it requests get 503.",
    )
    store_seconds: float = Field(
        default=10.0, gt=0, description="How long a request waits for Kafka before it gets 503."
    )
    retry_seconds: int = Field(
        default=5, ge=1, description="What Retry-After says when Kafka or the warehouse is away."
    )

    events_per_second: float = Field(
        default=5_000.0, gt=0, description="Events a second that one key may send."
    )
    events_burst: int = Field(
        default=20_000, ge=1, description="Events that one key may send at once after a pause."
    )
    requests_per_second: float = Field(
        default=200.0, gt=0, description="Requests a second that one key may make."
    )
    requests_burst: int = Field(
        default=400, ge=1, description="Requests that one key may make at once after a pause."
    )
    bad_keys_per_minute: float = Field(
        default=30.0, gt=0, description="Wrong keys a minute of one address before it gets 429."
    )

    future_seconds: int = Field(
        default=300,
        ge=0,
        le=24 * 3600,
        description="How far occurred_at may lie ahead of this machine's clock.",
    )
    keys_refresh_seconds: float = Field(
        default=2.0,
        gt=0,
        description="How often keys are read from the warehouse; a revoked key ends within it.",
    )
    rotation_hours: float = Field(
        default=168.0, ge=0, description="How long the old key still works after `ioc keys rotate`."
    )
    recent_events: int = Field(
        default=200_000,
        ge=1_000,
        description="Events that are remembered to tell senders about duplicates.",
    )
    owners_seconds: float = Field(
        default=30.0, gt=0, description="How long a dossier's units, once looked up, are believed."
    )
    rejects_kept_per_minute: int = Field(
        default=500, ge=0, description="Rejected events of one key that are kept a minute."
    )
    audit_seconds: float = Field(
        default=5.0, gt=0, description="How often sums of use and refusals are stored."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise ValueError("give both IOC_GATEWAY_TLS_CERT_FILE and IOC_GATEWAY_TLS_KEY_FILE")
        return self

    def proxies(self) -> tuple[Network, ...]:
        """Return the trusted proxies' addresses and networks.

        Raises:
            ConfigurationError: one is neither, or stands for everybody.
        """
        given = [each.strip() for each in self.trusted_proxies.split(",") if each.strip()]
        return tuple(_network(each) for each in given)


def _network(given: str) -> Network:
    try:
        network = ipaddress.ip_network(given)
    except ValueError as error:
        reason = "everybody would be believed" if given == "*" else str(error)
        raise ConfigurationError(
            f'IOC_GATEWAY_TRUSTED_PROXIES: "{given}" is no address and no network such as '
            f"10.0.0.0/8 ({reason})"
        ) from None
    if not network.prefixlen:
        raise ConfigurationError(
            f'IOC_GATEWAY_TRUSTED_PROXIES: "{given}" would believe everybody; name the proxies'
        )
    return network
