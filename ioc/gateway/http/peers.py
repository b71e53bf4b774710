"""Believes trusted proxies, and answers nobody who sends a key over a network in the clear."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ioc.gateway.problems import MEDIA_TYPE, Problem
from schemas.gateway_settings import Network
from schemas.gateway_texts import Refused


def behind_proxies(app: ASGIApp, networks: Sequence[Network]) -> ASGIApp:
    """Let `X-Forwarded-For` and `X-Forwarded-Proto` of these networks count, and nobody's else."""
    if not networks:
        return app
    believing: Any = ProxyHeadersMiddleware  # has types of its own for the same thing
    believed: ASGIApp = believing(app, [str(each) for each in networks])
    return believed


class PrivatePeers:
    """Outermost layer where the gateway itself speaks plain http."""

    def __init__(self, app: ASGIApp, networks: Sequence[Network], language: str) -> None:
        """Serve this machine and these networks, in which proxies speak https for it."""
        self._app, self._networks = app, tuple(networks)
        problem = Problem(Refused.IN_THE_CLEAR, status=403)
        self._refusal = orjson.dumps(problem.body(language, ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        client = scope.get("client")
        if scope["type"] != "http" or client is None or self._is_private(client[0]):
            await self._app(scope, receive, send)
            return
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(self._refusal)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": self._refusal})

    def _is_private(self, host: str) -> bool:
        try:
            peer = ipaddress.ip_address(host)
        except ValueError:
            return False
        if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped is not None:
            peer = peer.ipv4_mapped
        return peer.is_loopback or any(peer in network for network in self._networks)
