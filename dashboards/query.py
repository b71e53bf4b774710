"""The SQL files: one statement each, values bound by the server, never pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PARAMETER = re.compile(r"\{(\w+):\w+\}")


@dataclass(frozen=True, slots=True)
class Query:
    """One statement.

    Attributes:
        name: of the file, without its suffix.
        text: as it stands in the file.
        parameters: names that must be bound.
    """

    name: str
    text: str
    parameters: frozenset[str]


@cache
def load_query(name: str) -> Query:
    """Read a file of `dashboards/sql/`; raises `FileNotFoundError`."""
    text = resources.files("dashboards").joinpath("sql", f"{name}.sql").read_text("utf-8")
    return Query(name, text, frozenset(_PARAMETER.findall(text)))
