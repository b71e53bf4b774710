"""From the results of events to one result for each entry that told them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ioc.gateway.intake.result import ItemOutcome, ItemResult, rejected
from ioc.national.told import Told
from schemas.errors import RejectError
from schemas.messages import Message
from schemas.sync_texts import ADVICE

_HELD = (ItemOutcome.ACCEPTED, ItemOutcome.DUPLICATE, ItemOutcome.VALID)


class EntryResult(NamedTuple):
    """What became of one entry.

    Attributes:
        outcome: `rejected` if any event of it was, although the others are saved: the desk has
            something to mend, and sending the entry again is harmless.
        events: how many events are saved, or known.
        fault: of a rejected entry.
        losses: what was said and is not counted, or looks wrong.
        server_time: for texts that quote it.
    """

    outcome: ItemOutcome
    dossier_id: str | None
    events: int
    fault: ItemResult | None
    losses: tuple[RejectError, ...]

    def as_dict(self, index: int, server_time: str, request_id: str) -> dict[str, Any]:
        """Return what the answer says about it."""
        said: dict[str, Any] = {
            "index": index,
            "request_id": request_id,
            "outcome": self.outcome.value,
            "dossier_id": self.dossier_id,
            "events": self.events,
        }
        if self.fault is not None:
            said |= told_fault(self.fault, server_time)
        if self.losses:
            said["losses"] = [told_loss(loss) for loss in self.losses]
        return said


def entry_results(told: Sequence[Told], results: Iterable[ItemResult]) -> list[EntryResult]:
    """Return one result for each entry.

    Args:
        told: the entries, in order.
        results: of all their events, in the same order.
    """
    following = iter(results)
    return [_entry(one, [next(following) for _ in one.events]) for one in told]


def _entry(told: Told, results: list[ItemResult]) -> EntryResult:
    held = [one for one in results if one.outcome in _HELD]
    losses = tuple(told.losses)
    unsaved = next((one for one in results if one.outcome is ItemOutcome.UNSAVED), None)
    if unsaved is not None:
        return EntryResult(unsaved.outcome, told.dossier_id, len(held), unsaved, losses)
    fault = next((one for one in results if one.outcome is ItemOutcome.REJECTED), None)
    if told.reject is not None:
        error = told.reject
        fault = rejected(error.code, error.field, error.value, dossier_id=told.dossier_id)
    if fault is not None:
        return EntryResult(ItemOutcome.REJECTED, told.dossier_id, len(held), fault, losses)
    # New, checked only, or all known: the first that some event is.
    outcome = next(
        (
            each
            for each in (ItemOutcome.ACCEPTED, ItemOutcome.VALID, ItemOutcome.DUPLICATE)
            if any(one.outcome is each for one in held)
        ),
        ItemOutcome.REJECTED,
    )
    return EntryResult(outcome, told.dossier_id, len(held), None, losses)


def unread(told: Sequence[Told]) -> Iterator[ItemResult]:
    """Yield the results of entries that must be mended, for the records of rejects."""
    for one in told:
        if one.reject is not None:
            error = one.reject
            yield rejected(error.code, error.field, error.value, dossier_id=one.dossier_id)


def told_fault(fault: ItemResult, server_time: str) -> dict[str, Any]:
    """Return the members of an answer that say what is wrong."""
    advice = ADVICE.get(fault.code)
    # What only the events' own rules know is said in their words.
    if advice is None or fault.event_id is not None:
        whole = fault.as_dict(0, server_time)
        names = ("code", "field", "value", "message", "cure")
        return {name: whole[name] for name in names if name in whole}
    return _said(fault.code, fault.field, fault.value)


def told_loss(loss: RejectError) -> dict[str, Any]:
    """Return what an answer says about one loss."""
    return _said(loss.code, loss.field, loss.value)


def _said(code: str, field: str, value: str) -> dict[str, Any]:
    advice = ADVICE.get(code, ADVICE["bad_value"])

    def both(message: Message) -> dict[str, str]:
        values = {"field": field, "value": value}
        return {
            "vi": message.vi.format(**values).removesuffix(': ""'),
            "en": message.en.format(**values).removesuffix(': ""'),
        }

    return {
        "code": code,
        "field": field,
        "value": value,
        "message": both(advice.text),
        "cure": both(advice.cure),
    }
