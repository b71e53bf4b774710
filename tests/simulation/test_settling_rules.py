"""Events are taken up by chunks and folded later: what must not be seen in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sim_histories import START
from sim_kafka import SimRecord
from test_handover_rules import Script

from schemas.calendar import CalendarSettings, WorkingCalendar
from streams.fold import FoldRules
from streams.pipeline import Pipeline
from streams.ports import DeadLetter

PASSED = dt.datetime.fromtimestamp(START - 600, dt.UTC).isoformat()


class Box:
    """Takes what a worker sends; `given` is looked at when a dead letter comes."""

    def __init__(self, given: list[str]) -> None:
        self.sent: list[bytes] = []
        self.letters: list[tuple[DeadLetter, list[str]]] = []
        self._given = given

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        self.sent += [value for _, value in records]

    async def dead_letter(self, letter: DeadLetter) -> None:
        self.letters.append((letter, list(self._given)))


def accepted(script: Script) -> SimRecord:
    return script.record(0, 2, due_at=PASSED, limit_unit="working_hours")


@pytest.mark.parametrize(("last_status", "alerts"), [(4, 1), (9, 0)])
def test_a_tick_folds_what_was_taken_up(last_status: int, alerts: int) -> None:
    """An event that Kafka had before the tick decides, stored or not."""
    script = Script()
    box = Box([])
    worker = script.worker(outbox=box)

    async def history() -> None:
        await worker.assign([0])
        await script.store(worker, [accepted(script)])
        await worker.process(0, [script.record(1, last_status)], lambda: None)
        assert worker.states[0].pending
        await worker.tick(0, 0)

    script.run(history)
    assert len(box.sent) == alerts


def test_a_chunk_is_acknowledged_after_the_letters_of_its_folding() -> None:
    """Otherwise a crash between the two would lose the record that could not be folded."""
    short = CalendarSettings(_env_file=None, first_year=2010, last_year=2045)
    script = Script()
    given: list[str] = []
    box = Box(given)
    worker = script.worker(outbox=box, rules=FoldRules(WorkingCalendar(short), {}, {}))
    poison = script.record(1, 4, due_at="2010-01-15T10:00:00+07:00")

    async def history() -> None:
        await worker.assign([0])
        writer = script.loop.spawn(None, worker.writer.run())
        await worker.process(0, [script.record(0, 2), poison], lambda: given.append("given"))
        await worker.writer.idle()
        writer.cancel()

    script.run(history)
    [(letter, given_by_then)] = box.letters
    assert (letter.offset, letter.code) == (1, "out_of_calendar")
    assert given_by_then == []
    assert given == ["given"]


def test_a_tick_in_between_loses_no_letter() -> None:
    """The tick folds first; its letters wait for the group that acknowledges their chunk."""
    short = CalendarSettings(_env_file=None, first_year=2010, last_year=2045)
    script = Script()
    given: list[str] = []
    box = Box(given)
    worker: Pipeline = script.worker(outbox=box, rules=FoldRules(WorkingCalendar(short), {}, {}))
    poison = script.record(0, 2, due_at="2010-01-15T10:00:00+07:00")

    async def history() -> None:
        await worker.assign([0])
        await worker.process(0, [poison], lambda: given.append("given"))
        await worker.tick(0, 0)
        assert box.letters == []
        writer = script.loop.spawn(None, worker.writer.run())
        await worker.writer.idle()
        writer.cancel()

    script.run(history)
    assert [letter.offset for letter, _ in box.letters] == [0]
    assert given == ["given"]
