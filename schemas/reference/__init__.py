"""Reference data: units, procedures and fields, shipped as CSV or brought by a province."""

from schemas.reference.procedures import (
    Field,
    LimitUnit,
    OnlineLevel,
    Procedure,
    ProcedureRegistry,
)
from schemas.reference.units import Level, Unit, UnitRegistry

__all__ = [
    "Field",
    "Level",
    "LimitUnit",
    "OnlineLevel",
    "Procedure",
    "ProcedureRegistry",
    "Unit",
    "UnitRegistry",
]
