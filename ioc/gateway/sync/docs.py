"""What the OpenAPI document says of `POST /v1/sync` and `/v1/mapped`; tests send its examples."""

from __future__ import annotations

from typing import Any

from ioc.gateway.event_docs import KEY_RESPONSES, problem_response

EXAMPLE_MESSAGE = {
    "service": "DongBoHoSoMC",
    "isUpdating": "False",
    "data": [
        {
            "MaHoSo": "000.25.28.H28-240903-0003",
            "MaTTHC": "1.900106",
            "KenhThucHien": "2",
            "NgayNopHoSo": "20240902200000",
            "NgayTiepNhan": "20240903081500",
            "NgayHenTra": "20240913170000",
            "TrangThaiHoSo": "9",
            "NgayKetThucXuLy": "20240912093000",
            "DonViXuLy": "UBND TP. Hòa Bình",
        }
    ],
}
EXAMPLE_PROGRESS = {
    "service": "CapNhatTienDoHoSoMC",
    "data": [
        {
            "MaHoSo": "000.25.28.H28-240903-0003",
            "ThoiDiemXuLy": "20240905100000",
            "TrangThai": "4",
        }
    ],
}
EXAMPLE_ANSWER = {
    "error_code": "0",
    "message": "Đồng bộ hồ sơ thành công",
    "request_id": "5f0c9a7be2d14c36",
    "server_time": "2024-09-12T09:31:02.125+07:00",
    "dry_run": False,
    "accepted": 1,
    "duplicate": 0,
    "rejected": 0,
    "unsaved": 0,
    "results": [
        {
            "index": 0,
            "request_id": "5f0c9a7be2d14c36",
            "outcome": "accepted",
            "dossier_id": "000.25.28.H28-240903-0003",
            "events": 2,
        }
    ],
}
EXAMPLE_MAPPED_ANSWER = EXAMPLE_ANSWER | {
    "results": [
        {
            "index": 0,
            "request_id": "5f0c9a7be2d14c36",
            "outcome": "accepted",
            "dossier_id": "H28-0007",
            "events": 2,
        }
    ],
}
#: For the mapping file of docs/connect.md.
EXAMPLE_TABLE = (
    "Số hồ sơ;Đơn vị;Ngày nhận;Hẹn trả;Ngày xong\n"
    "H28-0007;UBND TP. Hòa Bình;03/09/2024 08:15;13/09/2024 17:00;12/09/2024 10:00\n"
)
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_ENTRY = {
    "type": "object",
    "description": "A dossier or a step. Scalars are texts, times yyyyMMddHHmmss; unknown "
    "fields are left out, personal ones go no further.",
    "additionalProperties": True,
    "properties": dict.fromkeys(("MaHoSo", "TrangThaiHoSo", "NgayTiepNhan"), _TEXT),
}
_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["error_code", "message", "request_id", "results"],
    "properties": {
        "error_code": {"type": "string", "description": '"0" = every entry is saved.'},
        "message": _TEXT,
        "request_id": _TEXT,
        "server_time": {"type": "string", "format": "date-time"},
        "dry_run": {"type": "boolean"},
        "accepted": _COUNT,
        "duplicate": _COUNT,
        "rejected": _COUNT,
        "unsaved": _COUNT,
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "request_id", "outcome", "dossier_id", "events"],
                "properties": {
                    "index": _COUNT,
                    "request_id": _TEXT,
                    "outcome": _TEXT,
                    "dossier_id": {"type": ["string", "null"]},
                    "events": _COUNT,
                    "losses": {"type": "array", "items": {"type": "object"}},
                },
            },
        },
    },
}


def flag(name: str, description: str) -> dict[str, Any]:
    """Return the documentation of a yes-or-no parameter."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "boolean", "default": False},
    }


FLAGS = [
    flag("dry_run", "Check only; nothing is saved."),
    flag("backfill", "Old data: counted, but nobody is alerted one by one."),
]
SYNC_DOCS: dict[str, Any] = {
    "summary": "Synchronise dossiers as with the national portal",
    "description": (
        "Takes the messages DongBoHoSoMC and CapNhatTienDoHoSoMC as desk software sends them, and "
        "answers in the same manner. What becomes of each field: docs/national-message.md."
    ),
    "tags": ["push"],
    "responses": {
        200: {
            "description": 'Answered entry by entry; `error_code` "0" = every entry is saved.',
            "content": {"application/json": {"schema": _ANSWER, "example": EXAMPLE_ANSWER}},
        },
        400: problem_response("The body is no JSON, damaged, or empty."),
        408: problem_response("The body arrived too slowly."),
        413: problem_response("The body, or the number of entries, is too large."),
        415: problem_response("Unknown encoding."),
        422: problem_response("There is no dossier in it."),
        **KEY_RESPONSES,
    },
    "openapi_extra": {
        "parameters": FLAGS,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["data"],
                        "properties": {
                            "service": _TEXT,
                            "isUpdating": _TEXT,
                            "data": {"type": "array", "items": _ENTRY},
                        },
                    },
                    "examples": {
                        "DongBoHoSoMC": {"value": EXAMPLE_MESSAGE},
                        "CapNhatTienDoHoSoMC": {"value": EXAMPLE_PROGRESS},
                    },
                }
            },
        },
    },
}
_MAPPED_ANSWER = {
    **_ANSWER,
    "properties": {
        **_ANSWER["properties"],
        "unread": {
            "type": "array",
            "items": _TEXT,
            "description": "Names of the records that the mapping does not read; 50 at most.",
        },
    },
}
MAPPED_DOCS: dict[str, Any] = {
    "summary": "Send records of another shape",
    "description": (
        "Takes JSON or CSV of a shape that the IOC has a mapping file for, maps each record to "
        "events, and answers as `POST /v1/sync` does; `unread` names what of the records is not in "
        "the events."
    ),
    "tags": ["push"],
    "responses": {
        200: {
            "description": 'Answered record by record; `error_code` "0" = every record is saved.',
            "content": {
                "application/json": {
                    "schema": _MAPPED_ANSWER,
                    "example": {**EXAMPLE_MAPPED_ANSWER, "unread": []},
                }
            },
        },
        400: problem_response("There is nothing in the body, or it is damaged."),
        404: problem_response("There is no mapping of this name."),
        408: problem_response("The body arrived too slowly."),
        413: problem_response("The body, or the number of records, is too large."),
        415: problem_response("Unknown encoding."),
        422: problem_response("The body does not fit the mapping."),
        **KEY_RESPONSES,
    },
    "openapi_extra": {
        "parameters": FLAGS,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {}},
                "text/csv": {
                    "schema": {"type": "string"},
                    "examples": {"table": {"value": EXAMPLE_TABLE}},
                },
            },
        },
    },
}
