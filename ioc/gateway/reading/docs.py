"""What the OpenAPI document says about the reading routes; tests compare it with real answers."""

from __future__ import annotations

from typing import Any

from ioc.gateway.event_docs import KEY_RESPONSES, problem_response

EXAMPLE_DOSSIER: dict[str, Any] = {
    "dossier_id": "000.25.28.H28-240903-0003",
    "status": 4,
    "status_text": "Đang xử lý",
    "state": "in_time",
    "state_text": "Đang giải quyết trong hạn",
    "summary": "Phường Thịnh Lang đang xử lý hồ sơ. Hẹn trả kết quả: ngày 06/09/2024.",
    "procedure": None,
    "receiver": {"code": "04795", "name": "Phường Thịnh Lang"},
    "authority": {"code": "04795", "name": "Phường Thịnh Lang"},
    "handler": {"code": "04795", "name": "Phường Thịnh Lang"},
    "registered_at": None,
    "received_at": "2024-09-03T08:15:00+07:00",
    "first_due_at": "2024-09-06T17:00:00+07:00",
    "due_at": "2024-09-06T17:00:00+07:00",
    "due_text": "ngày 06/09/2024",
    "apologised": False,
    "result_at": None,
    "returned_at": None,
    "steps": [
        {
            "at": "2024-09-03T08:15:00+07:00",
            "status": 2,
            "status_text": "Được tiếp nhận",
            "unit": {"code": "04795", "name": "Phường Thịnh Lang"},
            "text": "Phường Thịnh Lang đã tiếp nhận hồ sơ.",
        },
        {
            "at": "2024-09-03T10:00:00+07:00",
            "status": 4,
            "status_text": "Đang xử lý",
            "unit": {"code": "04795", "name": "Phường Thịnh Lang"},
            "text": "Phường Thịnh Lang đang xử lý hồ sơ.",
        },
    ],
    "complete_up_to": "2024-09-03T10:00:01+07:00",
    "request_id": "5f0c9a7be2d14c36",
}
EXAMPLE_CHANGES: dict[str, Any] = {
    "dossiers": [
        {
            "dossier_id": "000.25.28.H28-240903-0003",
            "status": 4,
            "phase": "processing",
            "live": True,
            "receiver": "04795",
            "authority": "04795",
            "handler": "04795",
            "procedure": None,
            "field": None,
            "channel": 1,
            "registered_at": None,
            "received_at": "2024-09-03T08:15:00+07:00",
            "first_due_at": "2024-09-06T17:00:00+07:00",
            "due_at": "2024-09-06T17:00:00+07:00",
            "apologised": False,
            "result_at": None,
            "returned_at": None,
            "finished_at": None,
            "verdict": None,
            "last_event_at": "2024-09-03T10:00:00+07:00",
            "late_from": "2024-09-07T00:00:00+07:00",
        }
    ],
    "more": False,
    "next": "MXjaY2BgYGQYBaNgFIyCUTAKRsEoGAWjYBSMglEwCkbBKBgFowAAIQAAAQ",
    "complete_up_to": "2024-09-03T10:00:01.125+07:00",
    "request_id": "5f0c9a7be2d14c36",
}
EXAMPLE_STATISTICS: dict[str, Any] = {
    "unit": "04795",
    "from": "2024-09-01",
    "to": "2024-09-30",
    "field": None,
    "channel": None,
    "at": "2024-09-30T16:00:00.000+07:00",
    "figures": {
        "received": {
            "value": 120,
            "unit": "dossiers",
            "title": "Tiếp nhận",
            "definition": "Số hồ sơ có ngày tiếp nhận trong kỳ, không gồm hồ sơ kỳ trước chuyển "
            "sang.",
            "parts": {"received_before": 110, "received_change": 0.09090909090909091},
        }
    },
    "shares": [
        {
            "rule": "desk",
            "in_time": 97,
            "decided": 100,
            "share": 0.97,
            "score": None,
            "title": "Đúng hạn trên số đã giải quyết",
        }
    ],
    "shares_definition": "Cùng một kỳ theo ba quy tắc, mỗi quy tắc có mẫu số riêng; quy tắc QĐ 766 "
    "không tách theo lĩnh vực và kênh.",
    "request_id": "5f0c9a7be2d14c36",
}
EXAMPLE_RECEIPT = {
    "dossier_id": "000.25.28.H28-240903-0003",
    "digits": "204816",
    "request_id": "5f0c9a7be2d14c36",
}


def _answer(description: str, example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {
            "description": description,
            "content": {"application/json": {"schema": _schema_of(example), "example": example}},
        },
        **KEY_RESPONSES,
    }


def _schema_of(example: dict[str, Any]) -> dict[str, Any]:
    """Every member of the example is always there; what it holds is said by the guide."""
    return {"type": "object", "required": list(example), "properties": {n: {} for n in example}}


_INVALID = {422: problem_response("A parameter is not valid.")}

LOOKUP_DOCS: dict[str, Any] = {
    "summary": "Look one dossier up",
    "description": (
        "For kiosks and the switchboard: status, units, due date and steps in plain words, in the "
        "language of Accept-Language. Needs the right `lookup` and a unit that has to do with the "
        "dossier. Unknown, somebody else's and wrong digits get the same answer; who finds nothing "
        "too often must wait."
    ),
    "responses": {
        **_answer("The dossier.", EXAMPLE_DOSSIER),
        404: problem_response("No such dossier, for this key."),
        **_INVALID,
    },
}
RECEIPT_DOCS: dict[str, Any] = {
    "summary": "Ask for the digits of a receipt",
    "description": (
        "Where the province asks for a second factor: the digits that a desk prints on the "
        "receipt of a dossier of its own, as soon as its first event was accepted. Unknown and "
        "somebody else's get the same answer, and are counted as at looking up. Needs the right "
        "`push`."
    ),
    "responses": {
        **_answer("The digits.", EXAMPLE_RECEIPT),
        404: problem_response("Unknown, or somebody else's; or no digits are in use."),
        **_INVALID,
    },
}
CHANGES_DOCS: dict[str, Any] = {
    "summary": "List dossiers that changed",
    "description": (
        "Dossiers of the own units that changed since a moment. Ask again with `next` as `cursor`: "
        "at once while `more` is true, else when you like. Nothing that changes in between is "
        "passed over; a dossier may be told more than once, always as it is. Needs the right "
        "`read`."
    ),
    "responses": {**_answer("One page.", EXAMPLE_CHANGES), **_INVALID},
}
STATISTICS_DOCS: dict[str, Any] = {
    "summary": "Figures of a unit and a period",
    "description": (
        "The same figures as the walls, by the same queries, each with its definition and its "
        "denominator. Shares are 0 to 1; one without a denominator is null. Needs the right `read`."
    ),
    "responses": {**_answer("The figures.", EXAMPLE_STATISTICS), **_INVALID},
}
