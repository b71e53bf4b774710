"""What became of one event, and of a whole request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from schemas.gateway_texts import Fault


class ItemOutcome(StrEnum):
    """What became of one event."""

    #: In Kafka, with acks=all.
    ACCEPTED = "accepted"
    #: Received before; not counted again.
    DUPLICATE = "duplicate"
    #: Wrong; sending it again unchanged cannot help.
    REJECTED = "rejected"
    #: Perhaps not in Kafka: to be sent again.
    UNSAVED = "unsaved"
    #: A dry run would accept it.
    VALID = "valid"


class ItemResult(NamedTuple):
    """One event's answer; `code` is empty where nothing is to be said.

    Attributes:
        value: what stood in the field, shortened; never of a field that may name a person.
        event_id: as far as it could be read.
        dossier_id: as far as it could be read.
        item: the event's known fields as JSON, of rejected ones; for mending, not for answers.
    """

    outcome: ItemOutcome
    code: str = ""
    field: str = ""
    value: str = ""
    event_id: str | None = None
    dossier_id: str | None = None
    item: bytes = b""

    def as_dict(self, index: int, server_time: str = "", request_id: str = "") -> dict[str, Any]:
        """Return what the answer says about the event at this place of the request.

        Each says its request's id itself: whoever keeps one result alone can still name it.
        """
        said: dict[str, Any] = {
            "index": index,
            "request_id": request_id,
            "outcome": self.outcome.value,
            "event_id": self.event_id,
            "dossier_id": self.dossier_id,
        }
        if self.code:
            fault = Fault.of(self.code).value
            values = {"field": self.field, "value": self.value, "server_time": server_time}
            said |= {
                "code": self.code,
                "field": self.field,
                "value": self.value,
                "message": {"vi": _fill(fault.text.vi, values), "en": _fill(fault.text.en, values)},
                "cure": {"vi": _fill(fault.cure.vi, values), "en": _fill(fault.cure.en, values)},
            }
        return said


@dataclass(frozen=True, slots=True)
class Options:
    """How a request is to be taken.

    Attributes:
        dry_run: check only.
        backfill: mark every event as old data, for which nobody is alerted one by one.
        request_id: of the request, for rejects that are kept.
        route: under which use is counted.
    """

    dry_run: bool = False
    backfill: bool = False
    request_id: str = ""
    route: str = "/v1/events"


@dataclass(slots=True)
class Outcome:
    """What became of a request's events, in their order."""

    results: list[ItemResult] = field(default_factory=list)

    def count(self, outcome: ItemOutcome) -> int:
        """Return how many events this became of."""
        return sum(each.outcome is outcome for each in self.results)

    @property
    def unsaved(self) -> int:
        """How many events must be sent again."""
        return self.count(ItemOutcome.UNSAVED)


def rejected(code: str, place: str = "", value: str = "", **known: Any) -> ItemResult:
    """Return the answer for an event that is wrong."""
    return ItemResult(ItemOutcome.REJECTED, code, place, value, **known)


def counts(results: Sequence[ItemResult]) -> dict[str, int]:
    """Return the number of each outcome that requests are counted by."""
    found = dict.fromkeys(("accepted", "duplicate", "rejected", "unsaved"), 0)
    for each in results:
        name = each.outcome.value
        if name in found:
            found[name] += 1
    return found


def _fill(text: str, values: dict[str, str]) -> str:
    return text.format(**values).removesuffix(': ""')
