"""The registry of one process: its own figures beside those of the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import Metric as Family
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ioc.metrics.families import single
from schemas.metric_names import READY

#: Says whether a process is ready, and why not; quick, never raises.
Ready = Callable[[], tuple[bool, dict[str, Any]]]


def make_registry(ready: Ready | None, *collectors: Collector) -> CollectorRegistry:
    """Return a registry of its own, so that two in one process never meet.

    Args:
        ready: None where only a question to an engine tells it; then no figure does.
        collectors: of the process.
    """
    registry = CollectorRegistry(auto_describe=False)
    if ready is not None:
        registry.register(_ReadyCollector(ready))
    for collector in collectors:
        registry.register(collector)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def exposition(registry: CollectorRegistry, accept: str = "") -> tuple[bytes, str]:
    """Return the page of all figures and its content type, as a scraper accepts it."""
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _ReadyCollector(Collector):
    def __init__(self, ready: Ready) -> None:
        self._ready = ready

    def collect(self) -> Iterator[Family]:
        yield single(READY, float(self._ready()[0]))
