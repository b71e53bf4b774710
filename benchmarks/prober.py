"""Asks the warehouse again and again and notes when each marker's day is first seen."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

Look = Callable[[Any], Iterable[dt.date]]


class Prober:
    """A thread with a client of its own.

    Attributes:
        seen_ms: day -> wall clock in epoch milliseconds at which the first answer with it was
            complete.
        error: what ended the thread early, if anything.
    """

    def __init__(self, client: Any, look: Look, every_seconds: float) -> None:
        self.seen_ms: dict[dt.date, float] = {}
        self.error: Exception | None = None
        self._client, self._look, self._every = client, look, every_seconds
        self._looks, self._look_seconds = 0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prober", daemon=True)

    @property
    def look_ms(self) -> float:
        """Mean time of a query in milliseconds."""
        return self._look_seconds / max(self._looks, 1) * 1e3

    def __enter__(self) -> Prober:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)
        self._client.close()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                started = time.monotonic()
                days = self._look(self._client)
                now_ms = time.time() * 1e3
                for day in days:
                    self.seen_ms.setdefault(day, now_ms)
                took = time.monotonic() - started
                self._looks += 1
                self._look_seconds += took
                self._stop.wait(max(0.0, self._every - took))
        except Exception as error:  # noqa: BLE001 the main thread raises it
            self.error = error
