"""Marks: "called, waiting", set by an operator on a unit or a dossier, seen by everyone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def visible_marks(marks: Iterable[dict[str, Any]], private: bool) -> list[dict[str, Any]]:
    """Return those that a view may show: marks of dossiers only to people who signed in."""
    return [mark for mark in marks if private or mark["kind"] == "unit"]
