"""`/health/live`, `/health/ready` and `/metrics` of a process that speaks ASGI."""

from __future__ import annotations

import orjson
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ioc.metrics.registry import Ready, exposition

LIVE, READY_PATH, METRICS_PATH = "/health/live", "/health/ready", "/metrics"
_NEVER = {"Cache-Control": "no-store"}


def monitoring_routes(ready: Ready, registry: CollectorRegistry) -> list[Route]:
    """Return the three routes, to be put into an application.

    `/health/live` answers while the event loop turns: restart the process when it does not.
    `/health/ready` answers 503 while requests should go elsewhere. `/metrics` holds counts only.

    Args:
        ready: quick, never raises; its details are shown, so they name no dossier and no key.
        registry: of `make_registry`.
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

    async def metrics(request: Request) -> Response:
        body, content_type = exposition(registry, request.headers.get("accept", ""))
        return Response(body, headers={**_NEVER, "Content-Type": content_type})

    return [
        Route(LIVE, live, include_in_schema=False),
        Route(READY_PATH, is_ready, include_in_schema=False),
        Route(METRICS_PATH, metrics, include_in_schema=False),
    ]
