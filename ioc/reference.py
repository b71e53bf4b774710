"""Reference data as the fold wants it: from the shipped files or a province's own."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.own_files import load_procedures, load_units
from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import day_of_date
from schemas.calendar.settings import CalendarSettings
from schemas.errors import ConfigurationError, RejectError
from schemas.events.decode import EARLIEST_EPOCH, LATEST_EPOCH
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import WorkerSettings
from streams.deadlines.crossings import LONGEST_LEAD_SECONDS
from streams.fold import FoldRules


@dataclass(frozen=True)
class Reference:
    """Rules of the fold, and the codes that events may name."""

    rules: FoldRules
    unit_codes: frozenset[str]
    units: UnitRegistry
    procedures: ProcedureRegistry
    calendar: WorkingCalendar


def load_reference(settings: WorkerSettings) -> Reference:
    """Read calendar, units and procedures. Blocks for some tenths of a second.

    Raises:
        ReferenceDataError: a file is wrong; the message names the line.
        ConfigurationError: the calendar is too short for what events may say.
    """
    calendar_settings = CalendarSettings()
    calendar = WorkingCalendar(calendar_settings)
    _check_ends(calendar, LATEST_EPOCH, "IOC_CALENDAR_FIRST_YEAR and IOC_CALENDAR_LAST_YEAR")
    units = load_units(settings)
    procedures = load_procedures(settings)
    for procedure in procedures:
        due, _ = calendar.due_from_limit(LATEST_EPOCH, procedure.limit_value, procedure.limit_unit)
        _check_ends(calendar, due, f"the limit of procedure {procedure.procedure_id}")
    rules = fold_rules(calendar_settings, calendar, units, procedures)
    return Reference(rules, frozenset(unit.code for unit in units), units, procedures, calendar)


def fold_rules(
    settings: CalendarSettings,
    calendar: WorkingCalendar,
    units: UnitRegistry,
    procedures: ProcedureRegistry,
) -> FoldRules:
    """Return the rules of the fold that follow from reference data and the calendar."""
    return FoldRules(
        calendar=calendar,
        successors={
            unit.code: (day_of_date(unit.valid_to), unit.successor)
            for unit in units
            if unit.valid_to is not None and unit.successor is not None
        },
        statutory={
            procedure.procedure_id: (procedure.limit_value, procedure.limit_unit)
            for procedure in procedures
        },
        receipt_limit_seconds=settings.receipt_limit_working_seconds,
    )


def _check_ends(calendar: WorkingCalendar, latest_due: int, cause: str) -> None:
    """Check that no due time can leave the calendar.

    The fold would reject whichever event came last, so a dossier's state would depend on the
    order of its events.
    """
    longest_pause = LATEST_EPOCH - EARLIEST_EPOCH
    try:
        calendar.covers(EARLIEST_EPOCH - LONGEST_LEAD_SECONDS)
        calendar.covers(latest_due + longest_pause)
    except RejectError as error:
        raise ConfigurationError(f"{cause}: due times can leave the calendar ({error})") from error
