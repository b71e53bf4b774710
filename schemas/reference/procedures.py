"""The catalogue of administrative procedures and the fields that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from schemas.calendar.limits import LimitUnit
from schemas.errors import RejectError
from schemas.reference.table import DATA_DIRECTORY, Row, read_rows
from schemas.reference.unit_model import Level

__all__ = ["Field", "LimitUnit", "OnlineLevel", "Procedure", "ProcedureRegistry"]

PROCEDURES_FILE = DATA_DIRECTORY / "procedures.csv"
FIELDS_FILE = DATA_DIRECTORY / "fields.csv"
PROCEDURE_COLUMNS = (
    "procedure_id",
    "name",
    "field",
    "level",
    "limit_value",
    "limit_unit",
    "online_level",
    "interconnected",
)
FIELD_COLUMNS = ("code", "name", "name_en")

_SHOWN_CHARACTERS = 80


class OnlineLevel(StrEnum):
    """How far a procedure can be done online (toàn trình, một phần, not at all)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Field:
    """A field (lĩnh vực) of procedures, with its Vietnamese and English name."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """An entry of the catalogue.

    Attributes:
        procedure_id: national id, e.g. ``1.000656``.
        name: Vietnamese name.
        field: code of its field.
        level: which level of units is competent to decide.
        limit_value: statutory time limit, in `limit_unit`.
        limit_unit: unit of the limit.
        online_level: how far it can be done online.
        interconnected: whether it passes through several agencies (liên thông).
    """

    procedure_id: str
    name: str
    field: str
    level: Level
    limit_value: int
    limit_unit: LimitUnit
    online_level: OnlineLevel
    interconnected: bool


class ProcedureRegistry:
    """All procedures and fields of one pair of reference files; immutable."""

    def __init__(self, procedures: dict[str, Procedure], fields: dict[str, Field]) -> None:
        self._procedures = dict(sorted(procedures.items()))
        self._fields = dict(sorted(fields.items()))

    @classmethod
    def load(
        cls, path: Path | None = None, *, fields_path: Path | None = None
    ) -> ProcedureRegistry:
        """Reads and checks a catalogue.

        Args:
            path: the procedures, None for the shipped sample. Blocks while reading.
            fields_path: the fields, None for the shipped ones.

        Raises:
            ReferenceDataError: the first fault, with file, line and what to change.
        """
        fields = _fields(fields_path or FIELDS_FILE)
        procedures: dict[str, Procedure] = {}
        lines: dict[str, int] = {}
        for row in read_rows(path or PROCEDURES_FILE, PROCEDURE_COLUMNS):
            procedure = _procedure(row, fields)
            key = procedure.procedure_id
            if key in procedures:
                raise row.error(
                    f'column procedure_id: "{key}" stands in line {lines[key]} already; '
                    "remove one of the two"
                )
            procedures[key] = procedure
            lines[key] = row.line
        return cls(procedures, fields)

    def __len__(self) -> int:
        return len(self._procedures)

    def __iter__(self) -> Iterator[Procedure]:
        """All procedures, by id."""
        return iter(self._procedures.values())

    def __contains__(self, procedure_id: object) -> bool:
        return procedure_id in self._procedures

    def get(self, procedure_id: str) -> Procedure:
        """The procedure of this id.

        Raises:
            RejectError: ``unknown_procedure``. Ask with ``in`` first where a procedure that
                the catalogue does not know yet is no fault.
        """
        procedure = self._procedures.get(procedure_id)
        if procedure is None:
            shown = procedure_id[:_SHOWN_CHARACTERS]
            raise RejectError(
                "unknown_procedure",
                f'no procedure has the id "{shown}"',
                field="procedure",
                value=shown,
            )
        return procedure

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, by code."""
        return tuple(self._fields.values())

    def field(self, code: str) -> Field:
        """The field of this code.

        Raises:
            RejectError: ``unknown_field``.
        """
        field = self._fields.get(code)
        if field is None:
            shown = code[:_SHOWN_CHARACTERS]
            raise RejectError(
                "unknown_field", f'no field has the code "{shown}"', field="field", value=shown
            )
        return field


def _fields(path: Path) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    lines: dict[str, int] = {}
    for row in read_rows(path, FIELD_COLUMNS):
        field = Field(row.required("code"), row.required("name"), row.required("name_en"))
        if field.code in fields:
            raise row.error(
                f'column code: "{field.code}" stands in line {lines[field.code]} already; '
                "remove one of the two"
            )
        fields[field.code] = field
        lines[field.code] = row.line
    return fields


def _procedure(row: Row, fields: dict[str, Field]) -> Procedure:
    field = row.required("field")
    if field not in fields:
        raise row.error(
            f'column field: "{field}" is not in the fields file; add it there or correct it'
        )
    limit = row.required("limit_value")
    if not (limit.isascii() and limit.isdigit() and int(limit) > 0):
        raise row.error(f'column limit_value: "{limit}" is not a whole number above 0')
    interconnected = row.required("interconnected")
    if interconnected not in {"0", "1"}:
        raise row.error(f'column interconnected: "{interconnected}" is neither 0 nor 1')
    return Procedure(
        procedure_id=row.required("procedure_id"),
        name=row.required("name"),
        field=field,
        level=row.choice("level", Level),
        limit_value=int(limit),
        limit_unit=row.choice("limit_unit", LimitUnit),
        online_level=row.choice("online_level", OnlineLevel),
        interconnected=interconnected == "1",
    )
