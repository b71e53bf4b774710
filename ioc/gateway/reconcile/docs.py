"""What the OpenAPI document says about `POST /v1/reconcile`; tests send its example."""

from __future__ import annotations

from typing import Any

from ioc.gateway.event_docs import KEY_RESPONSES, problem_response
from ioc.gateway.reconcile.comparison import KINDS
from ioc.gateway.reconcile.question import MOST_DOSSIERS

EXAMPLE_QUESTION = {
    "from": "2024-09-01",
    "to": "2024-09-30",
    "dossiers": [
        {"dossier_id": "000.25.28.H28-240903-0003", "status": 9},
        {"dossier_id": "000.25.28.H28-240903-0004", "status": 4},
    ],
}
EXAMPLE_ANSWER = {
    "request_id": "5f0c9a7be2d14c36",
    "source": "motcua-hoabinh",
    "from": "2024-09-01",
    "to": "2024-09-30",
    "compared_at": "2024-10-01T08:00:00.000+07:00",
    "counts": {
        "desk": 2,
        "known": 1,
        "missing": 1,
        "excess": 0,
        "differing": 0,
        "elsewhere": 0,
    },
    "missing": [{"dossier_id": "000.25.28.H28-240903-0004", "desk_status": 4, "ioc_status": None}],
    "excess": [],
    "differing": [],
    "elsewhere": [],
}
_COUNT = {"type": "integer", "minimum": 0}
_STATUS = {"type": "integer", "minimum": 1, "maximum": 10}
_DIFFERENCE = {
    "type": "object",
    "required": ["dossier_id", "desk_status", "ioc_status"],
    "properties": {
        "dossier_id": {"type": "string"},
        "desk_status": {"type": ["integer", "null"]},
        "ioc_status": {"type": ["integer", "null"]},
    },
}
_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["request_id", "source", "from", "to", "compared_at", "counts", *KINDS],
    "properties": {
        "request_id": {"type": "string"},
        "source": {"type": "string"},
        "from": {"type": "string", "format": "date"},
        "to": {"type": "string", "format": "date"},
        "compared_at": {"type": "string", "format": "date-time"},
        "counts": {"type": "object", "additionalProperties": _COUNT},
        **{kind: {"type": "array", "items": _DIFFERENCE} for kind in KINDS},
    },
}
RECONCILE_DOCS: dict[str, Any] = {
    "summary": "Reconcile a period",
    "description": (
        "Takes the dossiers that the desk received in a period, with their statuses, and answers "
        "what is `missing` here, what is here in `excess` (of the key's source and units), what "
        "has a `differing` status (2 and 4 are the same), and what is here but `elsewhere`, in "
        "another period. The newest result of each source stands on the pipeline board."
    ),
    "tags": ["push"],
    "responses": {
        200: {
            "description": "The differences; at most 10,000 of each kind are listed.",
            "content": {"application/json": {"schema": _ANSWER, "example": EXAMPLE_ANSWER}},
        },
        400: problem_response("The body is no JSON, or damaged."),
        408: problem_response("The body arrived too slowly."),
        413: problem_response("The body, or the number of dossiers, is too large."),
        415: problem_response("Unknown encoding."),
        422: problem_response("Another shape, or an impossible period."),
        **KEY_RESPONSES,
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["from", "to", "dossiers"],
                        "properties": {
                            "from": {"type": "string", "format": "date"},
                            "to": {"type": "string", "format": "date"},
                            "dossiers": {
                                "type": "array",
                                "maxItems": MOST_DOSSIERS,
                                "items": {
                                    "type": "object",
                                    "required": ["dossier_id", "status"],
                                    "properties": {
                                        "dossier_id": {
                                            "type": "string",
                                            "minLength": 1,
                                            "maxLength": 128,
                                        },
                                        "status": _STATUS,
                                    },
                                },
                            },
                        },
                    },
                    "examples": {"period": {"value": EXAMPLE_QUESTION}},
                }
            },
        },
    },
}
