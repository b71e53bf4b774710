"""`python -m ioc.wall`, configured by the environment; says where it listens.

Ends with 0 after SIGTERM or Ctrl-C, with 2 when the settings are wrong, with 70 when something
unexpected happened: its supervisor starts it afresh.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import socket
import sys
from types import FrameType

import uvicorn

from dashboards.catalogue.boards import BOARDS
from ioc.metrics.http_meter import HttpMeter
from ioc.metrics.registry import make_registry
from ioc.metrics.routes import monitoring_routes
from ioc.metrics.wall import WallMeter
from ioc.own_files import load_procedures, load_units
from ioc.wall.accounts import Accounts
from ioc.wall.alert_pages import alert_routes
from ioc.wall.app import WallApp
from ioc.wall.assets import Assets
from ioc.wall.choices import Choices
from ioc.wall.exports import Exports
from ioc.wall.guard import Guard, check_exposure, is_loopback
from ioc.wall.hub import Hub
from ioc.wall.marking import Marking
from ioc.wall.marks import MarkStore
from ioc.wall.reader import WarehouseReader
from ioc.wall.sessions import Sessions
from ioc.wall.sign_in import SignIn
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.errors import ConfigurationError
from schemas.settings import ClickHouseSettings, WallSettings, WorkerSettings

_SOFTWARE_ERROR = 70
_WRONG_SETTINGS = 2
#: Streams end at once when told; what remains then is a file on its way.
_GRACE_SECONDS = 2
_MAX_OPEN_FILES = 1 << 16


def main() -> int:
    """Run the wall until it is told to stop; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    _allow_many_screens()
    try:
        return asyncio.run(_serve())
    except ConfigurationError as error:
        logging.getLogger("ioc.wall").critical("%s", error)
        return _WRONG_SETTINGS


class _Server(uvicorn.Server):
    """A server that wakes its streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self.close_streams)

    def close_streams(self) -> None:
        self._closing = asyncio.create_task(self._hub.close())


def _allow_many_screens() -> None:
    """Raise the limit of open files to what this user may have: each screen is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _MAX_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def _serve() -> int:
    settings, clickhouse = WallSettings(), ClickHouseSettings()
    accounts = Accounts(settings.users_file)
    secrets = check_exposure(settings, accounts)
    if not clickhouse.url:
        raise ConfigurationError("IOC_CLICKHOUSE_URL is not set: where is the warehouse?")
    worker = WorkerSettings()
    values: dict[str, object] = {"minimum": settings.ranking_minimum}
    choices = Choices(load_units(worker), load_procedures(worker))
    assets = Assets(values, choices)
    reader = WarehouseReader(clickhouse)
    hub = Hub(
        reader,
        BOARDS,
        settings,
        WorkingCalendar(CalendarSettings()),
        worker.due_soon_working_seconds,
        assets.build,
    )
    meter = WallMeter(hub)
    registry = make_registry(meter.ready, meter)
    sessions = Sessions(accounts, int(settings.session_hours * 3600))
    routes = WallApp(
        hub, assets, sessions, settings.language, settings.users_file is not None
    ).routes(
        Exports(hub, choices, values, settings.language),
        SignIn(accounts, sessions, assets, settings.language),
        Marking(MarkStore(clickhouse), hub, settings.mark_hours),
        # The guard has asked already.
        [
            *monitoring_routes(meter.ready, registry, lambda _: True),
            *alert_routes(clickhouse, worker, settings.language),
        ],
    )
    metered = HttpMeter(routes)
    registry.register(metered)
    listener = _listen(settings)
    config = uvicorn.Config(
        Guard(
            metered,
            secrets,
            accounts,
            sessions,
            is_open=not secrets.token and is_loopback(settings.host),
            allowed_hosts=settings.allowed_hosts,
        ),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, hub)
    reading = asyncio.create_task(hub.run())
    reading.add_done_callback(lambda _: setattr(server, "should_exit", True))
    host, port = listener.getsockname()[:2]
    sys.stdout.write(f"LISTENING http://{f'[{host}]' if ':' in host else host}:{port}\n")
    sys.stdout.flush()
    # Given back as found: uvicorn raises the signal again when it is done, and this process
    # ends with 0 when it was asked to.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    await server.serve([listener])
    await hub.close()
    reader.close()
    try:
        await reading
    except Exception:
        logging.getLogger("ioc.wall").critical("this wall ends", exc_info=True)
        return _SOFTWARE_ERROR
    return 0


def _listen(settings: WallSettings) -> socket.socket:
    try:
        return socket.create_server(
            (settings.host, settings.port),
            family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
            reuse_port=False,
            backlog=1024,
        )
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
