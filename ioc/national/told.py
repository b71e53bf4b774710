"""What an entry of a national message told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.errors import RejectError

Event = dict[str, Any]

#: Losses after which every event is there nevertheless: something looks wrong, that is all.
REMARKS = frozenset(
    {
        "closed_without_due",
        "date_only",
        "due_before_receipt",
        "no_date",
        "resolved_and_refused",
        "resolved_while_pending",
        "two_codes",
    }
)


@dataclass(slots=True)
class Told:
    """The events of one entry, and what of it is not in them.

    Attributes:
        dossier_id: as far as it could be read.
        events: in the order of the statuses' numbers of one moment.
        reject: what must be mended; of a national entry there are no events then.
        losses: what was said and is not in the events, or looks wrong: code, field, value.
    """

    dossier_id: str | None = None
    events: list[Event] = field(default_factory=list)
    reject: RejectError | None = None
    losses: list[RejectError] = field(default_factory=list)

    def lose(self, code: str, message: str, field_name: str, value: str = "") -> None:
        """Note something that is not in the events as it was said."""
        self.losses.append(RejectError(code, message, field=field_name, value=value))

    def missing(self) -> list[RejectError]:
        """Return the losses for which an event is missing."""
        return [loss for loss in self.losses if loss.code not in REMARKS]
