"""The chain against a slow judge: answers, silences, stale feeds, a server that is away, crashes.

While a message waits for its server its file is over, and open again.
"""

from __future__ import annotations

from alert_chain import run
from alert_histories import POINTS, event_of, histories
from alert_world import START, STEP, Arrival, Stale
from hypothesis import given, settings
from hypothesis import strategies as st

#: From 07:00 to 14:50: five and a half working hours, with a noon between.
STEPS = 48

steps = st.integers(0, STEPS - 4)
spans = st.lists(st.tuples(steps, steps).map(sorted).map(tuple), max_size=2).map(
    lambda each: Stale(tuple(each))
)
crashes = st.dictionaries(st.integers(0, STEPS - 1), st.sampled_from(POINTS), max_size=3)
answers = st.lists(st.tuples(steps, st.sampled_from(["A-1", "B-2"])), max_size=2)


@settings(max_examples=250, deadline=None)
@given(histories(), spans, crashes, spans, spans, answers)
def test_whoever_must_hear_hears_and_nobody_else(
    arrivals: list[Arrival],
    stale: Stale,
    crashes: dict[int, str],
    away: Stale,
    hushed: Stale,
    answered: list[tuple[int, str]],
) -> None:
    run(arrivals, stale, crashes, away, hushed, answered, STEPS).check()


def test_a_file_that_comes_back_in_a_silence_goes_up_when_it_ends() -> None:
    """Whoever has the message already is not waited for again: nothing is left to be held."""
    late = START + STEP
    events = (
        (1, event_of("A-1", 0, 2, START + 1, received=START + 1, due=late + 1, limit_unit=0)),
        (4, event_of("A-1", 1, 4, START + 4, explicit_due=late + 4, apology=START + 4)),
        # Done a second before it was late, heard of two steps later; then it is taken up again.
        (2 * STEP + 3, event_of("A-1", 2, 9, late + 3)),
        (3 * STEP + 2, event_of("A-1", 3, 5, START + 3 * STEP + 2)),
    )
    arrivals = [(START + heard, "A-1", event) for heard, event in events]
    away, hushed = Stale(((0, 4),)), Stale(((3, 42),))
    run(arrivals, Stale(), {}, away, hushed, [], STEPS).check()
