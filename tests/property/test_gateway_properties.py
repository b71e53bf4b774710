"""Properties of the gateway's pure parts."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson
from gateway_kit import event
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from ioc.gateway.http.split import split
from ioc.gateway.intake.depth import is_deeper
from ioc.gateway.intake.fields import encode, read_fields
from ioc.gateway.intake.prepare import Prepared, Rules, prepare
from ioc.gateway.intake.recent import Known, Recent
from ioc.gateway.intake.result import ItemResult
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.limits import Limits, Pace
from ioc.gateway.problems import Problem
from schemas.events import EventRecord
from schemas.gateway_texts import Fault

NOW_MS = 1_767_225_600_000
CALLER = Caller(
    "k", "motcua-test", frozenset(Right), frozenset({"04795"}), ("04795",), False, False, ""
)
RULES = Rules(64_000, 16, 300_000, frozenset({"04795", "04789"}))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
NAMES = st.sampled_from([*sorted(event(1)), "leg", "apology", "extras", "sequence", "channel", "x"])


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Valid events with odd texts and unknown fields."""
    found = event(draw(st.integers(0, 99)))
    found["event_id"] = draw(TEXTS.filter(lambda text: text.strip()))
    found["dossier_id"] = draw(TEXTS.filter(lambda text: text.strip()))
    found["status"] = draw(st.integers(1, 10))
    if draw(st.booleans()):
        found["ghi chú"] = draw(TEXTS)
    return found


def check(item: bytes) -> Prepared | ItemResult:
    return prepare(item, CALLER, RULES, NOW_MS, backfill=False)


@given(st.binary(max_size=300))
@example(b'{"event_id":"\\ud800"}')
def test_no_bytes_break_the_check(item: bytes):
    found = check(item)
    assert isinstance(found, ItemResult)
    assert found.code in {fault.code for fault in Fault}


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_no_values_of_known_fields_break_the_check(changes: dict[str, Any]):
    found = check(json.dumps(event(1) | changes).encode())
    if isinstance(found, ItemResult):
        orjson.dumps(found.as_dict(0, "now"))
    else:
        assert found.dossier_id
        assert encode(read_fields(found.value)) == found.value


@given(events(), st.randoms(use_true_random=False), st.sampled_from([None, 1, 4]))
def test_the_same_event_is_the_same_bytes_however_it_is_written(event_: Any, random: Any, indent):
    first = check(json.dumps(event_).encode())
    names = list(event_)
    random.shuffle(names)
    shuffled = {name: event_[name] for name in names}
    again = check(json.dumps(shuffled, indent=indent, ensure_ascii=True).encode())
    assert isinstance(first, Prepared)
    assert isinstance(again, Prepared)
    assert first.value == again.value


def cut(body: bytes, media: str) -> list[bytes | ItemResult]:
    return split(body, Headers({"content-type": media}), 1000)


@given(st.lists(events(), min_size=1, max_size=5))
def test_every_packing_holds_the_same_events(many: list[dict[str, Any]]):
    alone = [check(json.dumps(each, ensure_ascii=False).encode()) for each in many]
    packed = {
        "application/json": json.dumps(many).encode(),
        "application/x-ndjson": b"\n".join(orjson.dumps(each) for each in many),
        "application/cloudevents-batch+json": orjson.dumps(
            [
                {
                    "specversion": "1.0",
                    "id": each["event_id"],
                    "source": "/x",
                    "type": "ioc.dossier-event.v1",
                    "time": each["occurred_at"],
                    "subject": each["dossier_id"],
                    "data": {
                        k: v
                        for k, v in each.items()
                        if k not in ("event_id", "dossier_id", "occurred_at")
                    },
                }
                for each in many
            ]
        ),
    }
    for media, body in packed.items():
        found = [check(item) for item in cut(body, media) if isinstance(item, bytes)]
        assert [each.dossier_id for each in found] == [each.dossier_id for each in alone], media
        assert [each.record[:6] for each in found if isinstance(each, Prepared)] == [
            each.record[:6] for each in alone if isinstance(each, Prepared)
        ] or any("\\" in json.dumps(each) for each in many), media


@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["application/json", "application/x-ndjson", "application/cloudevents-batch+json"]
    ),
)
@settings(max_examples=300)
def test_no_body_breaks_the_cutting(body: bytes, media: str):
    try:
        items = cut(body, media)
    except Problem as problem:
        assert problem.status in (400, 413)
    else:
        assert items


