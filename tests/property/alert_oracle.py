"""A slow oracle: no state but what it told; folds everything anew at every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from alert_world import CALENDAR, FOLD, LEAD_SECONDS, START, STEP, Arrival, Pair, Stale

from schemas.events import EventRecord
from streams.deadlines import Crossing, Rule, crossings_of
from streams.fold import fold, order_events

#: Whom the oracle expects to hear of each rule.
HEARERS = {
    Rule.RECEIPT_OVERDUE: {"desk"},
    Rule.DUE_SOON: {"lead"},
    Rule.OVERDUE: {"lead"},
    Rule.LEG_OVERDUE: {"agency", "head"},
}


def name_of(dossier_id: str, crossing: Crossing) -> str:
    leg = f"#{crossing.leg}" if crossing.leg else ""
    return f"{crossing.rule}/{dossier_id}{leg}/{crossing.about}"


def true_at(events: list[EventRecord], now: int) -> set[Crossing]:
    """The crossings that stand at an instant for whoever knows these events."""
    if not events:
        return set()
    facts = fold(order_events(events), FOLD)
    stands = set()
    for crossing in crossings_of(facts, CALENDAR, LEAD_SECONDS):
        overtaken = (
            crossing.rule is Rule.DUE_SOON and facts.alarm is not None and (facts.alarm <= now)
        )
        if crossing.at <= now and not overtaken:
            stands.add(crossing)
    return stands


def was_true(events: list[EventRecord], crossing: Crossing) -> bool:
    """Whether these events, as far as they had happened, ever led to this crossing."""
    wanted = (crossing.rule, crossing.about, crossing.leg)
    for instant in {crossing.at, *(event.occurred + 1 for event in events)}:
        before = [event for event in events if event.occurred < instant]
        if instant < crossing.at or not before:
            continue
        if wanted in {(each.rule, each.about, each.leg) for each in true_at(before, instant)}:
            return True
    return False


def oracle(
    arrivals: Iterable[Arrival], stale: Stale, steps: int
) -> tuple[Counter[Pair], list[set[tuple[str, str, str]]]]:
    """Who knows when each event arrived: the net, and what is said at every step."""
    arrived = sorted(arrivals, key=lambda each: each[0])
    told: dict[tuple[str, Crossing], set[str]] = {}
    said: list[set[tuple[str, str, str]]] = []
    net: Counter[Pair] = Counter()
    for step in range(steps):
        now = START + step * STEP
        known: defaultdict[str, list[EventRecord]] = defaultdict(list)
        for known_at, dossier_id, event in arrived:
            if known_at <= now:
                known[dossier_id].append(event)
        now_said: set[tuple[str, str, str]] = set()
        for dossier_id, events in known.items():
            stands = true_at(events, now)
            for crossing in stands:
                if (dossier_id, crossing) not in told and not stale.holds(now):
                    hearers = HEARERS[crossing.rule]
                    told[dossier_id, crossing] = hearers
                    for person in hearers:
                        net[name_of(dossier_id, crossing), person] += 1
                        now_said.add(("told", name_of(dossier_id, crossing), person))
            for (of, crossing), hearers in list(told.items()):
                if of != dossier_id or crossing in stands:
                    continue
                if was_true(events, crossing):
                    continue
                del told[of, crossing]
                for person in hearers:
                    net[name_of(of, crossing), person] -= 1
                    now_said.add(("withdrawn", name_of(of, crossing), person))
        said.append(now_said)
    return net, said
