"""Order at a glance, timers, homes of dossiers, and the decoder against whatever may come."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections import Counter

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as kafka_murmur2

from schemas.errors import RejectError
from schemas.events import EventRecord, decode_event
from schemas.events.decode import EARLIEST_EPOCH, FUTURE_TOLERANCE_MS, LATEST_EPOCH
from schemas.events.hashing import content_hash
from schemas.events.record import LIMIT_UNITS
from schemas.events.shard import (
    ALLOWED_PARTITION_COUNTS,
    SHARDS,
    murmur2,
    partition_of_shard,
    shard_of,
    shards_of,
    shards_of_partition,
)
from streams.deadlines import Crossing, Rule, Timers
from streams.fold import order_events
from streams.fold.order import follows

NOW_MS = 1_793_754_000_000

# Few values of everything that orders, so that ties are common.
bare_events = st.builds(
    lambda source, event_id, ms, sequence: EventRecord(
        source, event_id, 1, 2, ms, sequence, *[None] * 13
    ),
    st.sampled_from(["a", "b", "ă"]),
    st.sampled_from(["1", "2", "10", "é", "z"]),
    st.integers(0, 5),
    st.none() | st.integers(0, 3),
)


def unique(events: list[EventRecord]) -> list[EventRecord]:
    return list({(event.source, event.event_id): event for event in events}.values())


@given(st.lists(bare_events, min_size=1, max_size=7).map(unique), bare_events)
def test_at_a_glance_means_the_same_as_ordering_anew(
    events: list[EventRecord], newest: EventRecord
) -> None:
    """`follows` may say no too often, but a yes must leave the order as it is."""
    events = order_events([e for e in events if e[:2] != newest[:2]])
    if follows(newest, events):
        assert order_events([*events, newest]) == [*events, newest]


@given(st.lists(bare_events, max_size=8).map(unique))
def test_a_source_keeps_its_sequence_and_the_rest_its_time(events: list[EventRecord]) -> None:
    ordered = order_events(events)
    for source in ("a", "b", "ă"):
        own = [e for e in ordered if e.source == source and e.sequence is not None]
        assert own == sorted(own, key=lambda e: (e.sequence, e.occurred_ms, e.event_id))
    plain = [e for e in ordered if e.sequence is None]
    assert [e.occurred_ms for e in plain] == sorted(e.occurred_ms for e in plain)


moments = st.integers(0, 30)
crossings = st.builds(
    lambda at, rule, leg: Crossing(at, rule, at - 1, leg), moments, st.sampled_from(Rule), moments
)
standing = st.lists(st.tuples(st.sampled_from(["d1", "d2", "d3"]), crossings), unique=True)


@given(standing, st.lists(moments).map(sorted), st.integers(1, 4))
def test_every_crossing_comes_up_once_and_in_time(
    entries: list[tuple[str, Crossing]], looks: list[int], most: int
) -> None:
    timers = Timers()
    for dossier_id, crossing in entries:
        timers.set(dossier_id, crossing)
    taken: list[tuple[str, Crossing]] = []
    for now in looks:
        while part := timers.take_until(now, most):
            assert len(part) <= most
            taken += part
        assert Counter(taken) == Counter(e for e in entries if e[1].at <= now)
        next_at = timers.next_at()
        assert next_at is None or next_at > now
    assert [c.at for _, c in taken] == sorted(c.at for _, c in taken)
    assert len(timers) == len(entries) - len(taken)


@given(st.binary(max_size=40))
@example(b"")
@example(b"000.25.28.H28-240901-0003")
@example("Hồ sơ số 1".encode())
def test_murmur2_is_that_of_kafka(key: bytes) -> None:
    assert murmur2(key) == kafka_murmur2(key) & 0xFFFFFFFF


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=9), max_size=60))
@example(["", "a", "ă", "abcd", "000.25.28.H28-240901-0003", ""] * 5)
def test_shards_of_many_are_those_of_each(dossier_ids: list[str]) -> None:
    assert shards_of(dossier_ids) == [shard_of(dossier_id) for dossier_id in dossier_ids]


@given(st.text(max_size=30), st.sampled_from(ALLOWED_PARTITION_COUNTS))
def test_the_home_is_where_the_default_partitioner_sends(dossier_id: str, count: int) -> None:
    """Partition counts divide the shards, so both ways give the same partition."""
    with contextlib.suppress(UnicodeEncodeError):  # a lone surrogate is no text in UTF-8
        hashed = kafka_murmur2(dossier_id.encode()) & 0x7FFFFFFF
        shard = shard_of(dossier_id)
        assert partition_of_shard(shard, count) == hashed % count
        assert shard in shards_of_partition(hashed % count, count)
    homes = [shard for p in range(count) for shard in shards_of_partition(p, count)]
    assert sorted(homes) == list(range(SHARDS))


@given(st.binary(max_size=200))
@example(b"null")
@example(b"[]")
@example(b'{"event_id": "\\ud800"}')
@example(b"\xff\xfe")
@example(b"9" * 5000)
@example(b"[" * 5000)
def test_arbitrary_bytes_are_rejected_and_nothing_else(value: bytes) -> None:
    try:
        decode_event(value, NOW_MS)
    except RejectError as error:
        assert error.code
    else:
        raise AssertionError("nobody meant this as an event")


def times(low: int, high: int) -> st.SearchStrategy[dt.datetime]:
    zones = st.sampled_from([0, 7, -11, 5.5]).map(lambda h: dt.timezone(dt.timedelta(hours=h)))
    return st.builds(dt.datetime.fromtimestamp, st.integers(low, high - 1), zones)


any_time = times(EARLIEST_EPOCH, LATEST_EPOCH)
texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=20
)
messages = st.fixed_dictionaries(
    {
        "event_id": texts,
        "source": texts,
        "dossier_id": texts,
        "status": st.integers(1, 10),
        "occurred_at": times(EARLIEST_EPOCH, NOW_MS // 1000),
    },
    optional={
        "sequence": st.integers(0, 2**53 - 1),
        "receiver": texts,
        "authority": texts,
        "handler": texts,
        "procedure": texts,
        "field": texts,
        "channel": st.integers(1, 3),
        "registered_at": any_time,
        "received_at": any_time,
        "due_at": any_time,
        "limit_unit": st.sampled_from([unit.value for unit in LIMIT_UNITS]),
        "supplement_due_at": any_time,
        "apology": st.fixed_dictionaries(
            {"issued_at": any_time}, optional={"new_due_at": any_time}
        ),
        "leg": st.fixed_dictionaries(
            {"number": st.integers(1, 99)},
            optional={
                "unit": texts,
                "started_at": any_time,
                "due_at": any_time,
                "limit_unit": st.sampled_from([unit.value for unit in LIMIT_UNITS]),
                "ended_at": any_time,
            },
        ),
        "backfill": st.booleans(),
        "unknown to this release": st.integers(),
    },
)


def epoch(time: dt.datetime | None) -> int | None:
    return None if time is None else int(time.timestamp())


def code(unit: str | None) -> int | None:
    return None if unit is None else [known.value for known in LIMIT_UNITS].index(unit)


@settings(max_examples=200)
@given(messages)
def test_what_a_message_says_is_what_the_record_says(said: dict[str, object]) -> None:
    value = json.dumps(said, default=dt.datetime.isoformat, ensure_ascii=False).encode()
    dossier_id, event = decode_event(value, NOW_MS)
    apology = said.get("apology", {})
    explicit = apology.get("new_due_at") or said.get("supplement_due_at")  # type: ignore[attr-defined]
    leg = said.get("leg")
    assert dossier_id == said["dossier_id"]
    assert event == (
        said["source"],
        said["event_id"],
        content_hash(value),
        said["status"],
        epoch(said["occurred_at"]) * 1000,  # type: ignore[arg-type, operator]
        said.get("sequence"),
        *(said.get(name) for name in ("receiver", "authority", "handler", "procedure", "field")),
        said.get("channel"),
        *(epoch(said.get(name)) for name in ("registered_at", "received_at", "due_at")),  # type: ignore[arg-type]
        code(said.get("limit_unit")),  # type: ignore[arg-type]
        epoch(explicit),  # type: ignore[arg-type]
        epoch(apology.get("issued_at")),  # type: ignore[attr-defined]
        None
        if leg is None
        else (
            leg["number"],  # type: ignore[index]
            leg.get("unit"),  # type: ignore[attr-defined]
            epoch(leg.get("started_at")),  # type: ignore[attr-defined]
            epoch(leg.get("due_at")),  # type: ignore[attr-defined]
            code(leg.get("limit_unit")),  # type: ignore[attr-defined]
            epoch(leg.get("ended_at")),  # type: ignore[attr-defined]
        ),
        said.get("backfill", False),
    )


@given(messages, st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text()))
def test_half_right_messages_are_events_or_rejected(
    said: dict[str, object], noise: dict[str, object]
) -> None:
    broken = {**said, **dict(zip(said, noise.values(), strict=False))}
    try:
        value = orjson.dumps(broken)
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        value = json.dumps(broken, default=str).encode()
    with contextlib.suppress(RejectError):
        decode_event(value, NOW_MS)


@given(st.integers(-5, 5))
def test_the_future_begins_a_day_ahead_of_the_broker(offset_ms: int) -> None:
    ahead = dt.datetime.fromtimestamp((NOW_MS + FUTURE_TOLERANCE_MS + offset_ms) / 1000, dt.UTC)
    value = orjson.dumps(
        {"event_id": "1", "source": "s", "dossier_id": "d", "status": 1, "occurred_at": ahead}
    )
    try:
        _, event = decode_event(value, NOW_MS)
    except RejectError as error:
        assert error.code == "future_time" and offset_ms > 0
    else:
        assert offset_ms <= 0
        assert event.occurred_ms == NOW_MS + FUTURE_TOLERANCE_MS + offset_ms
