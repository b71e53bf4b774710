"""What happens between receipt and result: pauses, new dates, apologies, legs.

Each function leaves `draft.due` as the due time that the desk rule will apply (docs/fold.md §5).
"""

from __future__ import annotations

from random import Random

from ioc.scenarios.case import Outcome, Twist
from ioc.scenarios.life import Draft, NoFitError
from ioc.scenarios.local_text import iso
from ioc.scenarios.timetable import Timetable
from ioc.scenarios.world import World
from schemas.calendar import LimitUnit, late_from, local_day, shift_due

#: Share of interconnected dossiers whose desk reports the legs.
_SHARE_WITH_LEGS = 0.6


def apply_twist(
    draft: Draft, world: World, timetable: Timetable, rng: Random, twist: Twist | None
) -> None:
    """Let the twist happen, if it is one of the middle; raises `NoFitError`."""
    if twist is Twist.SUPPLEMENT:
        _pause(draft, world, timetable, rng, 5, runs=1)
    elif twist is Twist.TWO_SUPPLEMENTS:
        _pause(draft, world, timetable, rng, 5, runs=2)
    elif twist is Twist.PAYMENT:
        _pause(draft, world, timetable, rng, 6, runs=1)
    elif twist is Twist.SUPPLEMENT_NEW_DATE:
        _supplement_with_new_date(draft, world, timetable, rng)
    elif twist is Twist.APOLOGY:
        _apology(draft, timetable, rng, new_due=None)
    elif twist is Twist.APOLOGY_NEW_DATE:
        _apology(draft, timetable, rng, new_due=_later_day(draft, world, rng))
    elif twist is Twist.INTERCONNECTED:
        _legs(draft, world, timetable, rng)
    elif twist is None and draft.interconnected and rng.random() < _SHARE_WITH_LEGS:
        alone = len(draft.steps)
        try:
            _legs(draft, world, timetable, rng)
        except NoFitError:
            # No time for three agencies: the desk sends no legs, as many do.
            del draft.steps[alone:]


def _due(draft: Draft) -> int:
    if draft.due is None:
        raise NoFitError
    return draft.due


def start_pause(draft: Draft, timetable: Timetable, rng: Random, status: int, before: int) -> None:
    """Request a supplement or a payment while the dossier is in time and before an instant."""
    low = max(draft.last + 300, draft.received)
    high = min(late_from(_due(draft), draft.limit_unit), before)
    draft.add(timetable.between(rng, low, high, 1.3), status)


def _pause(
    draft: Draft, world: World, timetable: Timetable, rng: Random, status: int, *, runs: int
) -> None:
    due, paused = _due(draft), 0
    for _ in range(runs):
        start_pause(draft, timetable, rng, status, world.end)
        length = 1800 + int(min(rng.expovariate(1 / 30_000), 120_000))
        end = world.calendar.add_working_seconds(draft.last, length)
        paused += world.calendar.working_seconds(draft.last, end)
        draft.add(end, 4)
    draft.due = shift_due(due, draft.limit_unit, paused, world.calendar)


def _supplement_with_new_date(
    draft: Draft, world: World, timetable: Timetable, rng: Random
) -> None:
    new_due = _later_day(draft, world, rng)
    start_pause(draft, timetable, rng, 5, world.end)
    end = world.calendar.add_working_seconds(draft.last, 3600 + int(rng.random() * 40_000))
    draft.add(end, 4, {"supplement_due_at": iso(new_due)})
    if end >= new_due:
        raise NoFitError
    draft.due = new_due


def _apology(draft: Draft, timetable: Timetable, rng: Random, *, new_due: int | None) -> None:
    """Apologise in writing before the deadline passes, as the desk must."""
    high = late_from(_due(draft), draft.limit_unit)
    at = timetable.between(rng, draft.last + 300, high, 0.4)
    if at is None:
        raise NoFitError
    apology = {"issued_at": iso(at)}
    if new_due is not None:
        apology["new_due_at"] = iso(new_due)
        draft.due = new_due
    draft.add(at, 4, {"apology": apology})


def _later_day(draft: Draft, world: World, rng: Random) -> int:
    """Return a new due time; for a dossier that is to be in time, one after the end."""
    if draft.case.outcome is Outcome.IN_TIME:
        day = world.calendar.add_working_days(local_day(world.end), 1 + int(rng.random() * 9))
        return world.calendar.end_of_work(day)
    day = world.calendar.add_working_days(local_day(_due(draft)), 1 + int(rng.random() * 4))
    return world.calendar.end_of_work(day)


def _legs(draft: Draft, world: World, timetable: Timetable, rng: Random) -> None:
    """Send the dossier to other agencies and back; a leg ends when the next begins."""
    units = [draft.case.unit, *rng.sample(world.leg_units, 2)]
    high = min(late_from(_due(draft), draft.limit_unit), world.end)
    for number, unit in enumerate(units, start=1):
        at = timetable.between(rng, draft.last + 60, high, 2.0)
        if at is None:
            raise NoFitError
        due, unit_of_limit = world.calendar.due_from_limit(
            at, 1 + int(rng.random() * 4), LimitUnit.WORKING_DAYS
        )
        leg = {
            "number": number,
            "unit": unit,
            "started_at": iso(at),
            "due_at": iso(due),
            "limit_unit": unit_of_limit.value,
        }
        draft.add(at, 4, {"handler": unit, "leg": leg})
