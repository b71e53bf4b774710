"""What tests may do to a real process: move its clock, let it die at a named point.

No production process does either by accident: a hook needs a second setting that says what it
is, and a broker on this very machine.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ioc.alerts.failpoints import FAIL_POINTS
from schemas.alerting.settings import AlertSettings
from schemas.errors import ConfigurationError
from streams.pipeline.failpoints import FailPoint, kill_at

log = logging.getLogger("ioc.alerts")


def check_hooks(settings: AlertSettings, kafka_bootstrap: str) -> None:
    """Refuse settings for tests outside of a test.

    Raises:
        ConfigurationError: they are set without IOC_ALERTS_FOR_TESTS, or Kafka is not local.
    """
    if not settings.fail_point and settings.clock_file is None:
        return
    if not settings.for_tests:
        raise ConfigurationError(
            "IOC_ALERTS_FAIL_POINT and IOC_ALERTS_CLOCK_FILE are for tests: unset them"
        )
    brokers = [part.strip() for part in kafka_bootstrap.split(",") if part.strip()]
    if not brokers or not all(_is_here(broker.rpartition(":")[0]) for broker in brokers):
        raise ConfigurationError(
            "a process with settings for tests works with a Kafka on this machine only"
        )
    log.warning("this process is under test: its clock may be moved, and it may kill itself")


def fail_point_of(settings: AlertSettings) -> FailPoint:
    """Return the point at which this process dies; raises `ValueError` for one unknown."""
    return kill_at(settings.fail_point, FAIL_POINTS)


class MovedClock:
    """A clock that a file puts ahead; it may be moved while the process runs.

    Args:
        now_ms: the machine's clock, epoch milliseconds.
        file: holds seconds as a decimal number, replaced as a whole; None = never ahead.
    """

    def __init__(self, now_ms: Callable[[], int], file: Path | None) -> None:
        self._machine_ms = now_ms
        self._file = file
        self._stamp = 0
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """Return the moved time."""
        return self._machine_ms() + self.ahead_ms()

    def ahead_ms(self) -> int:
        """Return by how much it is ahead."""
        if self._file is None:
            return 0
        with suppress(FileNotFoundError):
            stamp = self._file.stat().st_mtime_ns
            if stamp != self._stamp:
                self._ahead_ms = round(float(self._file.read_text("ascii")) * 1000)
                self._stamp = stamp
        return self._ahead_ms

    def ahead_seconds(self) -> int:
        """Return the same in whole seconds."""
        return self.ahead_ms() // 1000


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False
