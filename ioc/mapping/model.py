"""What a mapping file says, once it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

As = Literal["text", "time", "number", "unit", "code"]

#: Fields of the contract that a mapping may fill, and how their values are read.
FIELDS: Mapping[str, As] = {
    "event_id": "text",
    "dossier_id": "text",
    "status": "number",
    "occurred_at": "time",
    "sequence": "number",
    "receiver": "code",
    "authority": "code",
    "handler": "code",
    "procedure": "text",
    "field": "text",
    "channel": "number",
    "online_level": "text",
    "registered_at": "time",
    "received_at": "time",
    "due_at": "time",
    "limit_unit": "text",
    "supplement_due_at": "time",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Where the value of one field comes from.

    Attributes:
        places: columns, or dotted paths into a JSON record; the first that holds something counts.
        constant: the value itself, instead of places.
        read_as: how the text is read; `unit` = an agency's name, `code` = a unit's code.
        values: what texts mean; a text that is not among them is a loss, never guessed.
        line: of the mapping file.
    """

    places: tuple[str, ...] = ()
    constant: str | int | None = None
    read_as: As = "text"
    values: Mapping[str, str | int] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event that a record may tell: it does if `occurred_at` holds a time.

    Attributes:
        fields: of this event, beside and before those of every event.
    """

    fields: Mapping[str, Rule]
    line: int = 0


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A checked mapping.

    Attributes:
        source: of the events; the gateway takes the key's instead.
        shape: `csv` or `json`.
        records: dotted path to the list of records in a JSON document; empty = the document.
        delimiter: of CSV; empty = comma, semicolon or tab, as the header shows.
        times: formats of `datetime.strptime`, or `iso`; times without offset are local.
        fields: of every event.
        events: what a record may tell.
    """

    source: str
    shape: Literal["csv", "json"]
    fields: Mapping[str, Rule]
    events: tuple[EventRule, ...]
    times: tuple[str, ...] = ("iso",)
    records: str = ""
    delimiter: str = ""

    def places(self) -> frozenset[str]:
        """Return every column or path that is read."""
        rules = [*self.fields.values(), *(r for one in self.events for r in one.fields.values())]
        return frozenset(place for rule in rules for place in rule.places)
