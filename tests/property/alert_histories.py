"""Random histories of a few files, every event heard of late or not, and in any order."""

from __future__ import annotations

from alert_world import AGENCY, SOURCE, START, STEP, UNIT, Arrival
from hypothesis import strategies as st

from schemas.events import EventRecord, LegRecord

#: As far as the shorter of the tests goes.
STEPS = 40
POINTS = ("before-plan", "after-plan", "after-told", "before-sending", "after-send")


def event_of(name: str, number: int, status: int, at: int, **said: object) -> EventRecord:
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
            event_of(
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
                    events.append(event_of(name, number, 9, at))
                case "apology":
                    events.append(event_of(name, number, 4, at, explicit_due=later, apology=at))
                case "pause":
                    events.append(event_of(name, number, 5, at))
                case "resume":
                    events.append(event_of(name, number, 4, at))
                case "due":
                    events.append(event_of(name, number, 4, at, due=later, limit_unit=0))
                case "leg":
                    leg = LegRecord(1, AGENCY, at, later, 0, None)
                    events.append(event_of(name, number, 4, at, leg=leg))
                case _:
                    leg = LegRecord(1, None, None, None, None, at)
                    events.append(event_of(name, number, 4, at, leg=leg))
        for event in events:
            known_at = event.occurred + draw(st.sampled_from([0, 0, 0, 1, 3, 9])) * STEP
            arrivals.append((known_at, name, event))
    return arrivals
