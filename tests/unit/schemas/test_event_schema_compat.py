"""An event that a desk may send today must be accepted by every release of this version."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from schemas.events.compat import incompatibilities
from schemas.events.model import json_schema
from schemas.events.schema_file import SCHEMA_FILE, check_schema_file, schema_text


def _changed(path: str, value: Any) -> dict[str, Any]:
    """Return the schema with the entry at a path like `properties/status/maximum` replaced."""
    schema = copy.deepcopy(json_schema())
    *parents, last = path.split("/")
    node: Any = schema
    for name in parents:
        node = node[int(name) if isinstance(node, list) else name]
    if value is None:
        del node[last]
    elif callable(value):
        node[last] = value(node[last])
    else:
        node[last] = value
    return schema


def test_the_committed_schema_is_fresh():
    """Run `ioc schema` after a change of the model."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
    assert check_schema_file().fresh


def test_nothing_is_incompatible_with_itself():
    assert list(incompatibilities(json_schema(), json_schema())) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("required", lambda old: [*old, "receiver"], "event.receiver: is required now"),
        ("properties/status/maximum", 9, "event.status: maximum is 9 now, was 10"),
        ("properties/status/minimum", 2, "event.status: minimum is 2 now, was 1"),
        ("properties/status/type", "string", "type integer is not accepted any more"),
        ("properties/status/enum", [1, 2], "only 1, 2 are accepted now"),
        ("properties/event_id/maxLength", 64, "event.event_id: maxLength is 64 now, was 128"),
        ("properties/event_id/minLength", 2, "event.event_id: minLength is 2 now, was 1"),
        ("properties/event_id/pattern", "^[0-9]+$", "event.event_id: pattern is new or changed"),
        ("properties/source/format", "uuid", "event.source: format is new or changed"),
        ("properties/receiver/anyOf", lambda old: old[:1], "type null is not accepted"),
        ("properties/channel/anyOf/0/maximum", 2, "maximum is 2 now, was 3"),
        ("properties/backfill/const", False, "only False are accepted now"),
        ("properties/schema_version/const", 2, "1 is not accepted any more"),
        ("additionalProperties", False, "event: unknown fields are refused now"),
        ("properties/occurred_at/not", {"type": "null"}, "cannot be compared"),
        ("$defs/Leg/required", lambda old: [*old, "unit"], "event.leg.unit: is required now"),
        ("$defs/LimitUnit/enum", lambda old: old[:-1], "is not accepted any more"),
    ],
)
def test_a_narrowing_is_found(path: str, value: Any, expected: str):
    found = list(incompatibilities(json_schema(), _changed(path, value)))
    assert any(expected in reason for reason in found), found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties/status/maximum", 12),
        ("properties/event_id/maxLength", 256),
        ("properties/event_id/pattern", None),
        ("properties/mayor", {"type": "string"}),
        ("required", lambda old: old[:-1]),
        ("properties/status/description", "other words"),
        ("properties/source/anyOf", [{"type": "string"}, {"type": "integer"}]),
        ("$defs/LimitUnit/enum", lambda old: [*old, "years"]),
        ("properties/sequence/anyOf/0/exclusiveMaximum", 2**60),
    ],
)
def test_a_widening_is_allowed(path: str, value: Any):
    schema = _changed(path, value)
    if path.endswith("source/anyOf"):
        schema["properties"]["source"] = {"anyOf": value}
    assert list(incompatibilities(json_schema(), schema)) == []


def test_a_field_that_vanishes_is_still_accepted_but_not_under_strictness():
    old = json_schema()
    new = _changed("properties/online_level", None)
    assert list(incompatibilities(old, new)) == []
    new["additionalProperties"] = False
    assert "event.online_level: is not allowed any more" in list(incompatibilities(old, new))


def test_bounds_of_the_other_kind_count():
    integer = {"type": "integer"}
    assert not list(
        incompatibilities({**integer, "exclusiveMaximum": 5}, {**integer, "maximum": 5})
    )
    assert list(incompatibilities({**integer, "maximum": 5}, {**integer, "exclusiveMaximum": 5}))
