"""What a worker says of its partitions: standing still, owing alerts, gone."""

from __future__ import annotations

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from streams.fold import FoldRules
from streams.state.partition import PartitionState, position_of
from streams.worker.status import PartitionStatus, PipelineStatus

RULES = FoldRules(WorkingCalendar(CalendarSettings(_env_file=None)), {}, {})
STALL = 60.0
EPOCH = 3


class Stage:
    """One partition under a clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.status = PipelineStatus("worker/1", self)
        self.state = PartitionState(2, 4, EPOCH, RULES)

    def monotonic(self) -> float:
        return self.seconds

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def store(self, offset: int, epoch: int = EPOCH) -> None:
        for shard in self.state.shards.values():
            shard.stored = position_of(epoch, offset)

    def see(self, highwater: int | None, after: float = 0.0) -> PartitionStatus:
        self.seconds += after
        self.status.see(2, self.state, highwater, STALL)
        [look] = self.status.looks()
        return look


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_partition_that_stands_still_while_records_wait_is_stalled(stage: Stage) -> None:
    stage.store(9)
    assert not stage.see(15).stalled
    assert not stage.see(15, after=STALL).stalled, "exactly the limit is not beyond it"
    assert stage.status.is_healthy
    look = stage.see(20, after=0.25)
    assert look.stalled and look.lag == 10
    assert not stage.status.is_healthy
    assert stage.status.as_json()["healthy"] is False
    assert stage.status.columns()["stalled"] == [1]


def test_progress_ends_the_stall(stage: Stage) -> None:
    stage.store(9)
    stage.see(15)
    assert stage.see(15, after=STALL + 1).stalled
    stage.store(10)
    assert not stage.see(15, after=1).stalled
    assert not stage.see(15, after=STALL).stalled, "counted from the progress on"
    assert stage.see(15, after=1).stalled
    assert stage.status.columns()["consumed_offset"] == [10]


def test_nothing_that_waits_is_no_stall(stage: Stage) -> None:
    stage.store(9)
    stage.see(10)
    assert not stage.see(10, after=10 * STALL).stalled
    assert not stage.see(11, after=1).stalled, "the record came a moment ago"
    assert stage.status.is_healthy


def test_an_unknown_highwater_is_no_lag(stage: Stage) -> None:
    look = stage.see(None)
    assert (look.lag, look.stored_offset) == (0, -1)
    assert stage.status.columns()["highwater"] == [0]


def test_what_an_earlier_life_of_the_topic_stored_does_not_count(stage: Stage) -> None:
    stage.store(500, epoch=EPOCH - 1)
    assert stage.see(10).stored_offset == -1
    assert stage.see(10).lag == 10


def test_the_least_alerts_that_kafka_does_not_take_are_seen(stage: Stage) -> None:
    """Events are stored all the while: the position says nothing of it."""
    stage.store(9)
    stage.state.alerts_owed_since = stage.seconds
    assert not stage.see(10, after=STALL).alerts_refused
    stage.store(10)
    look = stage.see(11, after=1)
    assert look.alerts_refused and not look.stalled
    assert not stage.status.is_healthy
    assert stage.status.columns()["stalled"] == [2]
    [told] = stage.status.as_json()["partitions"]
    assert told["alerts_refused"] is True and told["alerts_owed_seconds"] == STALL + 1
    stage.state.alerts_owed_since = None
    assert not stage.see(11).alerts_refused
    assert stage.status.is_healthy


def test_a_partition_that_went_is_forgotten(stage: Stage) -> None:
    stage.store(9)
    stage.see(15)
    stage.see(15, after=STALL + 1)
    stage.status.forget_all_but(set())
    assert stage.status.is_healthy
    assert stage.status.columns() == {}


def test_the_rate_is_that_of_the_last_second(stage: Stage) -> None:
    stage.store(9)
    stage.see(100)
    stage.store(59)
    assert stage.see(100, after=0.5).events_per_second == 0.0
    assert stage.see(100, after=0.5).events_per_second == 50.0


def test_a_partition_that_was_never_fetched_is_stalled_in_the_end(stage: Stage) -> None:
    """Nobody knows what waits there; a consumer that fetches hears a high-water at once."""
    stage.see(None)
    assert not stage.see(None, after=STALL).stalled
    assert stage.see(None, after=1).stalled
    assert not stage.status.is_healthy
    assert not stage.see(0, after=1).stalled
