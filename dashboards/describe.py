"""The catalogue as plain data in one language: what a renderer outside of Python reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from dashboards.panel import Column, Figure, Link, Panel, Threshold
from schemas.messages import Message


def describe_panels(panels: Iterable[Panel], language: str) -> list[dict[str, Any]]:
    """Return the panels with their texts in one language."""
    return [_panel(panel, language) for panel in panels]


def _panel(panel: Panel, language: str) -> dict[str, Any]:
    return {
        "id": panel.id,
        "kind": panel.kind.value,
        "sql": panel.sql,
        "title": _said(panel.title, language),
        "definition": _said(panel.definition, language),
        "place": asdict(panel.place),
        "large": panel.large,
        "none": _said(panel.none, language),
        "columns": [_column(column, language) for column in panel.columns],
        "figures": [_figure(figure, language) for figure in panel.figures],
    }


def _column(column: Column, language: str) -> dict[str, Any]:
    return {
        "name": column.name,
        "unit": column.unit.value,
        "title": _said(column.title, language),
        "labels": {value: _said(text, language) for value, text in column.labels.items()},
        "thresholds": _thresholds(column.thresholds),
        "spare": column.spare,
    }


def _figure(figure: Figure, language: str) -> dict[str, Any]:
    return {
        "column": figure.column,
        "title": _said(figure.title, language),
        "note": _said(figure.note, language),
        "definition": _said(figure.definition, language),
        "thresholds": _thresholds(figure.thresholds),
        "link": describe_link(figure.link),
    }


def describe_link(link: Link | None) -> dict[str, Any] | None:
    """Return a link as the page reads it."""
    return None if link is None else {"board": link.board, "sets": dict(link.sets)}


def _thresholds(thresholds: Iterable[Threshold]) -> list[dict[str, Any]]:
    return [{"at": each.at, "level": each.level.value, "below": each.below} for each in thresholds]


def _said(text: Message | None, language: str) -> str:
    if text is None:
        return ""
    return text.en if language == "en" else text.vi
