"""What one dossier counts in, written out, and what its changes do to the cells."""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, LimitUnit, WorkingCalendar
from schemas.calendar.local_time import day_of_date
from schemas.events import EventRecord, LegRecord
from streams.cells import CELL_TABLES, MEASURES, NOTHING, Contribution, ShardCells, contribute
from streams.cells.contribution import NEVER, minute_above
from streams.fold import FoldRules, fold, order_events

RULES = FoldRules(
    WorkingCalendar(CalendarSettings(_env_file=None)), {}, {"tt": (2, LimitUnit.WORKING_DAYS)}
)
PLACE = {"receiver": "xa-1", "authority": "so-1", "handler": "so-2", "field": "dat-dai"}
KEY = ("xa-1", "so-1", "so-2", "dat-dai")
OPEN_KEY = ("so-1", "xa-1", "so-2", "dat-dai")


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"2026-11-{text}:00+07:00").timestamp())


def day(number: int) -> int:
    return day_of_date(dt.date(2026, 11, number))


def event(status: int, when: str, **said: object) -> EventRecord:
    fields: dict[str, object] = dict.fromkeys(EventRecord._fields)
    fields |= {"source": "s", "event_id": when, "content_hash": 1, "status": status}
    return EventRecord(**(fields | {"occurred_ms": at(when) * 1000} | said))  # type: ignore[arg-type]


def counted(*events: EventRecord) -> Contribution:
    return contribute(fold(order_events(list(events)), RULES))


def days(contribution: Contribution) -> set[tuple[int, str]]:
    """(day of November 2026, measure) of `dossier_days`."""
    found = [(code >> 4, MEASURES[code & 15]) for code in contribution.days]
    assert len(set(found)) == len(found)
    return {(number - day(1) + 1, measure) for number, measure in found}


@pytest.mark.parametrize(
    ("events", "measures"),
    [
        ([event(1, "02 08:00")], {(2, "registered")}),
        ([event(2, "02 08:00")], {(2, "received")}),
        (
            [event(2, "02 08:00", due=at("04 17:00")), event(9, "03 09:00")],
            {(2, "received"), (3, "early"), (3, "uncollected"), (4, "due"), (4, "due_met")},
        ),
        (
            [event(2, "02 08:00", due=at("04 10:00")), event(9, "04 23:00"), event(10, "06 09:00")],
            {(2, "received"), (4, "on_time"), (6, "returned"), (4, "due"), (4, "due_met")},
        ),
        (
            [event(2, "02 08:00", due=at("04 10:00")), event(9, "05 00:00")],
            {(2, "received"), (5, "late"), (5, "uncollected"), (4, "due")},
        ),
        (
            [event(2, "02 08:00"), event(10, "03 09:00")],
            {(2, "received"), (3, "no_due"), (3, "returned")},
        ),
        # Refused: never received; its due date counts nowhere.
        (
            [event(1, "02 08:00"), event(2, "02 09:00", due=at("04 10:00")), event(3, "03 08:00")],
            {(2, "registered"), (3, "refused")},
        ),
        (
            [event(1, "02 08:00"), event(7, "03 08:00")],
            {(2, "registered"), (3, "closed_unreceived")},
        ),
        (
            [event(1, "02 08:00"), event(8, "03 08:00")],
            {(2, "registered"), (3, "closed_unreceived")},
        ),
        ([event(2, "02 08:00"), event(7, "03 08:00")], {(2, "received"), (3, "withdrawn")}),
        ([event(8, "03 08:00")], {(3, "received"), (3, "stopped")}),
        # Online, received after more than eight working hours; counted where it was registered.
        (
            [event(1, "02 08:00", channel=2), event(2, "03 08:01")],
            {(2, "registered"), (2, "receipt_late"), (3, "received")},
        ),
        (
            [event(1, "02 08:00", channel=2), event(3, "03 08:01")],
            {(2, "registered"), (2, "receipt_late"), (3, "refused")},
        ),
        (
            [event(1, "02 08:00", channel=2), event(2, "03 08:00")],
            {(2, "registered"), (3, "received")},
        ),
    ],
)
def test_days(events: list[EventRecord], measures: set[tuple[int, str]]) -> None:
    assert days(counted(*events)) == measures


def test_a_live_dossier_is_in_one_open_cell() -> None:
    live = counted(event(2, "02 08:00", due=at("04 10:00"), limit_unit=0, **PLACE))
    assert live.dimensions == (*KEY, 1)
    assert live.open == (*OPEN_KEY, 1, 2, 0, at("04 10:01"))  # late from 10:00:01, rounded up
    paused = counted(event(2, "02 08:00", due=at("04 10:00"), **PLACE), event(5, "03 08:00"))
    assert paused.open == (*OPEN_KEY, 1, 3, 0, 0)
    apologised = counted(
        event(6, "02 08:00", explicit_due=at("04 10:00"), apology=at("03 10:00"), **PLACE)
    )
    assert apologised.open == (*OPEN_KEY, 1, 4, 1, at("05 00:00"))
    assert counted(event(2, "02 08:00"), event(9, "02 09:00")).open is None


