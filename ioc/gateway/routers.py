"""The routes of the gateway, by what they are for. A new kind of route is added here."""

from __future__ import annotations

from fastapi import APIRouter

from ioc.gateway import events_route
from ioc.gateway.gateway import Gateway
from ioc.gateway.page.routes import make_router as make_page_router
from ioc.gateway.reading.routes import make_router as make_reading_router
from ioc.gateway.reconcile.routes import make_router as make_reconcile_router
from ioc.gateway.sync.mapped import make_router as make_mapped_router
from ioc.gateway.sync.routes import make_router as make_sync_router


def all_routers(gateway: Gateway) -> list[APIRouter]:
    """Return every router of the application, in the order of its documentation."""
    return [
        events_route.make_router(gateway),
        make_sync_router(gateway),
        make_mapped_router(gateway),
        make_reconcile_router(gateway),
        make_reading_router(gateway),
        make_page_router(gateway),
    ]
