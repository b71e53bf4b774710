"""What is on its way to Kafka: batches of a partition, and the requests that wait for them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple


class Outgoing(NamedTuple):
    """One record."""

    dossier_id: str
    value: bytes


class Delivery:
    """What a request waits for: its records, in one or several parcels."""

    __slots__ = ("_missing", "failed", "future")

    def __init__(self, future: asyncio.Future[None]) -> None:
        self.future = future
        self.failed: set[int] = set()
        self._missing = 0

    def expect(self) -> None:
        """Wait for one parcel more."""
        self._missing += 1

    def settle(self, failed: Sequence[int]) -> None:
        """Hear of a parcel; `failed` are the places of the records that may not be there."""
        self.failed.update(failed)
        self._missing -= 1
        if not self._missing and not self.future.done():
            self.future.set_result(None)


class Parcel:
    """A batch of one partition, and who waits for it."""

    __slots__ = ("begun_at", "builder", "bytes", "waiting")

    def __init__(self, builder: Any, begun_at: float) -> None:
        self.builder = builder
        self.begun_at = begun_at
        self.bytes = 0
        self.waiting: list[tuple[Delivery, list[int]]] = []

    def takes(self, key: bytes, value: bytes) -> bool:
        """Add a record; False = it is full. An empty one takes any record."""
        return self.builder.append(timestamp=None, key=key, value=value) is not None

    def settle(self, *, saved: bool) -> None:
        """Tell everybody who waits; what they hear first counts."""
        waiting, self.waiting = self.waiting, []
        for delivery, places in waiting:
            delivery.settle(() if saved else places)


class Lane:
    """The parcels of one partition: one fills while another is on its way."""

    def __init__(self) -> None:
        self.parcels: deque[Parcel] = deque()
        self.flying: Parcel | None = None
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
