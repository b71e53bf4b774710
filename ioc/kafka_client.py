"""What every Kafka client of this process is made with."""

from __future__ import annotations

from typing import Any

from schemas.errors import ConfigurationError
from schemas.kafka_security import security_options
from schemas.settings import KafkaSettings

BOOTSTRAP_TIMEOUT_MS = 5_000


def kafka_options(settings: KafkaSettings, *, client_id: str) -> dict[str, Any]:
    """Return address, name and what proves who asks; for kafka-python and for aiokafka.

    Raises:
        ConfigurationError: no address is set, or a file of a secret or certificate is wrong.
    """
    if not settings.bootstrap:
        raise ConfigurationError(
            "no Kafka is set: give IOC_KAFKA_BOOTSTRAP=host:port, or start one with: ioc up"
        )
    return {
        "bootstrap_servers": [part.strip() for part in settings.bootstrap.split(",")],
        "client_id": client_id,
        **security_options(settings),
    }