def test_the_national_cell_says_from_when_it_is_late() -> None:
    said = event(2, "02 08:00", due=at("04 10:00"), **PLACE)
    assert counted(said).national == (*KEY[:3], day(2), day(5))
    assert counted(said, event(9, "04 10:00")).national == (*KEY[:3], day(2), NEVER)
    assert counted(said, event(9, "06 10:00")).national == (*KEY[:3], day(2), day(5))
    by_law = event(2, "02 08:00", procedure="tt", **PLACE)
    assert counted(by_law).national == (*KEY[:3], day(2), day(5))
    assert counted(said, event(3, "03 10:00")).national is None
    assert counted(event(1, "02 08:00")).national is None


def leg(number: int, unit: str, **said: object) -> LegRecord:
    fields: dict[str, object] = dict.fromkeys(LegRecord._fields)
    return LegRecord(**(fields | {"number": number, "unit": unit} | said))  # type: ignore[arg-type]


def test_legs_count_where_they_start_and_end() -> None:
    first = leg(1, "xa-1", due=at("03 17:00"))
    second = leg(2, "so-1", due=at("04 10:00"), limit_unit=0)
    events = [event(2, "02 08:00", leg=first), event(4, "04 08:00", leg=second, field="dat-dai")]
    live = counted(*events)
    assert set(live.leg_days) == {
        (day(2), "xa-1", "dat-dai", 0),
        (day(4), "xa-1", "dat-dai", 2),  # ended when the second began: late
        (day(4), "so-1", "dat-dai", 0),
    }
    assert live.open_legs == (("so-1", "dat-dai", at("04 10:01")),)
    done = counted(*events, event(9, "04 10:00"))
    assert (day(4), "so-1", "dat-dai", 1) in done.leg_days  # on time
    assert done.open_legs == ()
    without_due = counted(event(2, "02 08:00", leg=leg(1, "xa-1", ended=at("05 08:00"))))
    assert set(without_due.leg_days) == {(day(2), "xa-1", "", 0), (day(5), "xa-1", "", 3)}


def test_two_open_legs_of_one_unit_count_twice() -> None:
    contribution = counted(event(2, "02 08:00", leg=leg(2, "xa-1")))
    assert contribution.open_legs == (("xa-1", "", 0),)
    cells = ShardCells()
    cells.add(contribution._replace(open_legs=(("xa-1", "", 0),) * 2))
    assert dict(cells.items(5)) == {("xa-1", "", 0): [2]}


@pytest.mark.parametrize(("epoch", "minute"), [(None, 0), (0, 0), (1, 60), (60, 60), (61, 120)])
def test_minutes_are_rounded_up(epoch: int | None, minute: int) -> None:
    """Rounded down, a wall would call a file late before it is."""
    assert minute_above(epoch) == minute


def test_an_emptied_cell_is_written_as_zeros_once() -> None:
    cells = ShardCells()
    before, after = counted(event(1, "02 08:00")), counted(event(1, "03 08:00"))
    cells.add(before)
    for number in range(len(CELL_TABLES)):
        cells.take_dirty(number)
    assert cells.is_dirty()
    cells.take_open()
    assert not cells.is_dirty()
    cells.replace(before, after)
    written = {key[0]: counts[0] for key, counts in cells.take_dirty(0)}
    assert written == {day(2): 0, day(3): 1}
    assert cells.take_dirty(0) == []


def test_open_cells_lie_under_their_authority() -> None:
    cells = ShardCells()
    here, paused = counted(event(2, "02 08:00", **PLACE)), counted(event(5, "02 08:00", **PLACE))
    there = counted(event(2, "02 08:00", **(PLACE | {"authority": "so-9"})))
    for contribution in (here, here, paused, there):
        cells.add(contribution)
    assert dict(cells.take_open()) == {
        "so-1": {here.open: 2, paused.open: 1},
        "so-9": {there.open: 1},
    }
    assert cells.take_open() == []
    cells.replace(here, paused)
    cells.replace(here, paused)
    # The whole authority again, without the cell that is empty now; the other has not changed.
    assert cells.take_open() == [("so-1", {paused.open: 3})]


def test_an_authority_without_open_dossiers_is_written_empty() -> None:
    """Without an empty row the last one with cells would win for ever."""
    cells = ShardCells()
    open_, done = counted(event(2, "02 08:00", **PLACE)), counted(event(9, "02 08:00", **PLACE))
    cells.add(open_)
    cells.take_open()
    cells.replace(open_, done)
    assert [*cells.items(2)] == [(("so-1",), [0])]
    assert cells.take_open() == [("so-1", {})]
    loaded = ShardCells()
    for key, counts in cells.items(2):
        loaded.load(2, key, counts)
    assert not loaded.is_dirty()
    loaded.clear_counts()
    assert loaded.take_open() == [("so-1", {})]


def test_online_receipts_are_counted_for_the_province() -> None:
    cells = ShardCells()
    cells.replace(NOTHING, counted(event(2, "02 08:00", channel=2)))
    cells.replace(NOTHING, counted(event(2, "02 08:00", channel=1)))
    [(key, counts)] = cells.items(1)
    assert key == (day(2),)
    assert dict(zip(CELL_TABLES[1].measures, counts, strict=True))["received"] == 2
    assert dict(zip(CELL_TABLES[1].measures, counts, strict=True))["received_online"] == 1
