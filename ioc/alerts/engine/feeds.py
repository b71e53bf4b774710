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
    """

    complete_up_to: int
    sources: Mapping[str, int] = field(default_factory=dict)
    desks: Mapping[str, int] = field(default_factory=dict)

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
