"""One dossier in memory: its distinct events, and what was last folded from them."""

from __future__ import annotations

from schemas.events import EventRecord
from streams.cells import NOTHING, Contribution
from streams.deadlines.crossings import Crossing
from streams.fold import Facts, FoldRules, fold, order_events
from streams.fold.order import follows
from streams.fold.walk import Walk

#: Of an offset in a position; the epoch is above it (`position_of`).
OFFSET_BITS = 40

#: Of nearly all; never written to.
_NOTHING_LATE: dict[Crossing, int] = {}


class Dossier:
    """Events and folded state of one dossier. Not thread-safe; nothing blocks.

    Attributes:
        events: the counting events, in order.
        losers: payloads that lost against another of the same identity, as
            (source, event id, content hash); kept so that a re-send is recognised.
        facts: the last fold; None before the first `refold`.
        contribution: what the cells hold for it.
        crossings: the deadlines that were scheduled for it.
        came_late: those of them that lay behind already when they could first be known -> epoch
            second at which that was. How long a worker was away or a source was waited for plays
            no part in it.
        walk: how far the events were walked; None = from the start.
    """

    __slots__ = (
        "came_late",
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
        self.came_late: dict[Crossing, int] = _NOTHING_LATE
        self.walk: Walk | None = None

    @property
    def payload_count(self) -> int:
        """Number of distinct payloads that were ever said of it."""
        return len(self.events) + len(self.losers)

    def version_at(self, position: int) -> int:
        """Version of its row at a position: the epoch in the upper half, payloads in the lower.

        Other rules are another epoch, so a row that they made wins over all older ones.
        """
        return position >> OFFSET_BITS << 32 | self.payload_count

    def add(self, event: EventRecord) -> bool:
        """Take an event in; return False if exactly this payload is known already.

        Of two payloads of one identity the larger content hash counts, in whatever order they
        come. It counts as old data that was loaded later only if both are: a file that was told
        live and is loaded again later with everything else stays live.
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

    def set_crossings(self, crossings: tuple[Crossing, ...], known_at: int) -> list[Crossing]:
        """Set the deadlines anew; return those that it did not have.

        Args:
            crossings: all of them.
            known_at: epoch second at which the event came that brought the new ones; 0 = they
                were known before, and `note_late` says so if they were not.
        """
        before, late = self.crossings, self.came_late
        fresh = [crossing for crossing in crossings if crossing not in before]
        kept = {crossing: late[crossing] for crossing in crossings if crossing in late}
        kept |= {crossing: known_at for crossing in fresh if crossing.at < known_at}
        self.crossings = crossings
        self.came_late = kept or _NOTHING_LATE
        return fresh

    def note_late(self, crossing: Crossing, known_at: int) -> None:
        """Note that one of the deadlines could be known only when it was over."""
        self.came_late = {**self.came_late, crossing: known_at}

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
            winner, other = known, event
        else:
            self.losers.append((known.source, known.event_id, known.content_hash))
            winner, other = event, known
        if winner.backfill and not other.backfill:
            winner = winner._replace(backfill=False)
        if winner is not known:
            events = list(self.events)
            events[index] = winner
            self.put_back(events, self.losers)
        return True
