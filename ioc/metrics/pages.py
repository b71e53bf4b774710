"""The pages of a process without ASGI, for the small server of `streams.worker.health`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus

from prometheus_client import CollectorRegistry

from ioc.metrics.registry import Ready, exposition
from ioc.metrics.routes import LIVE, METRICS_PATH, READY_PATH
from schemas.monitor_settings import PagesSettings
from streams.worker.health import Answer, Page, serve_pages

_LOG = logging.getLogger("ioc.metrics")

#: The first path of all, kept for those who ask it.
HEALTH = "/health"


def monitoring_pages(
    alive: Callable[[], bool], ready: Ready, registry: CollectorRegistry
) -> Mapping[str, Page]:
    """Return `/health`, `/health/live`, `/health/ready` and `/metrics` for `serve_pages`.

    Args:
        alive: False means that the process should be started afresh.
        ready: whether it does its work, and the details as JSON.
        registry: of `make_registry`.
    """

    def live() -> Answer:
        fine = alive()
        return _status(fine), "text/plain; charset=utf-8", b"alive\n" if fine else b"stuck\n"

    def is_ready() -> Answer:
        fine, details = ready()
        return _status(fine), "application/json", json.dumps(details).encode()

    def metrics() -> Answer:
        body, content_type = exposition(registry)
        return HTTPStatus.OK, content_type, body

    return {HEALTH: is_ready, LIVE: live, READY_PATH: is_ready, METRICS_PATH: metrics}


def serve_monitoring(settings: PagesSettings, pages: Mapping[str, Page]) -> int:
    """Serve the pages until the process ends; return the port.

    Several workers on one machine want the same one unless they are told otherwise: the second has
    its pages elsewhere.

    Raises:
        OSError: the port that was set is taken.
    """
    try:
        return serve_pages(settings.port, pages, settings.host)
    except OSError:
        if "port" in settings.model_fields_set:
            raise
    port = serve_pages(0, pages, settings.host)
    _LOG.warning("port %s is taken: health and metrics are at %s", settings.port, port)
    return port


def _status(fine: bool) -> HTTPStatus:
    return HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE
