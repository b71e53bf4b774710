"""The ledger of spans, without Kafka."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from streams.transport.span import Span, SpanLedger

KEY = ("events", 3)


def open_span(ledger: SpanLedger, first: int, last: int, generation: int = 1) -> Span:
    return ledger.open(KEY, first_offset=first, last_offset=last, generation=generation)


def test_the_offset_moves_only_over_a_finished_front() -> None:
    ledger = SpanLedger()
    spans = [open_span(ledger, first, first + 9) for first in (100, 110, 120)]
    assert spans[1].acknowledge()
    assert spans[2].acknowledge()
    assert ledger.committable_offset(KEY) is None
    assert ledger.outstanding(KEY) == 3
    assert spans[0].acknowledge()
    assert ledger.committable_offset(KEY) == 130
    assert ledger.outstanding(KEY) == 0


def test_an_offset_stays_committable_until_the_broker_has_it() -> None:
    """A commit that failed after its offsets were taken was never tried again."""
    ledger = SpanLedger()
    open_span(ledger, 0, 9).acknowledge()
    assert list(ledger.committable_partitions()) == [KEY]
    assert ledger.committable_offset(KEY) == 10
    assert ledger.committable_offset(KEY) == 10
    ledger.mark_committed({KEY: 10})
    assert ledger.committable_offset(KEY) is None
    assert list(ledger.committable_partitions()) == []


def test_a_span_fetched_again_with_other_bounds_is_another_span() -> None:
    """An acknowledgement by first offset once finished records that nobody had stored."""
    ledger = SpanLedger()
    held = open_span(ledger, 0, 9, generation=1)
    ledger.drop([KEY])
    longer = open_span(ledger, 0, 19, generation=2)
    assert not held.acknowledge()
    assert ledger.committable_offset(KEY) is None
    assert longer.acknowledge()
    assert ledger.committable_offset(KEY) == 20


def test_a_rewind_that_nobody_announced_drops_what_it_overlaps() -> None:
    ledger = SpanLedger()
    kept, overlapped, later = (open_span(ledger, first, first + 9) for first in (0, 10, 20))
    again = open_span(ledger, 15, 40)
    assert not overlapped.acknowledge()
    assert not later.acknowledge()
    assert again.acknowledge()
    assert ledger.committable_offset(KEY) is None
    assert kept.acknowledge()
    assert ledger.committable_offset(KEY) == 41


def test_a_second_acknowledgement_changes_nothing() -> None:
    ledger = SpanLedger()
    span = open_span(ledger, 0, 9)
    assert span.acknowledge()
    assert not span.acknowledge()


def test_dropping_from_a_span_keeps_the_earlier_ones() -> None:
    ledger = SpanLedger()
    first, second, third = (open_span(ledger, start, start + 9) for start in (0, 10, 20))
    ledger.drop_from(second)
    assert (first.dropped, second.dropped, third.dropped) == (False, True, True)
    assert first.acknowledge()
    assert ledger.committable_offset(KEY) == 10


def test_partitions_are_apart() -> None:
    ledger = SpanLedger()
    here = open_span(ledger, 0, 9)
    there = ledger.open(("events", 4), first_offset=0, last_offset=4, generation=1)
    ledger.drop([KEY])
    assert not here.acknowledge()
    assert there.acknowledge()
    assert ledger.committable_offset(("events", 4)) == 5


def test_tells_when_the_front_moves() -> None:
    moved: list[tuple[str, int]] = []
    ledger = SpanLedger(on_finished=moved.append)
    first, second = open_span(ledger, 0, 9), open_span(ledger, 10, 19)
    second.acknowledge()
    assert moved == []
    first.acknowledge()
    assert moved == [KEY]


def test_acknowledgements_from_many_threads_all_count() -> None:
    ledger = SpanLedger()
    spans = [open_span(ledger, offset, offset) for offset in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(Span.acknowledge, reversed(spans)))
    assert ledger.committable_offset(KEY) == 2000


@given(st.data())
def test_no_unfinished_record_is_ever_committable(data: st.DataObject) -> None:
    """Whatever is fetched, dropped, fetched again and acknowledged, in any order.

    The broker, the position and what is stored are played by plain variables.
    """
    ledger = SpanLedger()
    committed = position = 0
    stored: set[int] = set()
    every: list[Span] = []
    for _ in range(data.draw(st.integers(1, 40))):
        action = data.draw(st.sampled_from(["fetch", "acknowledge", "commit", "rebalance"]))
        if action == "fetch":
            last = position + data.draw(st.integers(0, 9))
            every.append(open_span(ledger, position, last))
            position = last + 1
        elif action == "acknowledge" and every:
            span = data.draw(st.sampled_from(every))
            # Stored although the span may be dropped: a zombie writes, its word is void.
            stored.update(range(span.first_offset, span.last_offset + 1))
            was_void = span.dropped or span.acknowledged
            assert span.acknowledge() is not was_void
        elif action == "commit":
            offset = ledger.committable_offset(KEY)
            if offset is not None:
                assert offset > committed
                assert stored.issuperset(range(committed, offset))
                committed = offset
                ledger.mark_committed({KEY: offset})
        elif action == "rebalance":
            ledger.drop()
            position = committed
