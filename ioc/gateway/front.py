"""What happens around every request: an id, the audit of its end, safe headers."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ioc.gateway.audit.ledger import Ledger

#: Routes that are not written down: they need no key.
_OPEN = ("/health", "/metrics")


class Front:
    """Outermost layer of the application."""

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        """Wrap an application; write down in this ledger."""
        self._app = app
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        state = scope["state"] = {"request_id": request_id}
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._write_down(scope, state, status)

    def _write_down(self, scope: Scope, state: dict[str, object], status: int) -> None:
        path: str = scope["path"]
        if path.startswith(_OPEN):
            return
        caller = state.get("caller")
        route = getattr(scope.get("route"), "path", "")
        size = state.get("body_bytes", 0)
        self._ledger.count_request(caller, route, size, status)  # type: ignore[arg-type]
        if status >= 400:
            client = scope.get("client")
            address = client[0] if client else ""
            code = str(state.get("problem", ""))
            self._ledger.count_refusal(caller, address, route, status, code)  # type: ignore[arg-type]
