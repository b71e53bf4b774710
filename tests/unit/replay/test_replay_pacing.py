"""Pacing by number and by event time, on a clock that the test holds."""

from __future__ import annotations

import pytest

from ioc.replay.outgoing import OutgoingRecord
from ioc.replay.pacing import Pace, Pacer
from schemas.errors import ConfigurationError


def record(time: str) -> OutgoingRecord:
    return OutgoingRecord(b"k", f'{{"occurred_at":"{time}"}}'.encode())


def test_rate_spreads_records_evenly() -> None:
    pacer = Pacer(Pace(rate=10), now=100.0)
    assert [round(pacer.wait_seconds(record(""), 100.0), 3) for _ in range(3)] == [0, 0.1, 0.2]
    assert pacer.wait_seconds(record(""), 101.0) < 0


def test_speed_follows_event_time_and_never_turns_back() -> None:
    pacer = Pacer(Pace(speed=3600), now=0.0)
    times = ["2024-09-03T08:00:00+07:00", "2024-09-03T09:00:00+07:00", "2024-09-03T08:30:00+07:00"]
    assert [pacer.wait_seconds(record(time), 0.0) for time in times] == [0, 1, 1]
    assert pacer.wait_seconds(OutgoingRecord(b"k", b"rubbish"), 0.0) == 1
    assert pacer.wait_seconds(record("2024-09-03T03:00:00Z"), 0.5) == 1.5


def test_both_together_take_the_slower() -> None:
    pacer = Pacer(Pace(rate=1, speed=3600), now=0.0)
    assert pacer.wait_seconds(record("2024-09-03T08:00:00+07:00"), 0.0) == 0
    assert pacer.wait_seconds(record("2024-09-03T10:00:00+07:00"), 0.0) == 2
    assert pacer.wait_seconds(record("2024-09-03T10:00:00+07:00"), 0.0) == 2


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_pace_of_nothing_is_refused(value: float) -> None:
    with pytest.raises(ConfigurationError, match="above 0"):
        Pace(rate=value)
