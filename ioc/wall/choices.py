"""Units and fields by name: what a board's variables can be set to."""

from __future__ import annotations

from typing import Any

from schemas.reference import ProcedureRegistry, UnitRegistry


class Choices:
    """Names from the reference data that the worker uses as well."""

    def __init__(self, units: UnitRegistry, procedures: ProcedureRegistry) -> None:
        self._units = {unit.code: unit for unit in units}
        self._fields = {field.code: field for field in procedures.fields}

    def unit_name(self, code: str) -> str:
        """Return a unit's name, the code itself for an unknown one."""
        return self._units[code].name if code in self._units else code

    def field_name(self, code: str, language: str) -> str:
        """Return a field's name, the code itself for an unknown one."""
        field = self._fields.get(code)
        if field is None:
            return code
        return field.name_en if language == "en" and field.name_en else field.name

    def as_dict(self, language: str) -> dict[str, Any]:
        """Return everything for the page; days are ISO texts, `to` is exclusive."""
        return {
            "units": [
                {
                    "code": unit.code,
                    "name": unit.name,
                    "level": unit.level.value,
                    "parent": unit.parent or "",
                    "from": unit.valid_from.isoformat(),
                    "to": unit.valid_to.isoformat() if unit.valid_to else "",
                }
                for unit in self._units.values()
            ],
            "fields": [
                {"code": code, "name": self.field_name(code, language)} for code in self._fields
            ],
        }
