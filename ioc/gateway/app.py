"""The gateway as an ASGI application."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from ioc.gateway import events_route
from ioc.gateway.direct import Direct
from ioc.gateway.front import Front
from ioc.gateway.gateway import Gateway
from ioc.gateway.openapi import describe
from ioc.gateway.problems import Problem, answer_problem
from ioc.gateway.routers import all_routers
from schemas.gateway_texts import Refused


def make_asgi(gateway: Gateway, monitoring: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Return what a server serves: `make_app`'s application with what goes around it."""
    app = make_app(gateway, monitoring)
    direct = Direct(app, {events_route.ROUTE: events_route.EventsEndpoint(gateway)})
    return Front(direct, gateway.ledger)


def make_app(gateway: Gateway, monitoring: Sequence[BaseRoute] = ()) -> FastAPI:
    """Return the application with all routers.

    Args:
        gateway: what the routes share; they find it as `request.app.state.gateway`.
        monitoring: routes of health and metrics.
    """
    app = FastAPI(
        title="IOC gateway",
        version="1",
        # Their pages load scripts from elsewhere; the document itself is at this address.
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        # An address is right or it is not; the other way would repeat what the sender called it.
        redirect_slashes=False,
    )
    app.state.gateway = gateway
    app.state.language = gateway.settings.language
    routers = all_routers(gateway)
    for router in routers:
        app.include_router(router)
    app.router.routes.extend(monitoring)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_error)
    describe(app, routers)
    return app


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for it
    return answer_problem(request, error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.status_code == 405:
        problem = Problem(Refused.METHOD, status=405, headers=error.headers, method=request.method)
    elif error.status_code == 404:
        problem = Problem(Refused.NOT_FOUND, status=404)
    else:
        problem = Problem(
            Refused.BAD_PARAMETER, status=error.status_code, name="", reason=str(error.detail)[:120]
        )
    return answer_problem(request, problem)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    # The value itself is not repeated: nobody knows what it is.
    return answer_problem(
        request, Problem(Refused.BAD_PARAMETER, status=422, name=name, reason=str(first["msg"]))
    )


async def _on_error(request: Request, error: Exception) -> Response:
    return answer_problem(request, Problem(Refused.BROKEN, status=500))
