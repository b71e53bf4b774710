"""Kafka's security settings as Faust wants them."""

from __future__ import annotations

from typing import Any

import faust

from schemas.kafka_security import security_options
from schemas.settings import KafkaSettings


def broker_credentials(settings: KafkaSettings) -> Any:
    """Return what `faust.App(broker_credentials=…)` takes; None without accounts and TLS.

    Raises:
        ConfigurationError: a file of a secret or certificate cannot be used.
    """
    options = security_options(settings)
    context = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            mechanism=options["sasl_mechanism"],
            ssl_context=context,
        )
    return None if context is None else faust.SSLCredentials(context)
