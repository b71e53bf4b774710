"""Checks of one event: pure, so every rule is tried without a server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gateway_kit import PROVINCE, SOURCE, event

from ioc.gateway.intake.depth import is_deeper
from ioc.gateway.intake.fields import Fields, mendable, read_fields
from ioc.gateway.intake.prepare import Prepared, Rules, prepare
from ioc.gateway.intake.result import ItemResult
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from schemas.events import DossierEvent, decode_event
from schemas.gateway_texts import Fault

CODES = frozenset({"04795", "04792", *PROVINCE})
KNOWN = CODES | {"04789"}
CALLER = Caller("k", SOURCE, frozenset(Right), CODES, PROVINCE, False, False, "127.0.0.1")
RULES = Rules(max_item_bytes=10_000, max_depth=8, future_ms=300_000, known_units=KNOWN)
NOW_MS = 1_767_225_600_000  # 2026-01-01T07:00:00+07:00


def check(item: Any, *, backfill: bool = False) -> Prepared | ItemResult:
    body = item if isinstance(item, bytes) else json.dumps(item).encode()
    return prepare(body, CALLER, RULES, NOW_MS, backfill=backfill)


def code(item: Any) -> str:
    found = check(item)
    return found.code if isinstance(found, ItemResult) else ""


def test_the_fields_are_those_of_the_contract():
    """A field of the contract that is missing here would be dropped without a word."""
    assert set(Fields.__struct_fields__) == set(DossierEvent.model_fields)


def test_what_goes_to_kafka_says_the_same_as_what_was_sent():
    whole = event(
        1,
        leg={"number": 1, "unit": "04792", "started_at": "2024-09-03T09:00:00+07:00"},
        apology={"issued_at": "2024-09-05T09:00:00+07:00"},
        extras={"payment": {"amount": 1}},
        sequence=7,
        unknown="x",
    )
    prepared = check(whole)
    assert isinstance(prepared, Prepared)
    assert json.loads(prepared.value) == {k: v for k, v in whole.items() if k != "unknown"}
    sent = decode_event(json.dumps(whole).encode(), NOW_MS)[1]
    assert prepared.record._replace(content_hash=0) == sent._replace(content_hash=0)
    assert prepared.names_unit


@pytest.mark.parametrize("place", ["receiver", "authority", "handler"])
def test_every_unit_that_is_named_must_be_covered(place: str):
    assert code(event(1, **{place: "04792"})) == ""
    assert code(event(1, **{place: "04789"})) == "foreign_unit"
    assert code(event(1, **{place: "nowhere"})) == "unknown_unit"
    assert code(event(1, leg={"number": 1, "unit": "04789"})) == "foreign_unit"


def test_a_day_ahead_is_the_contracts_limit_and_minutes_are_ours():
    assert code(event(1, occurred_at="2026-01-01T07:04:59+07:00")) == ""
    assert code(event(1, occurred_at="2026-01-01T07:05:01+07:00")) == "future_time"
    # The same through the contract itself, which judges what the quick reader does not know.
    assert code(event(1, occurred_at="2026-01-01T07:05:01.5+07:00")) == "future_time"
    assert code(event(1, occurred_at="2026-01-01T00:04:59Z")) == ""


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_json"),
        (b"null", "not_json"),
        (b'{"status":1e999}', "bad_status"),
        (b'\xff{"a":1}', "not_json"),
        (b'{"event_id":"\xff"}', "not_json"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "too_deep"),
        (b'{"a":"' + b"x" * 11_000 + b'"}', "too_long"),
        (json.dumps(event(1, event_id="")).encode(), "bad_value"),
        (json.dumps(event(1, event_id="a\x00b")).encode(), "bad_value"),
        (json.dumps(event(1, source="other")).encode(), "foreign_source"),
        (json.dumps(event(1, due_at="2099-01-01T00:00:00+07:00")).encode(), "bad_time"),
        (json.dumps(event(1, due_at="0000-99-99T00:00:00+07:00")).encode(), "bad_time"),
        (json.dumps(event(1, sequence=2**70)).encode(), "bad_value"),
        (json.dumps(event(1, channel=9)).encode(), "bad_value"),
        (b'{"status":' + b"9" * 5000 + b"}", "not_json"),
    ],
)
def test_what_is_wrong_has_a_code_with_text_and_cure(item: bytes, expected: str):
    found = code(item)
    # Which of several faults is told first is the contract's affair.
    assert found == expected or (found == "missing_field" and expected == "bad_status")
    fault = Fault.of(found)
    assert fault.code == found
    assert all(fault.value.text) and all(fault.value.cure)


def test_every_fault_has_both_languages_with_the_same_placeholders():
    for fault in Fault:
        for text in (fault.value.text, fault.value.cure):
            assert text.vi and text.en
            values = {"field": "F", "value": "V", "server_time": "T"}
            assert text.vi.format(**values)
            assert text.en.format(**values)


def test_a_kept_reject_holds_no_text_that_could_name_somebody():
    item = event(1, procedure="Nguyễn Văn A", event_id="a@b.vn", extras={"x": "y"}, handler="1 2")
    kept = json.loads(mendable(read_fields(json.dumps(item).encode())))
    assert "extras" not in kept
    assert not {"procedure", "event_id", "handler"} & kept.keys()
    assert kept["dossier_id"] == item["dossier_id"]


def test_brackets_in_texts_do_not_make_an_event_deep():
    assert not is_deeper(b'{"a":"[[[[[[[[[[{{{{{{{{\\"[[[[["}', 3)
    assert not is_deeper(b'[{"a":[1]},{"a":[1]},{"a":[1]}]', 3)
    assert is_deeper(b'[[[["', 3)
