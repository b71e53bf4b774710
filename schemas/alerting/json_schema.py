"""The committed JSON Schemas of the rules and people files: written and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.alerting.people_model import PeopleFile
from schemas.alerting.rules_model import RulesFile

FOLDER = Path(__file__).parent
SCHEMA_FILES: dict[str, type[BaseModel]] = {
    "rules.v1.json": RulesFile,
    "people.v1.json": PeopleFile,
}


def schema_text(model: type[BaseModel]) -> str:
    """Return a schema as it is written: sorted and indented, so that a change reads well."""
    schema: dict[str, Any] = model.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_schemas(folder: Path = FOLDER) -> list[Path]:
    """Write both schemas; return their files."""
    paths = []
    for name, model in SCHEMA_FILES.items():
        path = folder / name
        path.write_text(schema_text(model), encoding="utf-8")
        paths.append(path)
    return paths


def stale_schemas(folder: Path = FOLDER) -> list[str]:
    """Return the names of schema files that do not say what the models say."""
    stale = []
    for name, model in SCHEMA_FILES.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != schema_text(model):
            stale.append(name)
    return stale
