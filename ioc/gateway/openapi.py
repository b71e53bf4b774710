"""The OpenAPI document: what FastAPI finds out, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from ioc.gateway.event_docs import COMPONENTS

_DESCRIPTION = (
    "Nhận sự kiện hồ sơ từ phần mềm một cửa và trả lời tra cứu. / Takes dossier events from desk "
    "software, and answers questions about dossiers and figures."
)
_SECURITY = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "`Authorization: Bearer ioc_…`, a key made by `ioc keys create`.",
    },
    "key_as_password": {
        "type": "http",
        "scheme": "basic",
        "description": "For software that only knows an address: the key is the password.",
    },
}
#: Addresses that need no key.
_OPEN_TAG = "open"


def describe(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let the application answer with the completed document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes
            )
            components = found.setdefault("components", {})
            components.setdefault("schemas", {}).update(COMPONENTS)
            components["securitySchemes"] = _SECURITY
            for path in found["paths"].values():
                for operation in path.values():
                    if _OPEN_TAG not in operation.get("tags", ()):
                        operation["security"] = [{"key": []}, {"key_as_password": []}]
            for router in routers:
                _put_examples_back(found["paths"], router)
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _put_examples_back(paths: dict[str, Any], router: APIRouter) -> None:
    """Undo what FastAPI does to examples: it leaves members out that are null."""
    for route in router.routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            told = paths[route.path_format][method.lower()]["responses"]
            for status, response in route.responses.items():
                for media, content in response.get("content", {}).items():
                    if "example" in content:
                        told[str(status)]["content"][media]["example"] = content["example"]
