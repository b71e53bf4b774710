"""Alerts against a slow oracle, over random histories, orders of arrival, feeds and crashes."""

from __future__ import annotations

from alert_world import (
    AGENCY,
    CALENDAR,
    FOLD,
    LEAD_SECONDS,
    SOURCE,
    START,
    STEP,
    UNIT,
    Arrival,
    Stale,
    World,
    oracle,
    true_at,
    was_true,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.events import EventRecord, LegRecord
from streams.deadlines import crossings_of
from streams.fold import fold, order_events

STEPS = 40
POINTS = ("before-plan", "after-plan", "after-told", "before-sending", "after-send")


def _event(name: str, number: int, status: int, at: int, **said: object) -> EventRecord:
    values: dict[str, object] = dict.fromkeys(EventRecord._fields)
    values.update(
        source=SOURCE,
        event_id=f"{name}-{number}",
        content_hash=number + 1,
        status=status,
        occurred_ms=at * 1000,
        receiver=UNIT,
        authority=UNIT,
        handler=UNIT,
    )
    values.update(said)
    return EventRecord(**values)  # type: ignore[arg-type]


moments = st.integers(0, STEPS - 10)


@st.composite
def histories(draw: st.DrawFn) -> list[Arrival]:
    """Up to three files; every event may be heard of late, and in any order."""
    arrivals: list[Arrival] = []
    for name in draw(st.sampled_from([("A-1",), ("A-1", "B-2"), ("A-1", "B-2", "C-3")])):
        begin = START + draw(moments) * STEP + 1
        due = begin + draw(st.integers(1, 12)) * STEP
        events = [
            _event(
                name, 0, 2, begin, received=begin, due=due, limit_unit=0,
            )
        ]  # fmt: skip
        kinds = draw(
            st.lists(
                st.sampled_from(["result", "apology", "pause", "resume", "leg", "leg-end", "due"]),
                max_size=4,
            )
        )
        for number, kind in enumerate(kinds, start=1):
            at = begin + draw(st.integers(0, 20)) * STEP + number
            later = at + draw(st.integers(1, 10)) * STEP
            match kind:
                case "result":
                    events.append(_event(name, number, 9, at))
                case "apology":
                    events.append(_event(name, number, 4, at, explicit_due=later, apology=at))
                case "pause":
                    events.append(_event(name, number, 5, at))
                case "resume":
                    events.append(_event(name, number, 4, at))
                case "due":
                    events.append(_event(name, number, 4, at, due=later, limit_unit=0))
                case "leg":
                    leg = LegRecord(1, AGENCY, at, later, 0, None)
                    events.append(_event(name, number, 4, at, leg=leg))
                case _:
                    leg = LegRecord(1, None, None, None, None, at)
                    events.append(_event(name, number, 4, at, leg=leg))
        for event in events:
            known_at = event.occurred + draw(st.sampled_from([0, 0, 0, 1, 3, 9])) * STEP
            arrivals.append((known_at, name, event))
    return arrivals


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
