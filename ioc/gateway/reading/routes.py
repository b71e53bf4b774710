"""The reading routes, as one router."""

from __future__ import annotations

from fastapi import APIRouter

from ioc.gateway.gateway import Gateway
from ioc.gateway.reading.changes_route import add_changes
from ioc.gateway.reading.desk import ReadingDesk
from ioc.gateway.reading.lookup_route import add_lookup
from ioc.gateway.reading.statistics_route import add_statistics


def make_router(gateway: Gateway) -> APIRouter:
    """Return the router.

    Raises:
        ConfigurationError: the receipts' secret cannot be used.
    """
    router = APIRouter(tags=["read"])
    desk = ReadingDesk.of(gateway)
    add_changes(router, desk)
    add_lookup(router, desk)
    add_statistics(router, desk)
    return router
