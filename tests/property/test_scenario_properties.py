"""Property: however a stream is spoiled or shifted, the events that count stay the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.quota import apportion
from ioc.scenarios.shift import shift
from ioc.scenarios.spoiling import Spoiling
from schemas.errors import RejectError
from schemas.events import decode_event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENTS = [event for number, event in enumerate(scenario("small").events()) if number % 5 == 0]
CLEAN = list(outgoing(EVENTS))

share = st.sampled_from([0.0, 0.01, 0.3, 1.0])
spoilings = st.builds(
    Spoiling,
    seed=st.integers(0, 10_000),
    duplicates=share,
    conflicts=share,
    garbage=share,
    futures=share,
    delays=share,
    delay_hours=st.sampled_from([0.5, 6.0, 200.0]),
    reorder_window=st.sampled_from([0, 1, 40, 5000]),
    shuffle=st.booleans(),
    wrong_partitions=share,
    partitions=st.sampled_from([2, 4, 48]),
    now=st.just(NOW),
)


def truth(records: list[OutgoingRecord]) -> dict[tuple[str, str, str], Any]:
    counted: dict[tuple[str, str, str], Any] = {}
    for record in records:
        try:
            dossier_id, event = decode_event(record.value, int(NOW.timestamp() * 1000))
        except RejectError:
            continue
        before = counted.get((dossier_id, event.source, event.event_id))
        if before is None or before.content_hash < event.content_hash:
            counted[dossier_id, event.source, event.event_id] = event
    return counted


TRUTH = truth(CLEAN)


@given(spoilings)
@settings(max_examples=60, deadline=None)
def test_spoiling_never_changes_what_counts(spoiled: Spoiling) -> None:
    records = list(spoiled.apply(CLEAN))
    assert truth(records) == TRUTH
    tally = spoiled.tally
    added = tally.duplicates + tally.conflicts + tally.garbage + tally.futures
    assert len(records) == len(CLEAN) + added


@given(st.integers(-300, 300))
@settings(max_examples=30, deadline=None)
def test_shifting_back_gives_the_same_times(weeks: int) -> None:
    there_and_back = shift(shift(EVENTS, weeks), -weeks)
    for before, after in zip(EVENTS, there_and_back, strict=True):
        assert orjson.dumps({**after, "dossier_id": ""}) == orjson.dumps(
            {**before, "dossier_id": ""}
        )


@given(st.integers(0, 100_000), st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_apportioning_is_exact_and_fair(total: int, weights: list[int]) -> None:
    if not sum(weights):
        weights[0] = 1
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
        assert part == 0 or weight > 0
