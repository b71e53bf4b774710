"""What the OpenAPI document says about `POST /v1/events`; tests send its examples."""

from __future__ import annotations

from typing import Any

from schemas.events.model import DossierEvent

EXAMPLE_EVENT = {
    "event_id": "20240903-0003-2",
    "source": "motcua-hoabinh",
    "dossier_id": "000.25.28.H28-240903-0003",
    "status": 2,
    "occurred_at": "2024-09-03T08:15:00+07:00",
    "receiver": "04795",
    "due_at": "2024-09-06T17:00:00+07:00",
}
EXAMPLE_ENVELOPE = {
    "specversion": "1.0",
    "id": "20240903-0003-9",
    "source": "/motcua/hoabinh",
    "type": "ioc.dossier-event.v1",
    "time": "2024-09-05T15:40:00+07:00",
    "subject": "000.25.28.H28-240903-0003",
    "datacontenttype": "application/json",
    "data": {"status": 9, "receiver": "04795"},
}
EXAMPLE_RESULTS = {
    "request_id": "5f0c9a7be2d14c36",
    "server_time": "2024-09-05T15:40:02.125+07:00",
    "dry_run": False,
    "accepted": 1,
    "duplicate": 0,
    "rejected": 1,
    "unsaved": 0,
    "results": [
        {
            "index": 0,
            "request_id": "5f0c9a7be2d14c36",
            "outcome": "accepted",
            "event_id": "20240903-0003-2",
            "dossier_id": "000.25.28.H28-240903-0003",
        },
        {
            "index": 1,
            "request_id": "5f0c9a7be2d14c36",
            "outcome": "rejected",
            "event_id": "20240903-0004-1",
            "dossier_id": "000.25.28.H28-240903-0004",
            "code": "bad_status",
            "field": "status",
            "value": "11",
            "message": {
                "vi": 'status không hợp lệ (chỉ 1–10): "11"',
                "en": 'status is not valid (only 1-10): "11"',
            },
            "cure": {
                "vi": "Dùng mã TrangThaiHoSo quốc gia, kiểu số",
                "en": "Use the national status code, a number",
            },
        },
    ],
}


def _inline(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema whose `$defs` stand where they are used; OpenAPI has none."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            rest = {name: part for name, part in schema.items() if name != "$ref"}
            found = definitions[str(schema["$ref"]).rpartition("/")[2]]
            return {**_inline(found, definitions), **_inline(rest, definitions)}
        return {
            name: _inline(part, definitions) for name, part in schema.items() if name != "$defs"
        }
    if isinstance(schema, list):
        return [_inline(part, definitions) for part in schema]
    return schema


def event_schema() -> dict[str, Any]:
    """Return the contract's JSON Schema, without `source`'s being required: the key has one."""
    schema = DossierEvent.model_json_schema()
    inlined: dict[str, Any] = _inline(schema, schema.get("$defs", {}))
    inlined["required"] = [name for name in inlined["required"] if name != "source"]
    return inlined


_EVENT = {"$ref": "#/components/schemas/DossierEvent"}
_ENVELOPE = {"$ref": "#/components/schemas/CloudEvent"}
_RESULTS = {"$ref": "#/components/schemas/Results"}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_BOTH_TEXTS = {
    "type": "object",
    "required": ["vi", "en"],
    "properties": {"vi": {"type": "string"}, "en": {"type": "string"}},
}
_RESULT = {
    "type": "object",
    "required": ["index", "request_id", "outcome", "event_id", "dossier_id"],
    "properties": {
        "index": {"type": "integer", "minimum": 0},
        "request_id": {"type": "string", "description": "Of the request, to name the result by."},
        "outcome": {
            "type": "string",
            "enum": ["accepted", "duplicate", "rejected", "unsaved", "valid"],
        },
        "event_id": {"type": ["string", "null"]},
        "dossier_id": {"type": ["string", "null"]},
        "code": {"type": "string", "description": "Stable reason, for software."},
        "field": {"type": "string"},
        "value": {"type": "string"},
        "message": _BOTH_TEXTS,
        "cure": _BOTH_TEXTS,
    },
}
_COUNT = {"type": "integer", "minimum": 0}
_RESULT_MEMBERS = {
    "request_id": {"type": "string"},
    "server_time": {"type": "string", "format": "date-time"},
    "dry_run": {"type": "boolean"},
    "accepted": _COUNT,
    "duplicate": _COUNT,
    "rejected": _COUNT,
    "unsaved": _COUNT,
    "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
}

#: Schemas that routes refer to.
COMPONENTS: dict[str, Any] = {
    "DossierEvent": event_schema(),
    "CloudEvent": {
        "type": "object",
        "description": "CloudEvents 1.0. `id`, `time` and `subject` stand for event_id, "
        "occurred_at and dossier_id where the data leave these out.",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1, "maxLength": 128},
            "source": {"type": "string", "minLength": 1, "maxLength": 1024},
            "type": {"const": "ioc.dossier-event.v1"},
            "time": {"type": "string", "format": "date-time"},
            "subject": {"type": "string", "maxLength": 128},
            "datacontenttype": {"const": "application/json"},
            "data": {"type": "object"},
        },
        "example": EXAMPLE_ENVELOPE,
    },
    "Result": _RESULT,
    "Results": {
        "type": "object",
        "required": list(_RESULT_MEMBERS),
        "properties": _RESULT_MEMBERS,
        "example": EXAMPLE_RESULTS,
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457. With 422 and 503 it may hold the members of Results too.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "For people, by Accept-Language."},
            "code": {"type": "string", "description": "Stable reason, for software."},
            "retry_after_seconds": {"type": "integer"},
            **_RESULT_MEMBERS,
        },
    },
}


