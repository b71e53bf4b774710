"""One panel's rows as a table of texts and numbers with headings, whatever file it goes into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.panel import Column, Panel, Unit
from dashboards.texts import WallText
from ioc.wall.period import VIETNAM

Cell = str | int | float | dt.date | dt.datetime | None

#: Columns that say something without a heading of their own.
_HEADINGS = {Unit.DAY: WallText.COLUMN_DAY, Unit.INSTANT: WallText.COLUMN_MOMENT}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds.

    Attributes:
        title: of the panel.
        facts: name and text, above the table: definition, period, age of the data.
        headings: of the table.
        units: how the cells of each column are written.
        rows: of the table.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    units: Sequence[Unit]
    rows: Sequence[Sequence[Cell]]


def make_sheet(
    panel: Panel,
    rows: Sequence[Mapping[str, Any]],
    facts: Sequence[tuple[str, str]],
    language: str,
) -> Sheet:
    """Lay a panel's rows out in a language; a panel of figures gets one line a figure."""
    title = _said(panel.title, language)
    if panel.figures:
        row = rows[0] if rows else {}
        columns = {column.name: column for column in panel.columns}
        headings = (WallText.COLUMN_FIGURE, WallText.COLUMN_VALUE, WallText.COLUMN_DEFINITION)
        lines = [
            (
                _said(figure.title, language),
                cell(columns[figure.column], row.get(figure.column), language),
                _said(figure.definition, language),
            )
            for figure in panel.figures
        ]
        names = [heading.in_language(language) for heading in headings]
        return Sheet(title, facts, names, (Unit.TEXT, Unit.RECORDS, Unit.TEXT), lines)
    shown = [column for column in panel.columns if column.title or column.unit in _HEADINGS]
    return Sheet(
        title,
        facts,
        [_heading(column, language) for column in shown],
        [column.unit for column in shown],
        [[cell(column, row.get(column.name), language) for column in shown] for row in rows],
    )


def cell(column: Column, value: Any, language: str) -> Cell:
    """Return a value as people and spreadsheets read it."""
    label = column.labels.get(str(value))
    if label is not None:
        return _said(label, language)
    if value is None or (column.unit is Unit.INSTANT and not value):
        return None
    if column.unit is Unit.INSTANT:
        # A spreadsheet knows no zones: local time.
        return dt.datetime.fromtimestamp(value / 1000, VIETNAM).replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, int | float | dt.date) else str(value)


def _heading(column: Column, language: str) -> str:
    if column.title is None:
        return _HEADINGS[column.unit].in_language(language)
    title = _said(column.title, language)
    if column.unit is Unit.WORKING_HOURS:
        # A number alone does not say what it counts.
        return WallText.HEADING_WORKING_HOURS.in_language(language).replace("{title}", title)
    return title


def _said(text: tuple[str, str], language: str) -> str:
    vi, en = text
    return en if language == "en" else vi
