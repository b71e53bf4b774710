"""An event that cannot be folded harms only itself: cells, timers and rows stay whole."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.errors import RejectError
from schemas.events.shard import shard_of
from streams.cells import CELL_TABLES, contribute
from streams.fold import FoldRules
from streams.pipeline.folding import settle, take_up
from streams.pipeline.intake import take_in
from streams.state.partition import PartitionState

# A worker refuses such a short calendar; the fold must stay whole nevertheless.
SHORT = CalendarSettings(_env_file=None, first_year=2010, last_year=2045)
RULES = FoldRules(WorkingCalendar(SHORT), {}, {})
LEAD = 8 * 3600


class Record(NamedTuple):
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


def record(offset: int, status: int, dossier_id: str = "d", **said: Any) -> Record:
    event = {
        "event_id": f"e{offset}",
        "source": "mot-cua",
        "dossier_id": dossier_id,
        "status": status,
        "occurred_at": f"2026-11-04T01:{offset:02d}:00Z",
        **said,
    }
    return Record(offset, 1_793_754_000_000, None, orjson.dumps(event))


def take(state: PartitionState, *records: Record) -> list[tuple[int, str]]:
    """Fold a chunk; (offset, code) of its dead letters."""
    intake = take_in("events", records, state, frozenset())
    take_up(state, intake.arrivals)
    settle(state, "events", LEAD)
    letters, state.letters = [*intake.letters, *state.letters], []
    return [(letter.offset, letter.code) for letter in letters]


def assert_whole(state: PartitionState) -> None:
    """Cells are a recount of the dossiers; what will be written is what they fold to."""
    for shard, dossier in state.dossiers.values():
        assert dossier.facts is not None
        assert dossier.contribution == contribute(dossier.facts)
        before = dossier.facts
        dossier.walk = None
        assert dossier.refold(RULES) == before
        open_cells = {key: n for key, n in shard.cells.items(2) if any(n)}
        assert open_cells == ({dossier.contribution.open: [1]} if before.live else {})


@pytest.fixture
def state() -> PartitionState:
    return PartitionState(0, 1, 1, RULES)


#: Two months before it the working calendar does not begin yet: "due soon" cannot be told.
EARLY = "2010-01-15T10:00:00+07:00"


def test_a_due_time_at_the_edge_of_the_calendar_is_a_dead_letter(state: PartitionState) -> None:
    """The error came after the cells had changed, and the next event counted twice."""
    assert take(state, record(0, 2)) == []
    assert take(state, record(1, 4, due_at=EARLY)) == [(1, "out_of_calendar")]
    assert_whole(state)
    assert take(state, record(2, 4)) == []
    assert_whole(state)


def test_poison_in_a_chunk_leaves_its_neighbours(state: PartitionState) -> None:
    chunk = [
        record(0, 2),
        record(1, 4, due_at=EARLY),
        record(2, 5),
        record(3, 2, dossier_id="other"),
    ]
    assert take(state, *chunk) == [(1, "out_of_calendar")]
    _, dossier = state.dossiers["d"]
    assert [event.event_id for event in dossier.events] == ["e0", "e2"]
    assert [event.event_id for _, event in state.audit] == ["e0", "e2", "e3"]
    assert state.dossiers["other"][1].facts is not None


def test_a_dossier_of_poison_alone_does_not_exist(state: PartitionState) -> None:
    assert take(state, record(0, 2, due_at=EARLY)) == [(0, "out_of_calendar")]
    assert state.dossiers == {}
    assert state.dirty == {}
    cells = state.shards[shard_of("d")].cells
    assert not any(any(n) for t in range(len(CELL_TABLES)) for _, n in cells.items(t))


def test_a_row_that_waits_to_be_written_stays_right(state: PartitionState) -> None:
    """The dossier is dirty from an earlier event when the poison comes."""
    take(state, record(0, 2))
    assert "d" in state.dirty
    take(state, record(1, 4, due_at=EARLY))
    assert state.dirty["d"][1].facts is not None
    assert state.dirty["d"][1].facts.due is None


def test_unknown_units_and_unreadable_bytes_are_dead_letters(state: PartitionState) -> None:
    codes = take(
        state,
        record(0, 2, receiver="nowhere"),
        record(1, 2, leg={"number": 1, "unit": "nowhere"}),
        Record(2, 1_793_754_000_000, None, None),
        Record(3, 1_793_754_000_000, None, b"\xff"),
        record(4, 2),
    )
    assert codes == [(0, "unknown_unit"), (1, "unknown_unit"), (2, "not_json"), (3, "not_json")]
    assert list(state.dossiers) == ["d"]


def test_an_unmeant_error_is_named_by_its_class_only(state: PartitionState) -> None:
    """Its text might quote the record, which may hold personal data."""

    def clumsy(value: bytes, stored_at_ms: int) -> Any:
        raise KeyError("Nguyễn Văn A")

    intake = take_in("events", [record(0, 2)], state, frozenset(), clumsy)
    [letter] = intake.letters
    assert (letter.code, letter.reason) == ("unexpected", "unexpected KeyError")


def test_a_source_is_shown_only_where_it_looks_like_one(state: PartitionState) -> None:
    records = [record(0, 11), record(1, 11, source="Nguyễn Văn A 0912345678")]
    intake = take_in("events", records, state, frozenset())
    assert [letter.source for letter in intake.letters] == ["mot-cua", ""]
    assert all(isinstance(letter.value, bytes) for letter in intake.letters)


def test_the_fold_rejects_and_does_not_crash() -> None:
    state = PartitionState(0, 1, 1, RULES)
    take(state, record(0, 2))
    shard, dossier = state.dossiers["d"]
    before = (dossier.contribution, [*shard.cells.items(2)])
    intake = take_in("events", [record(1, 4, due_at=EARLY)], state, frozenset())
    _, [(event, _)] = intake.arrivals["d"]
    dossier.add(event)
    with pytest.raises(RejectError, match="working calendar"):
        state.update(shard, dossier, LEAD, 0)
    assert (dossier.contribution, [*shard.cells.items(2)]) == before
