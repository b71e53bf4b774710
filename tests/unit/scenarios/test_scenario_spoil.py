"""Spoiling adds, moves and delays, and never changes the set of valid events that count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from ioc.replay.outgoing import OutgoingRecord, outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.spoiling import WAYS, Spoiling, spoiling
from schemas.errors import ConfigurationError, RejectError
from schemas.events import decode_event
from schemas.events.shard import partition_of_shard, shard_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
CLEAN = list(outgoing(scenario("small").events()))


def winners(records: Iterable[OutgoingRecord]) -> tuple[dict[tuple[str, str, str], Any], Counter]:
    """Apply docs/fold.md §1: what counts per identity, and how much of what does not."""
    counted: dict[tuple[str, str, str], Any] = {}
    refused: Counter[str] = Counter()
    for record in records:
        try:
            dossier_id, event = decode_event(record.value, NOW_MS)
        except RejectError as error:
            refused["futures" if error.code == "future_time" else "garbage"] += 1
            continue
        assert record.key == dossier_id.encode()
        identity = (dossier_id, event.source, event.event_id)
        before = counted.get(identity)
        if before is None or before.content_hash < event.content_hash:
            counted[identity] = event
    return counted, refused


TRUTH, _ = winners(CLEAN)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_leaves_the_truth(way: str) -> None:
    spoiled = spoiling([way], seed=3, partitions=4, now=NOW)
    records = list(spoiled.apply(CLEAN))
    counted, refused = winners(records)
    assert counted == TRUTH
    assert records != CLEAN
    tally = spoiled.tally
    assert refused == Counter(
        {k: v for k, v in {"garbage": tally.garbage, "futures": tally.futures}.items() if v}
    )
    added = tally.duplicates + tally.conflicts + tally.garbage + tally.futures
    assert len(records) == len(CLEAN) + added


def test_all_ways_together_leave_the_truth() -> None:
    spoiled = spoiling(WAYS, seed=5, partitions=8, now=NOW)
    counted, refused = winners(spoiled.apply(CLEAN))
    assert counted == TRUTH
    assert refused == Counter(garbage=spoiled.tally.garbage, futures=spoiled.tally.futures)
    assert min(vars(spoiled.tally).values()) > 0


def test_same_seed_spoils_the_same_way_another_differently() -> None:
    first, same, other = (
        list(spoiling(WAYS, seed=seed, partitions=4, now=NOW).apply(CLEAN)) for seed in (1, 1, 2)
    )
    assert first == same
    assert first != other


def test_bounded_reordering_never_brings_an_event_early() -> None:
    mixed = list(Spoiling(reorder_window=20).apply(CLEAN))
    places = {record: place for place, record in enumerate(CLEAN)}
    assert all(places[record] <= place + 20 for place, record in enumerate(mixed))
    assert mixed != CLEAN


def test_wrong_partitions_are_wrong_and_others_are_left_to_the_partitioner() -> None:
    spoiled = Spoiling(wrong_partitions=0.5, partitions=4)
    records = list(spoiled.apply(CLEAN))
    placed = [record for record in records if record.partition is not None]
    assert len(placed) == spoiled.tally.misplaced > 100
    for record in placed:
        home = partition_of_shard(shard_of(record.key.decode()), 4)
        assert record.partition != home
        assert record.partition in range(4)
    with pytest.raises(ConfigurationError, match="two"):
        list(Spoiling(wrong_partitions=0.5, partitions=1).apply(CLEAN))


def test_delayed_events_come_hours_of_event_time_later() -> None:
    spoiled = Spoiling(delays=0.2, delay_hours=10)
    reached, latest, worst = 0, 0, 0
    for record in spoiled.apply(CLEAN):
        occurred = decode_event(record.value, NOW_MS)[1].occurred
        worst = max(worst, reached - occurred)
        reached = max(reached, occurred)
        latest += occurred < reached
    assert spoiled.tally.delayed > 100
    assert latest > 100
    assert worst > 9 * 3600


def test_unknown_way_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="duplicates"):
        spoiling(["holes"], seed=1, partitions=4, now=NOW)
