"""The alerts that a month's files call for, found by a slow way of its own; and a cut feed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people import Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.preview.files import Files
from ioc.alerts.preview.report import Report
from ioc.alerts.preview.run import STEP_SECONDS, run
from ioc.alerts.preview.simulation import Simulation, all_heard
from ioc.reference import Reference
from schemas.alerting.rules_model import RulesFile
from schemas.calendar.local_time import day_end, day_start, local_day
from schemas.events import EventRecord
from schemas.reference import Level
from streams.deadlines import Crossing, Rule, crossings_of
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
    words: list[tuple[int, int, str]] = []  # known at, happened at, source: of the desk
    for dossier_id, events in histories:
        receiver = ""
        for event in events:
            # Some are corrected later: whoever had the file until then says so.
            receiver, next_one = receiver or event.receiver or "", event.receiver
            known_at = event.occurred
            if cut is not None and receiver == cut[0]:
                if day_start(cut[1]) <= event.occurred < back_at(cut):
                    known_at = back_at(cut)
                words.append((known_at, event.occurred, event.source))
            files.expect(dossier_id, event, known_at)
            receiver = next_one or receiver
    feeds_at = all_heard
    if cut is not None and not trusting:
        feeds_at = _Desk(reference.calendar, cut[0], sorted(words)).feeds
    simulation = Simulation(planner(reference), files, feeds_at, finds=False)
    return run(simulation, start, end)


def back_at(cut: tuple[str, int]) -> int:
    """When a feed that was cut is back, with all that it held back."""
    return day_end(cut[1]) + 9 * 3600 + 1800


class _Desk:
    """What is heard of one desk; asked for instants that only grow."""

    def __init__(self, calendar, unit: str, words: list[tuple[int, int, str]]) -> None:
        self._calendar, self._unit, self._words = calendar, unit, words
        self._arrivals = [known_at for known_at, _, _ in words]
        self._taken, self._newest = 0, {}

    def feeds(self, now: int) -> Feeds:
        while self._taken < len(self._words) and self._words[self._taken][0] <= now:
            _, happened_at, source = self._words[self._taken]
            self._newest[source] = max(happened_at, self._newest.get(source, 0))
            self._taken += 1
        silent = _silent(self._calendar, self._unit, self._arrivals, now)
        return Feeds(now, {}, silent, {self._unit: dict(self._newest)})


def _silent(calendar, unit: str, heard: list[int], now: int) -> dict[str, int]:
    """The wall's habit rule: silent is who sent nothing for eight usual gaps, 1 to 16 hours."""
    recent = heard[bisect_left(heard, now - 28 * 86_400) : bisect_left(heard, now)]
    if len(recent) < 10:
        return {}
    worked = calendar.working_seconds(now - 28 * 86_400, now)
    patience = min(16 * 3600, max(3600, 8 * worked / len(recent)))
    last = recent[-1]
    return {unit: last} if calendar.working_seconds(last, now) > patience else {}


def last_minute_days(
    histories: Iterable[History], reference: Reference, start: int, end: int
) -> dict[str, int]:
    """The day of each commune on which most of its files were finished on the very day they were
    due: what a cut of that day's feed would make look late. The worst commune comes first."""
    counts: Counter[tuple[str, int]] = Counter()
    for _, events in histories:
        facts = fold(order_events(events), reference.rules)
        if facts.result_at is None or facts.due is None or not start <= facts.result_at < end:
            continue
        unit = reference.units.get(facts.receiver)
        day = local_day(facts.result_at)
        if unit.level is Level.COMMUNE and day == local_day(facts.due):
            counts[facts.receiver, day] += 1
    days: dict[str, int] = {}
    for unit, day in sorted(counts, key=lambda place: (-counts[place], place)):
        days.setdefault(unit, day)
    return days


def by_receiver(histories: Iterable[History]) -> dict[str, list[History]]:
    """The files that a desk had at any time."""
    found: defaultdict[str, list[History]] = defaultdict(list)
    for history in histories:
        for unit in {event.receiver for event in history[1] if event.receiver}:
            found[unit].append(history)
    return found


def over_when_heard(
    alert: str, histories: Iterable[History], reference: Reference, cut: tuple[str, int], end: int
) -> bool:
    """Whether a late file was finished by the time its desk was heard again: nobody can act.

    Or it was known to be late only a day after that, which is for digests; or not by the end.
    """
    dossier_id = alert.split("/")[1].partition("#")[0]
    arrivals = sorted(
        (back_at(cut) if day_start(cut[1]) <= event.occurred < back_at(cut) else event.occurred,
         event.occurred, name, event)
        for name, events in histories
        for event in events
    )  # fmt: skip
    (mine,) = [events for name, events in histories if name == dossier_id]
    for crossing in _ever_crossed(mine, reference):
        if not alert.endswith(f"/{crossing.about}") or not alert.startswith(crossing.rule):
            continue
        source = [event for event in mine if event.occurred <= crossing.at][-1].source
        is_receipt = crossing.rule is Rule.RECEIPT_OVERDUE
        heard_at = next(
            known_at
            for known_at, at, _, event in arrivals
            if at >= crossing.at and (event.source != source) is is_receipt
        )
        # Looked at is every half hour of working time.
        at = _next_working_second(reference.calendar, heard_at)
        looked_at = -(-at // STEP_SECONDS) * STEP_SECONDS
        if looked_at >= end:
            continue
        known = [e for known_at, _, name, e in arrivals if name == dossier_id
                 and known_at <= looked_at]  # fmt: skip
        before = [e for e in known if e.occurred < day_start(cut[1])]
        is_old = looked_at - crossing.at > 86_400 and not _crosses(before, crossing, reference)
        if _crosses(known, crossing, reference) and not is_old:
            return False
    return True


def _crosses(known: list[EventRecord], crossing: Crossing, reference: Reference) -> bool:
    if not known:
        return False
    facts = fold(order_events(known), reference.rules)
    return crossing in crossings_of(facts, reference.calendar, 0)


def _ever_crossed(events: Iterable[EventRecord], reference: Reference) -> set[Crossing]:
    listed = list(events)
    return {
        crossing
        for number in range(1, len(listed) + 1)
        for crossing in crossings_of(
            fold(order_events(listed[:number]), reference.rules), reference.calendar, 0
        )
    }
