"""The figures of the walls, for other systems: the catalogue's own queries and definitions."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.catalogue import columns, one_unit
from dashboards.panel import Column, Figure, Panel
from dashboards.query import load_query
from ioc.wall.reader import Answer, WarehouseReader
from ioc.wall.reporting import Reporting
from schemas.calendar import WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_end, day_of_date, day_start, local_day
from schemas.errors import RejectError

#: Panels whose figures are told, and the one of the shares by each rule.
PANELS: tuple[Panel, ...] = (
    one_unit.FLOW,
    one_unit.FLOW_DETAIL,
    one_unit.OPEN_NOW,
    one_unit.OPEN_DETAIL,
)
RULES = one_unit.SHARES
_NAMES = sorted({panel.sql for panel in (*PANELS, RULES)})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks for.

    Attributes:
        unit: with everything below it; empty = the whole province.
        now: epoch seconds with which due times are compared.
    """

    unit: str
    from_day: dt.date
    to_day: dt.date
    now: int
    field: str = ""
    channel: int = 0

    @property
    def units_on(self) -> dt.date:
        """The day whose units the figures stand with."""
        return min(self.to_day, date_of_day(local_day(self.now)))


class Statistics:
    """Asks the walls' queries with the walls' values."""

    def __init__(
        self,
        reader: WarehouseReader,
        reporting: Reporting,
        calendar: WorkingCalendar,
        due_soon_seconds: int,
    ) -> None:
        self._reader = reader
        self._reporting = reporting
        self._calendar = calendar
        self._due_soon_seconds = due_soon_seconds

    async def ask(self, question: Question, language: str) -> dict[str, Any]:
        """Return figures with their definitions, and the shares by each rule.

        Raises:
            RetryError: the warehouse does not answer.
        """
        values = self.values(question)
        asked = [self._reader.ask(load_query(name), values) for name in _NAMES]
        answers = dict(zip(_NAMES, await asyncio.gather(*asked), strict=True))
        figures: dict[str, dict[str, Any]] = {}
        for panel in PANELS:
            told = answers[panel.sql].first
            for figure in panel.figures:
                figures[figure.column] = _figure(panel, figure, told, language)
        return {
            "figures": figures,
            "shares": list(_shares(answers[RULES.sql], language)),
            "shares_definition": RULES.definition.en if language == "en" else RULES.definition.vi,
        }

    def values(self, question: Question) -> dict[str, Any]:
        """Return the value of every parameter that the queries name."""
        now, first, last = question.now, question.from_day, question.to_day
        before = self._reporting.before(self._name(first, last), first, last)
        midnight = day_start(local_day(now))
        return {
            "from_day": first,
            "to_day": last,
            "before_from_day": before[0],
            "before_to_day": before[1],
            "from_at": day_start(day_of_date(first)),
            "until_at": day_end(day_of_date(last)),
            "today": date_of_day(local_day(now)),
            "units_on": question.units_on,
            "now": now,
            "due_soon_until": self.due_soon_until(now),
            "shift_at": self._reporting.shift_start(now, midnight),
            "unit": question.unit,
            "level": "",
            "field": question.field,
            "channel": question.channel,
        }

    def due_soon_until(self, now: int) -> int:
        """Return the last instant before which no more than the lead time of work is left."""
        try:
            return self._calendar.add_working_seconds(now, self._due_soon_seconds + 1) - 1
        except RejectError:  # the calendar does not cover that year
            return now

    def _name(self, first: dt.date, last: dt.date) -> str:
        for name in ("month", "quarter", "half", "year"):
            if self._reporting.days(name, first) == (first, last):
                return name
        return "range"


def _figure(panel: Panel, figure: Figure, told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return one figure with its definition, and what it is of where the panel says so."""
    column = next(each for each in panel.columns if each.name == figure.column)
    title, definition = figure.title, figure.definition
    return {
        "value": told.get(figure.column),
        "unit": column.unit.value,
        "title": title.en if language == "en" else title.vi,
        "definition": definition.en if language == "en" else definition.vi,
        **_parts(figure, panel.columns, told),
    }


def _parts(figure: Figure, of: tuple[Column, ...], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers that the figure's note names: denominators and parts of it."""
    note = figure.note.en if figure.note is not None else ""
    parts = {each.name: told.get(each.name) for each in of if f"{{{each.name}}}" in note}
    return {"parts": parts} if parts else {}


def _shares(answer: Answer, language: str) -> Iterator[dict[str, Any]]:
    labels = columns.RULES[0].labels or {}
    for row in answer.as_dicts():
        label = labels[row["rule"]]
        yield {**row, "title": label.en if language == "en" else label.vi}
