"""How a received dossier begins: registered, received, taken up."""

from __future__ import annotations

from random import Random

from ioc.scenarios.case import Case, Outcome, Twist
from ioc.scenarios.departments import department
from ioc.scenarios.life import Draft, Event, NoFitError, Step
from ioc.scenarios.local_text import iso
from ioc.scenarios.timetable import Timetable
from ioc.scenarios.workload import Task
from ioc.scenarios.world import World
from schemas.calendar import LimitUnit
from schemas.reference import Level

#: Share of a department's dossiers that belong to its own fields.
_OWN_FIELDS = 0.96


def told_unit(world: World, case: Case, twist: Twist | None) -> str:
    """Return the code that a feed gives for the authority."""
    return world.old_codes[case.unit] if twist is Twist.OLD_CODE else case.unit


def draw_task(world: World, rng: Random, case: Case, twist: Twist | None) -> Task:
    """Return a procedure that can lead to the outcome; raises `NoFitError`."""
    level = world.levels[case.unit]
    fields: tuple[str, ...] = ()
    # Some have only limits that are too long for the outcome: others do a part of their work.
    if level is Level.DEPARTMENT and rng.random() < _OWN_FIELDS:
        fields = department(case.unit).fields
    task = world.workload.draw(rng, level, fields, online=case.channel == 2)
    if twist is Twist.SAME_DAY:
        return Task(task.procedure, 0, LimitUnit.WORKING_DAYS)
    if twist is Twist.HOURS:
        return Task(task.procedure, 4, LimitUnit.WORKING_HOURS)
    if task.limit_value == 0 and case.outcome is Outcome.EARLY:
        # What is due today cannot be done before today.
        raise NoFitError
    return task


def attributes(world: World, case: Case, task: Task, unit: str) -> Event:
    """Return what the first event of a dossier says about it."""
    procedure = task.procedure
    return {
        "receiver": world.receivers.get(case.unit, unit),
        "authority": unit,
        "procedure": procedure.procedure_id,
        "field": procedure.field,
        "channel": case.channel,
        "online_level": procedure.online_level.value,
    }


def begin(
    world: World,
    timetable: Timetable,
    rng: Random,
    case: Case,
    twist: Twist | None,
    days: tuple[int, int],
) -> Draft:
    """Return a draft that is received within the days, with its promise; raises `NoFitError`."""
    task = draw_task(world, rng, case, twist)
    draft = Draft(case)
    unit = told_unit(world, case, twist)
    draft.received = received = timetable.receipt(rng, days)
    draft.limit_unit = task.limit_unit
    draft.interconnected = task.procedure.interconnected
    said = attributes(world, case, task, unit)
    if twist is Twist.CORRECTED_UNIT:
        wrong = world.neighbours[case.unit]
        said["receiver"] = said["authority"] = wrong
    if case.channel == 2:
        registered = timetable.registration_before(rng, received, late=case.receipt_late)
        said["registered_at"] = iso(registered)
        draft.steps.append(Step(registered, 1, said, by_portal=True))
        said = {"receiver": said["receiver"], "authority": said["authority"]}
    told = received
    if twist is Twist.CORRECTED_RECEIPT:
        # A clerk typed the day before, or an hour that was not.
        told -= 86_400 if rng.random() < 0.5 else 3600
    said["received_at"] = iso(told)
    if case.outcome is not Outcome.NO_DUE:
        due, _ = world.calendar.due_from_limit(received, task.limit_value, task.limit_unit)
        draft.due = due
        said["due_at"] = iso(due)
        said["limit_unit"] = task.limit_unit.value
    draft.add(received, 2, said)
    _take_up(draft, world, timetable, rng, task, twist)
    return draft


def _take_up(
    draft: Draft,
    world: World,
    timetable: Timetable,
    rng: Random,
    task: Task,
    twist: Twist | None,
) -> None:
    """Let an official start work, and correct what was wrong until then."""
    corrects = twist in (Twist.CORRECTED_RECEIPT, Twist.CORRECTED_UNIT)
    if task.is_short and not corrects and twist is not Twist.SLOW_CLOCK and rng.random() < 0.6:
        return
    delay = int(min(rng.expovariate(1 / (300 if task.is_short else 5400)), 12 * 3600))
    at = world.calendar.add_working_seconds(draft.received, 60 + delay)
    if at >= world.end - 600:
        if corrects or twist is Twist.SLOW_CLOCK:
            raise NoFitError
        return
    said: Event = {}
    if twist is Twist.CORRECTED_RECEIPT:
        said["received_at"] = iso(draft.received)
    elif twist is Twist.CORRECTED_UNIT:
        unit = draft.case.unit
        said["receiver"] = world.receivers.get(unit, unit)
        said["authority"] = unit
    draft.add(at, 4, said)
    if twist is Twist.SLOW_CLOCK:
        slow = draft.received - 1800 - int(rng.random() * 7200)
        draft.steps[-1] = draft.steps[-1]._replace(told_at=slow)
