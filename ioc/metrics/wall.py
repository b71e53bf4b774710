"""The figures of a wall: screens, and whether it shows what is now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from ioc.metrics.families import labelled, single
from ioc.wall.hub import Hub
from schemas.metric_names import WALL_COMPLETE_AGE, WALL_SCREENS, WALL_STALE


class WallMeter(Collector):
    """Reads the hub when it is asked; counts nothing itself, knows no dossier."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether pages can be served: the warehouse is read.

        A missing worker makes the figures old, which the page says itself; it is no reason to
        send screens elsewhere.
        """
        _, status = self._hub.health()
        return status.reason != "warehouse", {"state": status.state, "reason": status.reason}

    def collect(self) -> Iterator[Family]:
        """Tell how the wall is."""
        _, status = self._hub.health()
        age = math.nan if status.age_seconds is None else status.age_seconds
        yield single(WALL_SCREENS, self._hub.screens)
        yield single(WALL_COMPLETE_AGE, age)
        yield labelled(WALL_STALE, {(status.reason,): 1.0} if status.state == "stale" else {})
