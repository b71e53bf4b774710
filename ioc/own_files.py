"""Units, procedures and fields as the settings name them: a province's own files or the shipped."""

from __future__ import annotations

from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import WorkerSettings


def load_units(settings: WorkerSettings) -> UnitRegistry:
    """Read and check the units and their other names; blocks while reading.

    Raises:
        ReferenceDataError: a file is wrong; the message names file and line.
    """
    return UnitRegistry.load(settings.units_file, aliases_path=settings.unit_aliases_file)


def load_procedures(settings: WorkerSettings) -> ProcedureRegistry:
    """Read and check the procedures and their fields; blocks while reading.

    Raises:
        ReferenceDataError: a file is wrong; the message names file and line.
    """
    return ProcedureRegistry.load(settings.procedures_file, fields_path=settings.fields_file)
