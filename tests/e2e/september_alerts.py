"""The alerts that a month's files call for, found by a slow way of its own; and a cut feed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.preview.files import Files
from ioc.alerts.preview.report import Report
from ioc.alerts.preview.run import run
from ioc.alerts.preview.simulation import Simulation, all_heard
from ioc.reference import Reference
from schemas.alerting.rules_model import RulesFile
from schemas.calendar.local_time import day_end, day_start, local_day
from schemas.events import EventRecord
from schemas.reference import Level
from streams.deadlines import Rule, crossings_of
from streams.fold import fold, order_events

History = tuple[str, tuple[EventRecord, ...]]
TOLD = (Rule.RECEIPT_OVERDUE, Rule.OVERDUE, Rule.LEG_OVERDUE)
RULES = RulesFile.model_validate(
    {
        "version": 1,
        "delivery": {
            "settle_seconds": 0,
            "longest_settle_seconds": 0,
            "rate": {"messages": 1000},
        },
        "rules": [
            {"id": rule.value, "what": rule.value, "tell": ["authority_head"]} for rule in TOLD
        ],
    }
)
LEAD_SECONDS = 8 * 3600


def planner(reference: Reference) -> Planner:
    """Everything goes to the one leader that there is."""
    leader = Person(
        "leader", "Lãnh đạo", "vi", (Post(Role.PROVINCE_LEADER, "17"),), {"email": "x@ioc.example"}
    )
    words = Wording(reference.units, reference.procedures, reference.calendar)
    people = PeopleBook([leader], reference.units)
    return Planner(Rulebook(RULES), people, words, LEAD_SECONDS)


def expected(histories: Iterable[History], reference: Reference, start: int, end: int) -> set[str]:
    """Fold every beginning of every file anew; an alert is called for where a crossing lies
    between two events and the file still stands so in the next working second."""
    calendar = reference.calendar
    found: set[str] = set()
    for dossier_id, events in histories:
        instants = sorted({event.occurred for event in events})
        for number, instant in enumerate(instants):
            until = instants[number + 1] if number + 1 < len(instants) else end
            known = [event for event in events if event.occurred <= instant]
            facts = fold(order_events(known), reference.rules)
            for crossing in crossings_of(facts, calendar, 0):
                if crossing.rule not in TOLD or not start <= crossing.at < end:
                    continue
                at = max(crossing.at, instant)
                told_at = _next_working_second(calendar, at)
                if at < until and told_at < min(until, end):
                    leg = f"#{crossing.leg}" if crossing.leg else ""
                    found.add(f"{crossing.rule}/{dossier_id}{leg}/{crossing.about}")
    return found


def _next_working_second(calendar, at: int) -> int:
    """The first working second from here on."""
    return calendar.add_working_seconds(at, 1) - 1


def told_by(
    histories: Iterable[History],
    reference: Reference,
    start: int,
    end: int,
    *,
    cut: tuple[str, int] | None = None,
    trusting: bool = False,
) -> Report:
    """What the engine tells; `cut`: a desk and the day on whose midnight its feed breaks; all
    that it holds back comes at half past nine of the next day; `trusting`: as if nobody
    watched the feeds."""
    files = Files(reference.rules, 0)
    heard: list[int] = []
    for dossier_id, events in histories:
        receiver = next((event.receiver for event in events if event.receiver), "")
        for event in events:
            known_at = event.occurred
            if cut is not None and receiver == cut[0]:
                back_at = day_end(cut[1]) + 9 * 3600 + 1800
                if day_start(cut[1]) <= event.occurred < back_at:
                    known_at = back_at
                heard.append(known_at)
            files.expect(dossier_id, event, known_at)
    feeds_at = all_heard
    if cut is not None and not trusting:
        heard.sort()

        def feeds_at(now: int) -> Feeds:
            return Feeds(now, {}, _silent(reference.calendar, cut[0], heard, now))

    simulation = Simulation(planner(reference), files, feeds_at, finds=False)
    return run(simulation, start, end)


def _silent(calendar, unit: str, heard: list[int], now: int) -> dict[str, int]:
    """The wall's habit rule: silent is who sent nothing for eight usual gaps, 1 to 16 hours."""
    recent = heard[bisect_left(heard, now - 28 * 86_400) : bisect_left(heard, now)]
    if len(recent) < 10:
        return {}
    worked = calendar.working_seconds(now - 28 * 86_400, now)
    patience = min(16 * 3600, max(3600, 8 * worked / len(recent)))
    last = recent[-1]
    return {unit: last} if calendar.working_seconds(last, now) > patience else {}


def last_minute_place(
    histories: Iterable[History], reference: Reference, start: int, end: int
) -> tuple[str, int]:
    """The commune and day on which most files were finished on the very day they were due: what
    a cut of that day's feed would make look late."""
    counts: Counter[tuple[str, int]] = Counter()
    for _, events in histories:
        facts = fold(order_events(events), reference.rules)
        if facts.result_at is None or facts.due is None or not start <= facts.result_at < end:
            continue
        unit = reference.units.get(facts.receiver)
        day = local_day(facts.result_at)
        if unit.level is Level.COMMUNE and day == local_day(facts.due):
            counts[facts.receiver, day] += 1
    return max(counts, key=lambda place: (counts[place], place))


def of_receiver(histories: Iterable[History], unit: str) -> list[History]:
    return [
        (dossier_id, events)
        for dossier_id, events in histories
        if unit in {event.receiver for event in events}
    ]