def problem_response(description: str, *, retry_after: bool = False) -> dict[str, Any]:
    """Return the documentation of one refusal."""
    said: dict[str, Any] = {
        "description": description,
        "content": {"application/problem+json": {"schema": _PROBLEM}},
    }
    if retry_after:
        said["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return said


#: Refusals that every route with a key may give.
KEY_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: problem_response("The key is missing, wrong, expired or revoked."),
    403: problem_response("The key lacks the right or the unit."),
    429: problem_response("Too fast.", retry_after=True),
    503: problem_response("Nothing can be saved or read just now.", retry_after=True),
}


def _flag(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "boolean", "default": False},
    }


EVENTS_DOCS: dict[str, Any] = {
    "summary": "Send dossier events",
    "description": (
        "Takes one event, an array, lines (NDJSON) or CloudEvents, also gzipped. Each event has "
        "its own result, in order; a bad one does not harm its neighbours. Sending an event again "
        "is harmless. `accepted` means that Kafka has it on all replicas."
    ),
    "tags": ["push"],
    "responses": {
        200: {
            "description": "Every good event is saved.",
            "content": {"application/json": {"schema": _RESULTS, "example": EXAMPLE_RESULTS}},
        },
        400: problem_response("The body is no JSON, damaged, or empty."),
        408: problem_response("The body arrived too slowly."),
        413: problem_response("The body, or the number of events, is too large."),
        415: problem_response("Unknown media type or encoding."),
        422: problem_response("No event could be accepted; `results` say why."),
        **KEY_RESPONSES,
    },
    "openapi_extra": {
        "parameters": [
            _flag("dry_run", "Check only; nothing is saved."),
            _flag("backfill", "Old data: counted, but nobody is alerted one by one."),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "anyOf": [
                            _EVENT,
                            {"type": "array", "minItems": 1, "items": _EVENT},
                        ]
                    },
                    "examples": {
                        "event": {"value": EXAMPLE_EVENT},
                        "array": {"value": [EXAMPLE_EVENT]},
                    },
                },
                "application/cloudevents+json": {
                    "schema": _ENVELOPE,
                    "examples": {"envelope": {"value": EXAMPLE_ENVELOPE}},
                },
                "application/cloudevents-batch+json": {
                    "schema": {"type": "array", "minItems": 1, "items": _ENVELOPE},
                    "examples": {"batch": {"value": [EXAMPLE_ENVELOPE]}},
                },
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "One event a line."},
                },
            },
        },
    },
}
