"""What a worker says of itself from its first second on, also before Kafka answers."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from ioc.job import Job
from ioc.metrics.pages import monitoring_pages, serve_monitoring
from ioc.metrics.registry import make_registry
from ioc.metrics.worker import WorkerMeter
from schemas.monitor_settings import WorkerPagesSettings
from streams.pipeline.snapshot import CommitGroup
from streams.worker.clock import SystemClock
from streams.worker.status import PipelineStatus

#: The zombie guard ends a worker long before; this is for a loop that never turns again.
STUCK_AFTER_SECONDS = 30.0


class WorkerMonitor:
    """Ready once partitions are loaded and none stands still; alive while its loop turns."""

    def __init__(self) -> None:
        self.status = PipelineStatus(f"{socket.gethostname()}/{os.getpid()}", SystemClock())
        self._job: Job | None = None
        self._is_told = False
        self._beat_at: float | None = None
        self._meter = WorkerMeter(self.status, self._unstored, self.beat_age_seconds)

    def serve(self, settings: WorkerPagesSettings) -> int:
        """Answer from now on; returns the port.

        Raises:
            OSError: the port that was set is taken.
        """
        registry = make_registry(self.ready, self._meter)
        pages = monitoring_pages(self.alive, self.ready, registry)
        return serve_monitoring(settings, pages)

    def watch(self, job: Job) -> None:
        """Tell of this job's figures from now on."""
        self._job = job

    def beating(self, beat: Callable[[], None]) -> Callable[[], None]:
        """Return a beat that is noted here as well."""

        def noted() -> None:
            beat()
            self._beat_at = time.monotonic()

        return noted

    def tell_ready(self) -> None:
        """Print `READY`, once: partitions are loaded."""
        if not self._is_told:
            self._is_told = True
            sys.stdout.write("\nREADY\n")
            sys.stdout.flush()

    def note_group(self, group: CommitGroup) -> None:
        """Count a stored group."""
        self._meter.note_group(group)

    def note_wait(self) -> None:
        """Count a wait for Kafka or ClickHouse."""
        self._meter.note_wait()

    def alive(self) -> bool:
        """Whether the loop turned a short time ago; a worker that still waits to start lives."""
        return self.beat_age_seconds() < STUCK_AFTER_SECONDS

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether partitions are loaded and none stands still, and how far each is."""
        return self._is_told and self.status.is_healthy, self.status.as_json()

    def beat_age_seconds(self) -> float:
        """Return how long ago the loop last turned, 0 before its first turn."""
        return 0.0 if self._beat_at is None else time.monotonic() - self._beat_at

    def _unstored(self) -> int:
        return 0 if self._job is None else self._job.pipeline.writer.unstored_events
