"""`python -m ioc.gateway`, configured by the environment; says where it listens, then READY.

Ends with 0 after SIGTERM or Ctrl-C, with 2 when the settings are wrong and with 1 when
something unexpected happened: its supervisor starts it afresh.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys

import uvloop

from ioc.gateway.app import make_asgi
from ioc.gateway.build import GatewayProcess
from ioc.gateway.meter import GatewayMeter
from ioc.gateway.server import check_exposure, listen, make_server, serve
from ioc.metrics.http_meter import HttpMeter
from ioc.metrics.registry import make_registry
from ioc.metrics.routes import monitoring_routes
from schemas.errors import ConfigurationError
from schemas.gateway_settings import GatewaySettings
from schemas.settings import ClickHouseSettings, KafkaSettings

_WRONG_SETTINGS = 2


def main() -> int:
    """Run the gateway until it is told to stop; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_run())
    except ConfigurationError as error:
        logging.getLogger("ioc.gateway").critical("%s", error)
        return _WRONG_SETTINGS


async def _run() -> int:
    settings, kafka, clickhouse = GatewaySettings(), KafkaSettings(), ClickHouseSettings()
    check_exposure(settings)
    if not kafka.bootstrap or not clickhouse.url:
        raise ConfigurationError("set IOC_KAFKA_BOOTSTRAP and IOC_CLICKHOUSE_URL, or run: ioc up")
    listener = listen(settings)
    process = GatewayProcess(settings, kafka, clickhouse)
    registry = make_registry(process.ready, GatewayMeter(process.gateway.ledger, process.outbox))
    meter = HttpMeter(make_asgi(process.gateway, monitoring_routes(process.ready, registry)))
    registry.register(meter)
    server = make_server(meter, settings)
    process.begin()
    telling = asyncio.create_task(_tell_ready(process))
    try:
        await serve(server, listener, "https" if settings.tls_cert_file else "http")
    finally:
        telling.cancel()
        await process.close()
    return 0


async def _tell_ready(process: GatewayProcess) -> None:
    await process.wait_ready()
    # What is there by now stays: looking through it again and again took 100 ms each time.
    gc.collect()
    gc.freeze()
    sys.stdout.write("READY\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
