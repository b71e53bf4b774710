"""The committed JSON Schema of dossier events: written, read, compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import ConfigurationError
from schemas.events.compat import incompatibilities
from schemas.events.model import SCHEMA_VERSION, json_schema

SCHEMA_FILE = Path(__file__).with_name(f"dossier-event.v{SCHEMA_VERSION}.json")


@dataclass(frozen=True)
class SchemaCheck:
    """How a schema file stands to the model.

    Attributes:
        fresh: the file says exactly what the model says.
        incompatible: what the file accepted and the model does not, one sentence each.
    """

    fresh: bool
    incompatible: tuple[str, ...]


def schema_text() -> str:
    """Return the schema as it is written: sorted and indented, so that a change reads well."""
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_schema(path: Path = SCHEMA_FILE) -> None:
    """Write the schema of the model."""
    path.write_text(schema_text(), encoding="utf-8")


def check_schema_file(path: Path = SCHEMA_FILE) -> SchemaCheck:
    """Compare a file with the model; a file that is not there is compatible but not fresh.

    Raises:
        ConfigurationError: the file is no JSON object.
    """
    if not path.exists():
        return SchemaCheck(fresh=False, incompatible=())
    text = path.read_text(encoding="utf-8")
    return SchemaCheck(
        fresh=text == schema_text(),
        incompatible=tuple(incompatibilities(_parse(text, path), json_schema())),
    )


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        schema = json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"{path}: is not JSON ({error})") from None
    if not isinstance(schema, dict):
        raise ConfigurationError(f"{path}: is no JSON Schema")
    return schema
