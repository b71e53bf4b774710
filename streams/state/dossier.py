"""One dossier in memory: its distinct events, and what was last folded from them."""

from __future__ import annotations

from schemas.events import EventRecord
from streams.cells import NOTHING, Contribution
from streams.deadlines.crossings import Crossing
from streams.fold import Facts, FoldRules, fold, order_events
from streams.fold.order import follows
from streams.fold.rules import RULES_VERSION
from streams.fold.walk import Walk


class Dossier:
    """Events and folded state of one dossier. Not thread-safe; nothing blocks.

    Attributes:
        events: the counting events, in order.
        losers: payloads that lost against another of the same identity, as
            (source, event id, content hash); kept so that a re-send is recognised.
        facts: the last fold; None before the first `refold`.
        contribution: what the cells hold for it.
        crossings: the deadlines that were scheduled for it.
        walk: how far the events were walked; None = from the start.
    """

    __slots__ = (
        "contribution",
        "crossings",
        "dossier_id",
        "events",
        "facts",
        "losers",
        "walk",
    )

    def __init__(self, dossier_id: str) -> None:
        self.dossier_id = dossier_id
        self.events: list[EventRecord] = []
        self.losers: list[tuple[str, str, int]] = []
        self.facts: Facts | None = None
        self.contribution: Contribution = NOTHING
        self.crossings: tuple[Crossing, ...] = ()
        self.walk: Walk | None = None

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
        if not events:
            events.append(event)
            return True
        source, event_id = event[0], event[1]
        for known in events:
            if known[1] == event_id and known[0] == source:
                return self._settle(events.index(known), known, event)
        if follows(event, events):
            events.append(event)
        else:
            self.put_back([*events, event], self.losers)
        return True

    def refold(self, rules: FoldRules) -> Facts:
        """Fold the events anew; raises what `fold` raises and leaves the last state then."""
        walk = self.walk
        if walk is None:
            walk = self.walk = Walk()
        self.facts = fold(self.events, rules, walk)
        return self.facts

    def put_back(self, events: list[EventRecord], losers: list[tuple[str, str, int]]) -> None:
        """Set the events anew, in whatever order they are."""
        self.events = order_events(events)
        self.losers = losers
        self.walk = None

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
        events = list(self.events)
        events[index] = event
        self.put_back(events, self.losers)
        return True
