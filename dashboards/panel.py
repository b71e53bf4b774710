"""What one panel says: the same for every renderer, free of any renderer's names.

Definitions are one sentence and name the denominator, because several published shares of the same
name differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.messages import Message

#: Columns and rows of the grid that a place counts in.
GRID_COLUMNS = 24
GRID_ROWS = 30


class Kind(StrEnum):
    """How a panel is drawn."""

    FIGURES = "figures"
    FACTS = "facts"
    BALANCE = "balance"
    SERIES = "series"
    BARS = "bars"
    RANKING = "ranking"
    TABLE = "table"
    MAP = "map"
    FEED = "feed"
    DOSSIERS = "dossiers"
    TIMELINE = "timeline"


class Unit(StrEnum):
    """What a number counts, and so how it is written."""

    DOSSIERS = "dossiers"
    RECORDS = "records"
    SHARE = "share"
    #: A share of the figure before, with its sign: 0.052 is "+5,2 %".
    CHANGE = "change"
    POINTS = "points"
    PER_SECOND = "per_second"
    SECONDS = "seconds"
    WORKING_HOURS = "working_hours"
    DEGREES = "degrees"
    INSTANT = "instant"
    DAY = "day"
    TEXT = "text"


class Level(StrEnum):
    """How much a value asks for attention; shown by colour and by sign."""

    CALM = "calm"
    NOTICE = "notice"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `at` on (or, with `below`, under it) a value has this level; the last that fits wins."""

    at: float
    level: Level
    below: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panel stands, in cells of the grid; both counts begin at 0."""

    column: int
    row: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a query's answer.

    Attributes:
        name: as the SQL names it.
        unit: how its values are written.
        title: heading or legend; a column without one is not shown by itself.
        labels: names of its values, where these are codes.
        thresholds: bands of a colour that the column gives, in rising order.
        spare: where a panel is too narrow for all columns, the highest goes first; among equals
            the last one.
    """

    name: str
    unit: Unit = Unit.DOSSIERS
    title: Message | None = None
    labels: Mapping[str, Message] = field(default_factory=dict)
    thresholds: tuple[Threshold, ...] = ()
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Where a click on a row or a value leads; all variables that are set are kept.

    Attributes:
        board: id of the board.
        sets: variable of the board that is opened -> column of the row whose value it gets.
    """

    board: str
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number.

    Attributes:
        column: the value.
        title: above the number.
        note: below it; `{column}` stands for that column's value.
        definition: one sentence with the denominator.
        thresholds: in rising order of attention.
        link: the board that lists what was counted; from that board itself it leads nowhere.
    """

    column: str
    title: Message
    definition: Message
    note: Message | None = None
    thresholds: tuple[Threshold, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        id: stable; part of addresses and tests.
        sql: name of the file in `dashboards/sql/` without its suffix; panels may share one.
        columns: every column of the answer, in order.
        figures: of the kinds `figures` and `facts`.
        large: figures that must be readable from five metres.
        link: where its rows lead.
        signed_in: names single dossiers, so only people who signed in may see it.
        none: what an empty list means where there are data; None = that there are no data.
    """

    id: str
    title: Message
    definition: Message
    sql: str
    kind: Kind
    place: Place
    columns: tuple[Column, ...]
    figures: tuple[Figure, ...] = ()
    large: bool = False
    link: Link | None = None
    signed_in: bool = False
    none: Message | None = None
