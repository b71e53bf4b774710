"""Order, repetition and payload conflicts never change what a dossier's events fold to."""

from __future__ import annotations

from collections import Counter

import orjson
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar import CalendarSettings, LimitUnit, WorkingCalendar
from schemas.events import EventRecord, LegRecord
from streams.cells import CELL_TABLES, NOTHING, ShardCells, contribute
from streams.fold import Facts, FoldRules, fold, order_events
from streams.pipeline.folding import history_of, restore_dossier
from streams.ports import StoredDossier
from streams.state import Dossier, KnownIds

MONDAY = 1_725_238_800  # 2024-09-02 08:00 in Vietnam
RULES = FoldRules(
    WorkingCalendar(CalendarSettings(_env_file=None)),
    {"04795": (20_270, "04795-2025")},
    {"1.000001": (5, LimitUnit.WORKING_DAYS)},
)

seconds = st.integers(0, 40 * 86_400).map(lambda s: MONDAY + s - s % 900)
maybe_time = st.none() | seconds
units = st.none() | st.sampled_from(["04795", "04789", "148"])
legs = st.none() | st.builds(
    LegRecord, st.integers(1, 3), units, maybe_time, maybe_time, st.none() | st.just(0), maybe_time
)


@st.composite
def payloads(draw: st.DrawFn) -> EventRecord:
    # Few ids and sources, so that conflicts, repetitions and shared sequences are common.
    number = draw(st.integers(0, 2**64 - 1))
    return EventRecord(
        source=draw(st.sampled_from(["a", "b"])),
        event_id=draw(st.sampled_from(["1", "2", "3", "4", "5", "6"])),
        content_hash=number,
        status=draw(st.integers(1, 10)),
        occurred_ms=draw(seconds) * 1000 + draw(st.sampled_from([0, 1, 999])),
        sequence=draw(st.none() | st.integers(0, 5)),
        receiver=draw(units),
        authority=draw(units),
        handler=draw(units),
        procedure=draw(st.none() | st.just("1.000001")),
        field=draw(st.none() | st.sampled_from(["ho-tich", "dat-dai"])),
        channel=draw(st.none() | st.integers(1, 3)),
        registered=draw(maybe_time),
        received=draw(maybe_time),
        due=draw(maybe_time),
        limit_unit=draw(st.none() | st.integers(0, 3)),
        explicit_due=draw(maybe_time),
        apology=draw(maybe_time),
        leg=draw(legs),
        backfill=bool(number & 1),
    )


def unlike_hashes(events: list[EventRecord]) -> list[EventRecord]:
    """Two different payloads of one id do not share a hash: it is a hash of the payload."""
    return [event._replace(content_hash=number + 1) for number, event in enumerate(events)]


histories = st.lists(payloads(), min_size=1, max_size=9).map(unlike_hashes)


def expected(events: list[EventRecord]) -> Facts:
    winners: dict[tuple[str, str], EventRecord] = {}
    for event in events:
        known = winners.get((event.source, event.event_id))
        if known is None or event.content_hash > known.content_hash:
            winners[event.source, event.event_id] = event
    facts = fold(order_events(list(winners.values())), RULES)
    # Whatever was ever told live is live, also if another payload of its identity counts.
    return facts._replace(backfill=all(event.backfill for event in events))


@given(histories, st.data())
def test_any_arrival_folds_to_the_same_state(
    events: list[EventRecord], data: st.DataObject
) -> None:
    arrivals = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events)))))
    dossier = Dossier("d")
    for event in arrivals:
        dossier.add(event)
        if data.draw(st.booleans()):
            dossier.refold(RULES)  # an early look must leave nothing behind
    assert dossier.refold(RULES) == expected(events)
    assert dossier.payload_count == len(events)


@given(histories)
def test_a_history_that_is_stored_comes_back(events: list[EventRecord]) -> None:
    dossier = Dossier("d")
    for event in events:
        dossier.add(event)
    back = restore_dossier(StoredDossier(1, "d", history_of(dossier)))
    assert back.events == dossier.events
    assert sorted(back.losers) == sorted(dossier.losers)
    assert back.refold(RULES) == dossier.refold(RULES)


@given(histories)
def test_a_history_of_an_earlier_release_is_read(events: list[EventRecord]) -> None:
    """It does not say what was loaded later: then nothing was."""
    live = [event._replace(backfill=False) for event in events]
    dossier = Dossier("d")
    for event in live:
        dossier.add(event)
    told, losers = orjson.loads(history_of(dossier))
    older = orjson.dumps([[fields[:-1] for fields in told], losers]).decode()
    assert len(told[0]) == len(EventRecord._fields)
    back = restore_dossier(StoredDossier(1, "d", older))
    assert back.events == dossier.events
    assert back.refold(RULES) == dossier.refold(RULES)


@given(histories, st.randoms(use_true_random=False))
def test_the_order_is_total(events: list[EventRecord], dice) -> None:  # type: ignore[no-untyped-def]
    unique = list({(event.source, event.event_id): event for event in events}.values())
    mixed = list(unique)
    dice.shuffle(mixed)
    assert order_events(mixed) == order_events(unique)
    assert Counter(order_events(mixed)) == Counter(unique)


@given(st.lists(st.tuples(st.integers(0, 3), histories), max_size=12))
def test_cells_equal_a_recount(steps: list[tuple[int, list[EventRecord]]]) -> None:
    """Roll-ups follow every change of state; zeros stay where a cell became empty."""
    cells, held = ShardCells(), {}
    for number, events in steps:
        new = contribute(fold(order_events(events), RULES))
        cells.replace(held.get(number, NOTHING), new)
        held[number] = new
    recount = ShardCells()
    for contribution in held.values():
        recount.add(contribution)
    rebuilt = ShardCells()
    for table in range(len(CELL_TABLES)):
        for key, counts in cells.items(table):
            rebuilt.load(table, key, list(counts))
    rebuilt.clear_counts()
    for contribution in held.values():
        rebuilt.add(contribution)
    for table in range(len(CELL_TABLES)):
        stored = {key: counts for key, counts in cells.items(table) if any(counts)}
        assert stored == {key: counts for key, counts in recount.items(table) if any(counts)}
        # After a rebuild every cell that ever was is written, the empty ones as zeros.
        assert dict(rebuilt.items(table)) == dict(cells.items(table))
        if CELL_TABLES[table].gathered:
            assert {name for name, _ in rebuilt.take_open()} == {
                key[0] for key, _ in cells.items(table)
            }
        else:
            assert {key for key, _ in rebuilt.take_dirty(table)} == {
                key for key, _ in cells.items(table)
            }


@given(st.lists(st.text(min_size=1), unique=True))
def test_a_known_id_is_never_taken_for_new(ids: list[str]) -> None:
    known = KnownIds()
    for dossier_id in ids:
        known.add(dossier_id)
    assert all(known.may_hold(dossier_id) for dossier_id in ids)


def test_loading_checksums_equals_adding_ids() -> None:
    from zlib import crc32

    import numpy as np

    ids = [f"000.25.28.H28-2409{n % 30:02d}-{n:04d}" for n in range(2_000)] + ["Hồ-sơ-số-1"]
    loaded, added = KnownIds(), KnownIds()
    loaded.load(np.array([crc32(i.encode()) for i in ids], dtype=np.uint32))
    for dossier_id in ids:
        added.add(dossier_id)
    others = [f"new-{n}" for n in range(5_000)]
    assert all(loaded.may_hold(i) for i in ids)
    assert [loaded.may_hold(i) for i in others] == [added.may_hold(i) for i in others]
    assert sum(loaded.may_hold(i) for i in others) < 50