@given(JSON)
def test_depth_is_what_python_counts(value: Any):
    def depth(each: Any) -> int:
        if isinstance(each, dict):
            return 1 + max(map(depth, each.values()), default=0)
        if isinstance(each, list):
            return 1 + max(map(depth, each), default=0)
        return 0

    text = json.dumps(value).encode()
    for limit in range(1, 6):
        assert is_deeper(text, limit) == (depth(value) > limit)


@given(
    st.floats(0.5, 1000),
    st.integers(1, 1000),
    st.lists(st.tuples(st.floats(-5, 50), st.integers(1, 200)), max_size=40),
)
def test_no_pace_gives_more_than_its_burst_and_its_rate(rate: float, burst: int, asks: Any):
    pace, now, start, taken = Pace(rate, burst), 1000.0, 1000.0, 0.0
    latest = start
    for wait, amount in asks:
        now += wait
        latest = max(latest, now)
        needed = min(amount, burst)
        answer = pace.take("a", amount, now)
        if answer == 0:
            taken += amount
            debt = amount - needed
            assert taken - debt <= burst + (latest - start + 5 * len(asks)) * rate + 1e-6
        else:
            assert answer >= 1
            assume(answer < 1e6)
            assert pace.take("b", needed, now) in (0, answer) or math.isfinite(answer)


def test_whoever_waits_as_long_as_told_gets_through():
    pace, now = Pace(10, 20), 0.0
    for _ in range(50):
        wait = pace.take("a", 15, now)
        if wait:
            now += wait
            assert pace.take("a", 15, now) == 0


@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 30), st.floats(0, 5)), max_size=200),
)
def test_several_gateways_let_through_what_one_may(
    count: int, asked: list[tuple[int, int, float]]
) -> None:
    """However a key spreads its requests, all gateways together keep to its limit."""
    rate, burst, most_at_once = 40.0, 80, 30
    limits = {"requests": (rate, burst), "events": (rate, burst), "bad_keys_per_minute": 60.0}
    shares = [Limits(**limits, share=1 / count) for _ in range(count)]
    now, events, wrong = 0.0, 0, 0
    for place, amount, pause in asked:
        now += pause
        gateway = shares[place % count]
        events += 0 if gateway.events_wait("key", amount, now) else amount
        wrong += not gateway.bad_key_wait("address", now)
    # A full bucket may go into debt by one request.
    assert events <= burst + rate * now + count * most_at_once + 1e-6
    assert wrong <= 60 + now + 1e-6


def record_of(number: int, said: int) -> tuple[str, EventRecord]:
    found = check(orjson.dumps(event(number, status=said)))
    assert isinstance(found, Prepared)
    return found.dossier_id, found.record


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=100))
def test_the_last_half_is_always_remembered(told: list[tuple[int, int]]):
    recent = Recent(20)
    added: list[tuple[int, int]] = []
    for number, said in told:
        # What is known is not added again, and grows old.
        if recent.look(*record_of(number, said)) is not Known.NEW:
            continue
        recent.add(*record_of(number, said))
        added.append((number, said))
        for other, first in added[-10:]:
            assert recent.look(*record_of(other, first)) is Known.SAME
            assert recent.look(*record_of(other, first % 10 + 1)) is Known.OTHER


def test_another_spelling_is_the_same_event_and_hashes_of_before_know_bytes_only():
    recent = Recent(20)
    recent.add(*record_of(1, 2))
    spelled = event(1, occurred_at="2024-09-03T01:15:00Z")
    other = prepare(orjson.dumps(spelled), CALLER, RULES, NOW_MS, backfill=True)
    assert isinstance(other, Prepared)
    assert other.record.content_hash != record_of(1, 2)[1].content_hash
    assert recent.look(other.dossier_id, other.record) is Known.SAME
    # Known as old data, and told live now: that is news, as its file alerts singly from now on.
    old = Recent(20)
    old.add(other.dossier_id, other.record)
    assert old.look(other.dossier_id, other.record) is Known.SAME
    assert old.look(*record_of(1, 2)) is Known.OTHER
    fresh = Recent(20)
    fresh.load([record_of(1, 2)[1].content_hash])
    assert fresh.look(*record_of(1, 2)) is Known.SAME
    assert fresh.look(other.dossier_id, other.record) is Known.NEW
