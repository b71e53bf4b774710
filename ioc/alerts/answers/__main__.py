"""`python -m ioc.alerts.answers`: the pages and the API on which people answer alerts.

Says where it listens. Ends with 0 after SIGTERM or Ctrl-C, with 2 when settings or files are
wrong, with 70 when something unexpected happened: its supervisor starts it afresh.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import time

import uvicorn

from ioc.alerts.answers.api import AnswerApi
from ioc.alerts.answers.api_keys import ApiKeys
from ioc.alerts.answers.app import make_app
from ioc.alerts.answers.by_link import ByLink
from ioc.alerts.answers.desk import AnswerDesk
from ioc.alerts.answers.grafana_door import GrafanaDoor
from ioc.alerts.answers.health import Health
from ioc.alerts.answers.link_pages import LinkPages
from ioc.alerts.answers.links import LinkSigner, read_key
from ioc.alerts.answers.people_watch import PeopleWatch
from ioc.alerts.answers.store import AnswerStore
from ioc.alerts.engine.items import Wording
from ioc.alerts.store.warehouse import Warehouse
from ioc.metrics.http_meter import HttpMeter
from ioc.metrics.registry import make_registry
from ioc.metrics.routes import metrics_route
from ioc.reference import load_reference
from ioc.warehouse import connect_writer
from schemas.alert_settings import AnswerSettings
from schemas.alerting.settings import AlertSettings
from schemas.errors import ConfigurationError
from schemas.settings import ClickHouseSettings, WorkerSettings

_SOFTWARE_ERROR = 70
_WRONG_SETTINGS = 2
_GRACE_SECONDS = 5
_TIMEOUT_SECONDS = 10.0


def main() -> int:
    """Serve until told to stop; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    log = logging.getLogger("ioc.alerts.answers")
    try:
        return asyncio.run(_serve())
    except ConfigurationError as error:
        log.critical("%s", error)
        return _WRONG_SETTINGS
    except Exception:
        log.critical("this process ends", exc_info=True)
        return _SOFTWARE_ERROR


async def _serve() -> int:
    settings, clickhouse = AnswerSettings(), ClickHouseSettings()
    people_file = AlertSettings().people_file
    if people_file is None:
        raise ConfigurationError("IOC_ALERTS_PEOPLE_FILE is not set: who may answer?")
    if not clickhouse.url:
        raise ConfigurationError("IOC_CLICKHOUSE_URL is not set: where is the warehouse?")
    signer = LinkSigner(read_key(settings))
    reference = load_reference(WorkerSettings())
    people = PeopleWatch(people_file, reference.units)
    seconds = min(clickhouse.timeout_seconds, _TIMEOUT_SECONDS)
    warehouse = Warehouse(
        lambda: connect_writer(clickhouse.model_copy(update={"timeout_seconds": seconds}))
    )
    words = Wording(reference.units, reference.procedures, reference.calendar)
    store = AnswerStore(warehouse, words)
    pages = LinkPages(
        ByLink(signer, store, people), settings.public_url, settings.language, _now_ms
    )
    desk = AnswerDesk(store, people, settings.silence_days, _now_ms)
    grafana = GrafanaDoor(warehouse, people, settings.grafana_secret().get_secret_value(), _now_ms)
    app = make_app(
        pages, AnswerApi(desk, ApiKeys(settings.api_keys_file)), grafana, Health(warehouse)
    )
    registry = make_registry(None)
    app.routes.append(metrics_route(registry))
    meter = HttpMeter(app)
    registry.register(meter)
    listener = _listen(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            meter,
            log_level="warning",
            access_log=False,  # an address is a permission
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    host, port = listener.getsockname()[:2]
    sys.stdout.write(f"LISTENING http://{f'[{host}]' if ':' in host else host}:{port}\n")
    sys.stdout.flush()
    # Given back as found: uvicorn raises the signal again when it is done.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    await server.serve([listener])
    await asyncio.to_thread(warehouse.close)
    return 0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _listen(settings: AnswerSettings) -> socket.socket:
    try:
        return socket.create_server(
            (settings.host, settings.port),
            family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
            backlog=256,
        )
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
