"""The pages on which people who signed in answer alerts, where people are configured."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from schemas.alert_settings import AnswerSettings
from schemas.alerting.settings import AlertSettings
from schemas.settings import ClickHouseSettings, WorkerSettings


def alert_routes(
    clickhouse: ClickHouseSettings, worker: WorkerSettings, language: str
) -> list[Route]:
    """Return the routes; without a people file one that says so. Blocks for some tenths.

    Raises:
        ConfigurationError: the people file is wrong.
    """
    people_file = AlertSettings().people_file
    if people_file is None:
        return [Route("/alerts", _unconfigured)]
    from ioc.alerts.answers.desk import AnswerDesk  # noqa: PLC0415 - only where it is used
    from ioc.alerts.answers.people_watch import PeopleWatch  # noqa: PLC0415
    from ioc.alerts.answers.store import AnswerStore  # noqa: PLC0415
    from ioc.alerts.answers.wall_pages import WallPages  # noqa: PLC0415
    from ioc.alerts.engine.items import Wording  # noqa: PLC0415
    from ioc.alerts.store.warehouse import Warehouse  # noqa: PLC0415
    from ioc.reference import load_reference  # noqa: PLC0415
    from ioc.warehouse import connect_reader, connect_writer  # noqa: PLC0415

    reference = load_reference(worker)
    words = Wording(reference.units, reference.procedures, reference.calendar)
    store = AnswerStore(
        Warehouse(lambda: connect_reader(clickhouse)),
        words,
        Warehouse(lambda: connect_writer(clickhouse)),
    )
    desk = AnswerDesk(
        store,
        PeopleWatch(people_file, reference.units),
        AnswerSettings().silence_days,
        lambda: time.time_ns() // 1_000_000,
    )
    return WallPages(desk, language).routes()


async def _unconfigured(request: Request) -> Response:
    return PlainTextResponse("IOC_ALERTS_PEOPLE_FILE\n", 404)
