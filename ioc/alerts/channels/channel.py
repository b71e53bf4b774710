"""The contract of every channel."""

from __future__ import annotations

from typing import Protocol

from ioc.alerts.channels.envelope import Envelope


class Channel(Protocol):
    """Brings a message to an address.

    Attributes:
        name: as people files and the ledger call it, e.g. ``email``.
    """

    name: str

    async def send(self, envelope: Envelope) -> None:
        """Bring one message; returns when the next server has taken responsibility for it.

        May be called for several messages at a time. Never blocks the event loop, and ends within
        the channel's own time limit. Neither address nor text stands in an error.

        Raises:
            RetryError: it is not known to have arrived and may arrive later: refused for now, no
                answer, cut off, or *cut off after all was handed over*. Whoever sends again marks
                the envelope as a repeat.
            RejectError: this message will never be taken (code `bad_address`, `refused`, …).
        """

    async def close(self) -> None:
        """Give back connections; may be called twice."""
