"""What is heard of the feeds: an alert from a silent one is "unknown since", no accusation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Feeds:
    """State of the feeds at one instant.

    Attributes:
        complete_up_to: epoch seconds up to which the pipeline has stored everything.
        sources: silent or behind: source to since when (epoch seconds).
        desks: silent against their habit: unit to its last event.
        heard: desk to source to the newest event of that desk's files, by the time at which it
            happened; a desk that is not named here is not waited for.
    """

    complete_up_to: int
    sources: Mapping[str, int] = field(default_factory=dict)
    desks: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def unknown_since(
        self, crossed_at: int, source: str, receiver: str, unit: str, handler: str
    ) -> int:
        """Return since when nothing sure is known about a crossing, 0 = it is sure."""
        since = [
            at
            for at in (
                self.sources.get(source, 0),
                self.desks.get(receiver, 0),
                self.desks.get(unit, 0),
                self.desks.get(handler, 0),
            )
            if at
        ]
        if self.complete_up_to < crossed_at:
            since.append(max(1, self.complete_up_to))
        return min(since, default=0)

    def unheard_since(self, instant: int, source: str, receiver: str, *, awaiting: bool) -> int:
        """Return the newest event of a file's desk if it happened before an instant, else 0.

        A desk sends in order: an event of the instant or later says that whatever cleared the file
        before it has come. A cut is noticed only after the desk's patience; until then an alert
        would accuse for it.

        Args:
            instant: epoch seconds.
            source: of the file's last event.
            receiver: its desk.
            awaiting: it is not received yet. What clears it comes from the desk's own software; a
                portal that goes on registering files there says nothing of it.
        """
        by_source = self.heard.get(receiver)
        if not by_source:
            return 0
        others = [at for name, at in by_source.items() if name != source] if awaiting else []
        newest = max(others) if others else by_source.get(source, max(by_source.values()))
        return max(1, newest) if newest < instant else 0
