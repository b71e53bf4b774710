"""Reference data as the fold wants it: from the shipped files or a province's own."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import day_of_date
from schemas.calendar.settings import CalendarSettings
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import WorkerSettings
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
    """
    calendar_settings = CalendarSettings()
    calendar = WorkingCalendar(calendar_settings)
    units = UnitRegistry.load(settings.units_file)
    procedures = ProcedureRegistry.load(settings.procedures_file)
    rules = FoldRules(
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
        receipt_limit_seconds=calendar_settings.receipt_limit_working_seconds,
    )
    return Reference(rules, frozenset(unit.code for unit in units), units, procedures, calendar)
