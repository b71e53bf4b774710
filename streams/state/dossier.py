"""One dossier in memory: its distinct events, and what was last folded from them."""

from __future__ import annotations

from schemas.events import EventRecord
from streams.cells import NOTHING, Contribution
from streams.deadlines.crossings import Crossing
from streams.fold import Facts, FoldRules, fold, order_events
from streams.fold.order import follows
from streams.fold.rules import RULES_VERSION


class Dossier:
    """Events and folded state of one dossier. Not thread-safe; nothing blocks.

    Attributes:
        events: the counting events, in order.
        losers: payloads that lost against another of the same identity, as
            (source, event id, content hash); kept so that a re-send is recognised.
        facts: the last fold; None before the first `refold`.
        contribution: what the cells hold for it.
        crossings: the deadlines that were scheduled for it.
        is_dirty: changed since it was last written to the warehouse.
    """

    __slots__ = (
        "contribution",
        "crossings",
        "dossier_id",
        "events",
        "facts",
        "is_dirty",
        "losers",
    )

    def __init__(self, dossier_id: str) -> None:
        self.dossier_id = dossier_id
        self.events: list[EventRecord] = []
        self.losers: list[tuple[str, str, int]] = []
        self.facts: Facts | None = None
        self.contribution: Contribution = NOTHING
        self.crossings: tuple[Crossing, ...] = ()
        self.is_dirty = False

    @property
    def version(self) -> int:
        """Version of its row: the rules in the upper half, distinct payloads in the lower."""
        return RULES_VERSION << 32 | (len(self.events) + len(self.losers))

    def add(self, event: EventRecord) -> bool:
        """Take an event in; return False if exactly this payload is known already.

        Of two payloads of one identity the larger content hash counts, in whatever order they
        come.
        """
        events = self.events
        event_id, source = event.event_id, event.source
        for index, known in enumerate(events):
            if known.event_id == event_id and known.source == source:
                return self._settle(index, known, event)
        if not events or follows(event, events[-1]):
            events.append(event)
        else:
            events.append(event)
            self.events = order_events(events)
        return True

    def refold(self, rules: FoldRules) -> Facts:
        """Fold the events anew; raises what `fold` raises and leaves the last state then."""
        self.facts = fold(self.events, rules)
        return self.facts

    def remove(self, event: EventRecord) -> None:
        """Undo `add` of an event that cannot be folded; its loser, if any, counts again never."""
        self.events = [known for known in self.events if known is not event]

    def _settle(self, index: int, known: EventRecord, event: EventRecord) -> bool:
        if known.content_hash == event.content_hash:
            return False
        mark = (event.source, event.event_id, event.content_hash)
        if mark in self.losers:
            return False
        if known.content_hash > event.content_hash:
            self.losers.append(mark)
            return True
        self.losers.append((known.source, known.event_id, known.content_hash))
        self.events[index] = event
        self.events = order_events(self.events)
        return True
