"""The transport behind the URL scheme ``chunked``."""

from __future__ import annotations

from typing import Any, ClassVar

from faust.transport.drivers import aiokafka as stock

from streams.transport.consumer import Consumer


class Transport(stock.Transport):
    """Faust's Kafka transport, whose consumer delivers the app's chunked topics in chunks.

    Faust finds it through the entry point group ``faust.transports`` when an app's broker is
    ``chunked://host:port``. Producer and conductor are Faust's own.
    """

    Consumer: ClassVar[Any] = Consumer
