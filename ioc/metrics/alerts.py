"""What an alert process says of itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from ioc.metrics.families import single
from ioc.metrics.pages import monitoring_pages, serve_monitoring
from ioc.metrics.registry import make_registry
from ioc.metrics.worker_monitor import STUCK_AFTER_SECONDS
from schemas.metric_names import ALERTS_BEAT, ALERTS_LEADS
from schemas.monitor_settings import AlertPagesSettings


class AlertMonitor(Collector):
    """Alive while the loop turns; ready once it reads the alerts topic.

    Attributes:
        is_ready: set by the process.
    """

    def __init__(self, leads: Callable[[], bool]) -> None:
        """Take what tells whether this process delivers."""
        self._leads = leads
        self._beat_at: float | None = None
        self.is_ready = False

    def serve(self, settings: AlertPagesSettings) -> int:
        """Answer from now on; returns the port.

        Raises:
            OSError: the port that was set is taken.
        """
        pages = monitoring_pages(self._alive, self._ready, make_registry(self._ready, self))
        return serve_monitoring(settings, pages)

    def beat(self) -> None:
        """Note that the loop turns."""
        self._beat_at = time.monotonic()

    def collect(self) -> Iterator[Family]:
        """Tell how the process is."""
        yield single(ALERTS_LEADS, float(self._leads()))
        yield single(ALERTS_BEAT, self._age())

    def _age(self) -> float:
        return 0.0 if self._beat_at is None else time.monotonic() - self._beat_at

    def _alive(self) -> bool:
        return self._age() < STUCK_AFTER_SECONDS

    def _ready(self) -> tuple[bool, dict[str, Any]]:
        return self.is_ready, {"ready": self.is_ready, "delivers": self._leads()}
