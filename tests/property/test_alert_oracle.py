"""Alerts against a slow oracle, over random histories, orders of arrival, feeds and crashes."""

from __future__ import annotations

from alert_histories import POINTS, STEPS, histories, moments
from alert_oracle import oracle, true_at, was_true
from alert_world import (
    CALENDAR,
    FOLD,
    LEAD_SECONDS,
    START,
    STEP,
    Arrival,
    Stale,
    World,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events import EventRecord
from streams.deadlines import crossings_of
from streams.fold import fold, order_events

spans = st.lists(st.tuples(moments, moments).map(sorted).map(tuple), max_size=2).map(
    lambda each: Stale(tuple(each))
)
crashes = st.dictionaries(st.integers(0, STEPS - 1), st.sampled_from(POINTS), max_size=4)


@settings(max_examples=250, deadline=None)
@given(histories(), spans, crashes)
def test_what_is_told_is_what_the_oracle_tells(
    arrivals: list[Arrival], stale: Stale, crashes: dict[int, str]
) -> None:
    world = World(arrivals, stale, crashes)
    world.run(STEPS)
    expected, said = oracle(arrivals, stale, STEPS)
    assert +world.net() == +expected
    assert all(count in (0, 1) for count in world.net().values()), "nobody is told twice"
    # And in the same order of steps: who was told wrongly was told so, and not silently.
    assert sorted(world.timeline()) == sorted(each for step in said for each in step)


@settings(max_examples=250, deadline=None)
@given(histories(), spans, crashes)
def test_in_the_end_it_is_what_somebody_who_knew_all_would_say(
    arrivals: list[Arrival], stale: Stale, crashes: dict[int, str]
) -> None:
    world = World(arrivals, stale, crashes)
    world.run(STEPS)
    told = {pair for pair, count in world.net().items() if count}
    end = START + (STEPS - 1) * STEP
    known: dict[str, list[EventRecord]] = {}
    for known_at, name, event in arrivals:
        if known_at <= end:
            known.setdefault(name, []).append(event)
    alerts = {alert_id for alert_id, _ in told}
    for alert_id in alerts:
        rule, dossier, about = alert_id.split("/")
        name = dossier.partition("#")[0]
        assert _is_right(known[name], rule, int(about), end), alert_id
    if not stale.holds(end):
        for name, events in known.items():
            for crossing in true_at(events, end):
                leg = f"#{crossing.leg}" if crossing.leg else ""
                assert f"{crossing.rule}/{name}{leg}/{crossing.about}" in alerts


def _is_right(events: list[EventRecord], rule: str, about: int, end: int) -> bool:
    instants = {event.occurred + 1 for event in events} | {end}
    seen = {
        crossing
        for instant in instants
        if (before := [event for event in events if event.occurred < instant])
        for crossing in crossings_of(fold(order_events(before), FOLD), CALENDAR, LEAD_SECONDS)
    }
    return any(
        was_true(events, crossing)
        for crossing in seen
        if crossing.rule.value == rule and crossing.about == about
    )
