"""Shifting moves every time and code by whole weeks and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from scenario_recount import by_dossier, seconds

from ioc.scenarios.catalogue import scenario
from ioc.scenarios.shift import shift, weeks_onto

WEEK = 7 * 86_400


def test_end_falls_into_the_last_week_before_the_instant() -> None:
    end = scenario("small").end
    instant = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    weeks = weeks_onto(end, instant)
    assert timedelta(0) <= instant - (end + timedelta(weeks=weeks)) < timedelta(weeks=1)
    assert weeks_onto(end, end) == 0
    assert weeks_onto(end, end - timedelta(seconds=1)) == -1


def test_every_time_moves_and_nothing_else() -> None:
    before = list(scenario("small").events())
    after = list(shift(iter(before), 30))
    assert before == list(scenario("small").events()), "the events given are left alone"
    kinds: Counter[str] = Counter()
    for old, new in zip(before, after, strict=True):
        flat_old, flat_new = flat(old), flat(new)
        assert flat_old.keys() == flat_new.keys()
        for name, value in flat_old.items():
            if name.endswith("_at"):
                assert seconds(flat_new[name]) - seconds(value) == 30 * WEEK
                kinds[name] += 1
            elif name != "dossier_id":
                assert flat_new[name] == value
    assert kinds.keys() == {
        *("occurred_at", "registered_at", "received_at", "due_at", "supplement_due_at"),
        *("apology.issued_at", "apology.new_due_at", "leg.started_at", "leg.due_at"),
    }


def test_codes_move_with_their_dossiers_and_stay_apart() -> None:
    """Replays of two weeks once met in one code, and two dossiers became one."""
    before, after = (by_dossier(shift(scenario("small").events(), weeks)) for weeks in (0, 2))
    assert before == by_dossier(scenario("small").events())
    assert len(before) == len(after)
    assert not before.keys() & after.keys()
    for dossiers in (before, after):
        for code, history in dossiers.items():
            day = history[0]["occurred_at"][:10]
            assert f"-{day[2:4]}{day[5:7]}{day[8:10]}-" in code


def flat(event: dict[str, object]) -> dict[str, object]:
    parts = {}
    for name, value in event.items():
        if isinstance(value, dict):
            parts.update({f"{name}.{inner}": deep for inner, deep in value.items()})
        else:
            parts[name] = value
    return parts
