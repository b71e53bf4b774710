"""What every kafka-python client of this process is made with."""

from __future__ import annotations

from schemas.errors import ConfigurationError
from schemas.settings import KafkaSettings

BOOTSTRAP_TIMEOUT_MS = 5_000


def kafka_options(settings: KafkaSettings, *, client_id: str) -> dict[str, object]:
    """Return the connection options: address, name, and SCRAM over TLS when a user is set.

    Raises:
        ConfigurationError: no address is set, or the password's file is wrong.
    """
    if not settings.bootstrap:
        raise ConfigurationError(
            "no Kafka is set: give IOC_KAFKA_BOOTSTRAP=host:port, or start one with: ioc up"
        )
    options: dict[str, object] = {
        "bootstrap_servers": [part.strip() for part in settings.bootstrap.split(",")],
        "client_id": client_id,
    }
    if settings.username:
        options |= {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.secret().get_secret_value(),
        }
    return options
