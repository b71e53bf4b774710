"""`/health/live`, `/health/ready` and `/metrics` of a process that speaks ASGI."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ioc.metrics.registry import Ready, exposition
from schemas.monitor_settings import MetricsSettings

LIVE, READY_PATH, METRICS_PATH = "/health/live", "/health/ready", "/metrics"
_NEVER = {"Cache-Control": "no-store"}


def monitoring_routes(
    ready: Ready,
    registry: CollectorRegistry,
    may_read: Callable[[str], bool] | None = None,
) -> list[Route]:
    """Return the three routes, to be put into an application.

    `/health/live` answers while the event loop turns: restart the process when it does not.
    `/health/ready` answers 503 while requests should go elsewhere. `/metrics` holds counts only.

    Args:
        ready: quick, never raises; its details are shown, so they name no dossier and no key.
        registry: of `make_registry`.
        may_read: whether somebody at an address may read `/metrics`; by default this machine and
            whom `IOC_METRICS_READERS` names. A trusted proxy's word on the address is believed
            already.
    """

    async def live(request: Request) -> Response:
        return PlainTextResponse("alive\n", headers=_NEVER)

    async def is_ready(request: Request) -> Response:
        fine, details = ready()
        return Response(
            orjson.dumps({"ready": fine, **details}),
            200 if fine else 503,
            media_type="application/json",
            headers=_NEVER,
        )

    return [
        Route(LIVE, live, include_in_schema=False),
        Route(READY_PATH, is_ready, include_in_schema=False),
        metrics_route(registry, may_read),
    ]


def metrics_route(
    registry: CollectorRegistry, may_read: Callable[[str], bool] | None = None
) -> Route:
    """Return the route of `/metrics` alone; see `monitoring_routes`."""
    allowed = MetricsSettings().may_read if may_read is None else may_read

    async def metrics(request: Request) -> Response:
        if not allowed(request.client.host if request.client is not None else ""):
            return PlainTextResponse("not from here\n", 403, headers=_NEVER)
        body, content_type = exposition(registry, request.headers.get("accept", ""))
        return Response(body, headers={**_NEVER, "Content-Type": content_type})

    return Route(METRICS_PATH, metrics, include_in_schema=False)
