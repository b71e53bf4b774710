"""How dossiers end, or stand at the end of a scenario: one function per group of outcomes.

Each returns a life whose fold is exactly the case's outcome, or raises `NoFitError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from ioc.scenarios.beginning import attributes, begin, draw_task, told_unit
from ioc.scenarios.case import RESOLVED, Case, Outcome, Twist
from ioc.scenarios.life import Draft, Life, NoFitError, Step
from ioc.scenarios.local_text import iso
from ioc.scenarios.middle import apply_twist, start_pause
from ioc.scenarios.timetable import Timetable
from ioc.scenarios.world import World
from schemas.calendar import day_start, late_from, local_day

Days = tuple[int, int]
Ending = Callable[[World, Timetable, Random, Case, Twist | None, Days], Life]

_HOUR = 3600
_DAY = 86_400
_RECEIPT_LIMIT = 8 * _HOUR
#: What is late is mostly done soon after: seconds in which the result comes at the latest.
_LATE_WITHIN = 12 * _DAY


def _resolved(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    draft = begin(world, timetable, rng, case, twist, days)
    apply_twist(draft, world, timetable, rng, twist)
    low, high = _result_window(draft, world)
    if twist is Twist.REOPENED:
        void = draft.add(timetable.between(rng, low, high), 9)
        draft.add(timetable.between(rng, void, high), 4)
        low = draft.last
    skew = {Outcome.EARLY: 0.9, Outcome.LATE: 2.5}.get(case.outcome, 1.2)
    result = timetable.between(rng, low, high, skew)
    draft.add(result, 10 if twist is Twist.ONLY_RETURNED else 9)
    if not case.uncollected and twist is not Twist.ONLY_RETURNED:
        draft.add(_collection(draft.last, world, rng), 10)
    return draft.life(world.end)


def _result_window(draft: Draft, world: World) -> tuple[int, int]:
    """Return between which instants, exclusive, the result gives the wanted verdict."""
    low, high = max(draft.last + 60, world.start), world.end
    outcome, due = draft.case.outcome, draft.due
    if due is None:
        return low, high
    lateness = late_from(due, draft.limit_unit)
    due_midnight = day_start(local_day(due))
    if outcome is Outcome.EARLY:
        return low, min(high, due_midnight)
    if outcome is Outcome.ON_TIME:
        return max(low, due_midnight), min(high, lateness)
    return max(low, lateness), min(high, lateness + _LATE_WITHIN)


def _collection(result: int, world: World, rng: Random) -> int:
    """Return when the citizen picks the result up: mostly the same day, before the end."""
    delay = 60 + int(min(rng.expovariate(1 / 12_000), 10 * _RECEIPT_LIMIT))
    at = world.calendar.add_working_seconds(result, delay)
    return at if at < world.end - 60 else result + 45 + int(rng.random() * 300)


def _closed(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    """Withdrawn by the citizen (7, sometimes closed with 8), or stopped by the agency (8)."""
    draft = begin(world, timetable, rng, case, twist, days)
    low = max(draft.last + 60, world.start)
    at = timetable.between(rng, low, min(world.end - 2 * _HOUR, low + 6 * _DAY))
    draft.add(at, 7 if case.outcome is Outcome.WITHDRAWN else 8)
    if case.outcome is Outcome.WITHDRAWN and rng.random() < 0.3:
        draft.add(draft.last + 120 + int(rng.random() * 3000), 8)
    return draft.life(world.end)


def _open(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    """In time or overdue at the end, with a margin, so that the last second decides nothing."""
    draft = begin(world, timetable, rng, case, twist, days)
    apply_twist(draft, world, timetable, rng, twist)
    if draft.due is None:
        raise NoFitError
    lateness = late_from(draft.due, draft.limit_unit)
    if case.outcome is Outcome.OVERDUE and lateness > world.end - _DAY:
        raise NoFitError
    if case.outcome is Outcome.IN_TIME and lateness < world.end + 12 * _HOUR:
        raise NoFitError
    return draft.life(world.end)


def _paused(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    draft = begin(world, timetable, rng, case, twist, days)
    status = 5 if case.outcome is Outcome.PAUSED_SUPPLEMENT else 6
    start_pause(draft, timetable, rng, status, world.end)
    # Files that wait since long ago are closed by the desk (8).
    if draft.last < world.start - 20 * _DAY:
        raise NoFitError
    return draft.life(world.end)


def _registered(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Draft:
    """Return a draft that was registered online and nothing else."""
    task = draw_task(world, rng, case, None)
    draft = Draft(case)
    if case.outcome in (Outcome.AWAITING, Outcome.RECEIPT_OVERDUE):
        days = (local_day(world.end) - 7, local_day(world.end))
    at = timetable.registration(rng, days)
    said = attributes(world, case, task, told_unit(world, case, twist))
    said["registered_at"] = iso(at)
    draft.steps.append(Step(at, 1, said, by_portal=True))
    return draft


def _awaiting(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    draft = _registered(world, timetable, rng, case, twist, days)
    if not days[0] <= local_day(draft.last) < days[1]:
        raise NoFitError
    receipt_due = world.calendar.add_working_seconds(draft.last, _RECEIPT_LIMIT)
    if case.outcome is Outcome.AWAITING and receipt_due < world.end + _HOUR:
        raise NoFitError
    if case.outcome is Outcome.RECEIPT_OVERDUE and receipt_due > world.end - _HOUR:
        raise NoFitError
    return draft.life(world.end)


def _turned_away(
    world: World, timetable: Timetable, rng: Random, case: Case, twist: Twist | None, days: Days
) -> Life:
    """Refused by the desk in time (3), or withdrawn before anybody looked (7)."""
    draft = _registered(world, timetable, rng, case, twist, days)
    if case.outcome is Outcome.REFUSED:
        delay = 1200 + int(rng.random() * 6 * _HOUR)
        draft.add(world.calendar.add_working_seconds(draft.last, delay), 3)
    else:
        # Nobody waits for an official to change his mind: at any hour.
        draft.add(draft.last + 600 + int(rng.random() * 10 * _HOUR), 7)
        draft.steps[-1] = draft.steps[-1]._replace(by_portal=True)
    return draft.life(world.end)


ENDINGS: Mapping[Outcome, Ending] = {
    **dict.fromkeys(RESOLVED, _resolved),
    Outcome.WITHDRAWN: _closed,
    Outcome.STOPPED: _closed,
    Outcome.IN_TIME: _open,
    Outcome.OVERDUE: _open,
    Outcome.PAUSED_SUPPLEMENT: _paused,
    Outcome.PAUSED_PAYMENT: _paused,
    Outcome.AWAITING: _awaiting,
    Outcome.RECEIPT_OVERDUE: _awaiting,
    Outcome.REFUSED: _turned_away,
    Outcome.CLOSED_UNRECEIVED: _turned_away,
}
