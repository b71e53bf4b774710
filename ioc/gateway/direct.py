"""The busiest route goes past FastAPI's router, which costs as much as everything else together.

The handler, its answers and its documentation are those of the route; only finding it is short.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ioc.gateway.problems import Problem, answer_problem
from schemas.gateway_texts import Refused

Endpoint = Callable[[Request], Awaitable[Response]]


class _Path:
    """What others in the application ask of a route."""

    def __init__(self, path: str) -> None:
        self.path = path


class Direct:
    """An ASGI application before another one, with some of its routes."""

    def __init__(self, app: FastAPI, posts: Mapping[str, Endpoint]) -> None:
        """Answer POST to these addresses, and leave everything else to the application."""
        self._app = app
        self._posts = {path: (_Path(path), endpoint) for path, endpoint in posts.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        found = self._posts.get(scope.get("path", ""))
        if found is None or scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["app"] = self._app
        scope["route"], endpoint = found
        request = Request(scope, receive)
        try:
            response = await endpoint(request)
        except Problem as problem:
            response = answer_problem(request, problem)
        except Exception:
            response = answer_problem(request, Problem(Refused.BROKEN, status=500))
            await response(scope, receive, send)
            raise  # the server logs it
        await response(scope, receive, send)
