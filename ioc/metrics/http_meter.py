"""Counts the requests of an ASGI application: plain integers, three microseconds a request."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from inspect import isroutine

from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ioc.metrics.families import Labels, histogram, labelled, single
from schemas.metric_names import HTTP_IN_FLIGHT, HTTP_REQUESTS, HTTP_SECONDS

BOUNDS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: An address that fits no route: one label for all of them, or a stranger would fill memory.
UNKNOWN_ROUTE = "(none)"


class HttpMeter(Collector):
    """An ASGI middleware that is a collector too.

    The route is its template (`/v1/dossiers/{dossier_id}`), taken from what the router left in the
    scope, so that no address that somebody asked for becomes a label.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._counts: dict[tuple[str, str, str], int] = {}
        self._seconds: dict[str, tuple[list[int], list[float]]] = {}
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # an application that raises before it answers

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        self._in_flight += 1
        try:
            await self._app(scope, receive, watched)
        finally:
            self._in_flight -= 1
            self._note(_route(scope), scope["method"], status, time.perf_counter() - started)

    def _note(self, route: str, method: str, status: int, seconds: float) -> None:
        key = (route, method if method in _METHODS else "other", str(status))
        self._counts[key] = self._counts.get(key, 0) + 1
        if route not in self._seconds:
            self._seconds[route] = ([0] * (len(BOUNDS_SECONDS) + 1), [0.0])
        hits, total = self._seconds[route]
        hits[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        total[0] += seconds

    def collect(self) -> Iterator[Family]:
        """Tell what was counted."""
        yield labelled(HTTP_REQUESTS, {key: float(n) for key, n in self._counts.items()})
        seconds: dict[Labels, tuple[list[int], float]] = {
            (route,): (list(hits), total[0]) for route, (hits, total) in self._seconds.items()
        }
        yield histogram(HTTP_SECONDS, BOUNDS_SECONDS, seconds)
        yield single(HTTP_IN_FLIGHT, self._in_flight)


def _route(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    # FastAPI leaves no route in the scope for one of Starlette's; its function is there. Without
    # parameters the address is the template; a mounted folder is no function.
    endpoint = scope.get("endpoint")
    if not isroutine(endpoint):
        return UNKNOWN_ROUTE
    return str(endpoint.__name__) if scope.get("path_params") else str(scope["path"])
