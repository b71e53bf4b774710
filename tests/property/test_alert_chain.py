"""The chain against a slow judge: answers, silences, stale feeds, a server that is away, crashes.

While a message waits for its server its file is over, and open again.
"""

from __future__ import annotations

from alert_chain import run
from alert_histories import POINTS, histories
from alert_world import Arrival, Stale
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
