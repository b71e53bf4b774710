"""How many bytes of bodies are held at one time; who finds no room is sent away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ioc.gateway.problems import Problem
from schemas.gateway_texts import Refused


class Place:
    """The room of one request."""

    __slots__ = ("_room", "held")

    def __init__(self, room: Room) -> None:
        self._room = room
        self.held = 0

    def grow(self, size: int) -> None:
        """Take more.

        Raises:
            Problem: 503, there is no room.
        """
        room = self._room
        if room.held + size > room.size:
            seconds = room.retry_seconds
            raise Problem(Refused.NOT_SAVED, status=503, retry_after_seconds=seconds)
        room.held += size
        self.held += size


class Room:
    """Bytes that may be held; for one event loop."""

    def __init__(self, size: int, retry_seconds: int) -> None:
        """Have so much room."""
        self.size = size
        self.retry_seconds = retry_seconds
        self.held = 0

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Give a place that is free again on leaving."""
        place = Place(self)
        try:
            yield place
        finally:
            self.held -= place.held
