"""Whether the answers' server lives and reaches the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ioc.alerts.answers.http import NO_STORE
from ioc.alerts.store.warehouse import Warehouse
from schemas.errors import FatalError, RetryError


@dataclass(frozen=True)
class Health:
    """Handlers for supervisors; they say nothing about alerts."""

    warehouse: Warehouse

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/health/live", self.live),
            Route("/health/ready", self.ready),
            Route("/health", self.ready),
        ]

    async def live(self, request: Request) -> Response:
        """Answer while the event loop turns."""
        return PlainTextResponse("alive\n", headers=NO_STORE)

    async def ready(self, request: Request) -> Response:
        """Answer 503 while the warehouse does not take answers."""
        try:
            await self.warehouse.ask("SELECT count() FROM alert_turns WHERE turn = 0")
        except (RetryError, FatalError):
            return JSONResponse({"ready": False}, 503, headers=NO_STORE)
        return JSONResponse({"ready": True}, headers=NO_STORE)
