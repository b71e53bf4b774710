"""The answers' server as an ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ioc.alerts.answers.api import AnswerApi
from ioc.alerts.answers.grafana_door import GrafanaDoor
from ioc.alerts.answers.health import Health
from ioc.alerts.answers.http import NO_STORE
from ioc.alerts.answers.link_pages import LinkPages
from ioc.alerts.answers.links import PATH


def make_app(pages: LinkPages, api: AnswerApi, grafana: GrafanaDoor, health: Health) -> Starlette:
    """Return the application: links of messages, API, Grafana's door, health."""
    return Starlette(
        routes=[
            Route(PATH + "{token}", pages.show, methods=["GET", "HEAD"]),
            Route(PATH + "{token}", pages.act, methods=["POST"]),
            *api.routes(),
            Route("/v1/grafana", grafana.take, methods=["POST"]),
            *health.routes(),
            Route("/", nothing),
        ]
    )


async def nothing(request: Request) -> Response:
    """Answer somebody who came without a link; says nothing about what is here."""
    return PlainTextResponse("\n", 404, headers=NO_STORE)
