"""Cutting fetched lists into chunks."""

from __future__ import annotations

from dataclasses import dataclass

from aiokafka.structs import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from streams.transport.chunk import Chunk, size_bytes, split
from streams.transport.span import SpanLedger


@dataclass
class Sized:
    serialized_key_size: int
    serialized_value_size: int


sized = st.builds(Sized, st.integers(-1, 50), st.integers(-1, 500))


@given(st.lists(sized), st.integers(1, 20), st.integers(1, 2000))
def test_pieces_join_to_the_whole_and_keep_both_bounds(
    records: list[Sized], max_records: int, max_bytes: int
) -> None:
    pieces = list(split(records, max_records=max_records, max_bytes=max_bytes))
    assert [record for piece in pieces for record in piece] == records
    assert all(0 < len(piece) <= max_records for piece in pieces)
    for piece in pieces:
        # Absent keys and values count as minus one, which may blur a cut by their number.
        assert len(piece) == 1 or size_bytes(piece) <= max_bytes + 2 * len(piece)


def test_pieces_are_as_large_as_they_may_be() -> None:
    records = [Sized(0, 100)] * 10
    pieces = split(records, max_records=4, max_bytes=10_000)
    assert [len(piece) for piece in pieces] == [4, 4, 2]
    pieces = split(records, max_records=100, max_bytes=300)
    assert [len(piece) for piece in pieces] == [3, 3, 3, 1]


def test_a_record_beyond_the_bound_stands_alone() -> None:
    records = [Sized(0, 10), Sized(0, 5000), Sized(0, 10)]
    assert [len(piece) for piece in split(records, max_records=9, max_bytes=100)] == [1, 1, 1]


def test_a_list_within_the_bounds_is_not_copied() -> None:
    records = [Sized(0, 1)] * 3
    (piece,) = split(records, max_records=3, max_bytes=3)
    assert piece is records


def test_a_chunk_speaks_for_its_span() -> None:
    records = [
        ConsumerRecord("events", 2, offset, 0, 1, None, b"v", None, -1, 1, ())
        for offset in (7, 8, 11)
    ]
    span = SpanLedger().open(("events", 2), first_offset=7, last_offset=11, generation=5)
    chunk = Chunk(records, span, high_water=20)
    assert (chunk.topic, chunk.partition, len(chunk)) == ("events", 2, 3)
    assert (chunk.first_offset, chunk.last_offset, chunk.span.generation) == (7, 11, 5)
