"""How a client proves who it is to Kafka, and how it knows Kafka: one answer for every library."""

from __future__ import annotations

import ssl
from typing import Any

from schemas.errors import ConfigurationError
from schemas.settings import KafkaSettings


def security_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return `security_protocol` and what belongs to it; aiokafka and kafka-python read the same.

    Reads the password's and the certificates' files, so call it when connecting, not before.

    Raises:
        ConfigurationError: a file is missing, or others may read a secret.
    """
    protocol = settings.protocol
    options: dict[str, Any] = {"security_protocol": protocol}
    if protocol.startswith("SASL_"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.secret().get_secret_value(),
        }
    if protocol.endswith("SSL"):
        options["ssl_context"] = _tls(settings)
    return options


def _tls(settings: KafkaSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.cert_file is not None:
            context.load_cert_chain(settings.cert_file, settings.key_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"IOC_KAFKA_CA_FILE, _CERT_FILE or _KEY_FILE cannot be used: {error}"
        ) from None
    return context
