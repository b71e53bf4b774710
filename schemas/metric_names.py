"""Every figure that `/metrics` tells, declared once: name, kind, labels, its sentence.

docs/metrics.md is made from this list. Names follow Prometheus: base units, `_total` for what only
grows. No label may hold a dossier, a person or a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How Prometheus reads a figure."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure.

    Attributes:
        name: a counter's ends in `_total`.
        process: which process tells it.
        meaning: one sentence.
    """

    name: str
    kind: Kind
    process: str
    meaning: str
    labels: tuple[str, ...] = ()


_DECLARED: list[Metric] = []


def _declare(
    process: str, name: str, kind: Kind, meaning: str, labels: tuple[str, ...] = ()
) -> Metric:
    metric = Metric(name, kind, process, meaning, labels)
    _DECLARED.append(metric)
    return metric


_GATEWAY = "gateway"
_EVERY, _WORKER, _WALL, _ALERTS = "every process", "worker", "wall", "alerts"
_HTTP = "gateway, wall, answers"

READY = _declare(
    _EVERY, "ioc_ready", Kind.GAUGE, "1 while `/health/ready` answers 200, else 0; not of answers."
)  # fmt: skip

WORKER_EVENTS = _declare(
    _WORKER, "ioc_worker_events_stored_total", Kind.COUNTER,
    "Records of the events topic whose rows are all stored.",
)  # fmt: skip
WORKER_GROUPS = _declare(
    _WORKER, "ioc_worker_groups_stored_total", Kind.COUNTER,
    "Commit groups stored; many events a group means a flood.",
)  # fmt: skip
WORKER_ROWS = _declare(
    _WORKER, "ioc_worker_rows_written_total", Kind.COUNTER,
    "Rows written to a table of the warehouse.", ("table",),
)  # fmt: skip
WORKER_POISON = _declare(
    _WORKER, "ioc_worker_unfoldable_total", Kind.COUNTER,
    "Records that could be read but not folded and went to the dead letters.",
)  # fmt: skip
WORKER_WAITS = _declare(
    _WORKER, "ioc_worker_waits_total", Kind.COUNTER,
    "Times that the worker waited because ClickHouse or Kafka did not answer.",
)  # fmt: skip
WORKER_UNSTORED = _declare(
    _WORKER, "ioc_worker_unstored_events", Kind.GAUGE,
    "Events that are taken up but not stored yet.",
)  # fmt: skip
WORKER_BEAT = _declare(
    _WORKER, "ioc_worker_beat_age_seconds", Kind.GAUGE,
    "How long ago the event loop last turned.",
)  # fmt: skip
WORKER_LAG = _declare(
    _WORKER, "ioc_worker_partition_lag_events", Kind.GAUGE,
    "Records that Kafka has and the warehouse has not.", ("partition",),
)  # fmt: skip
WORKER_OFFSET = _declare(
    _WORKER, "ioc_worker_partition_stored_offset", Kind.GAUGE,
    "Last offset whose rows are all stored; -1 = none.", ("partition",),
)  # fmt: skip
WORKER_STALLED = _declare(
    _WORKER, "ioc_worker_partition_stalled", Kind.GAUGE,
    "1 while a partition stands still though records wait.", ("partition",),
)  # fmt: skip
WORKER_ALERTS_OWED = _declare(
    _WORKER, "ioc_worker_partition_alerts_owed_seconds", Kind.GAUGE,
    "For how long Kafka has not taken alerts of a partition; 0 = it has all.", ("partition",),
)  # fmt: skip

ALERTS_LEADS = _declare(
    _ALERTS, "ioc_alerts_delivers", Kind.GAUGE,
    "1 in the one process that delivers; the others keep cases and stand by.",
)  # fmt: skip
ALERTS_BEAT = _declare(
    _ALERTS, "ioc_alerts_beat_age_seconds", Kind.GAUGE, "How long ago the event loop last turned.",
)  # fmt: skip

WALL_SCREENS = _declare(
    _WALL, "ioc_wall_screens", Kind.GAUGE, "Screens that have a stream of frames open."
)  # fmt: skip
WALL_COMPLETE_AGE = _declare(
    _WALL, "ioc_wall_complete_age_seconds", Kind.GAUGE,
    "How old the newest moment is up to which the figures are complete; NaN = unknown.",
)  # fmt: skip
WALL_STALE = _declare(
    _WALL, "ioc_wall_stale", Kind.GAUGE,
    "1 while the wall shows that its figures are not of now.", ("reason",),
)  # fmt: skip

HTTP_REQUESTS = _declare(
    _HTTP, "ioc_http_requests_total", Kind.COUNTER,
    "Answered requests; `route` is the template, never what was asked for.",
    ("route", "method", "status"),
)  # fmt: skip
HTTP_SECONDS = _declare(
    _HTTP, "ioc_http_request_seconds", Kind.HISTOGRAM,
    "Time from a request's head to the end of its answer.", ("route",),
)  # fmt: skip
HTTP_IN_FLIGHT = _declare(
    _HTTP, "ioc_http_requests_in_flight", Kind.GAUGE, "Requests that are being answered."
)  # fmt: skip

GATEWAY_EVENTS = _declare(
    _GATEWAY, "ioc_gateway_events_total", Kind.COUNTER,
    "Events that were answered, by what became of them.", ("outcome",),
)  # fmt: skip
GATEWAY_UNSAVED_BYTES = _declare(
    _GATEWAY, "ioc_gateway_unsaved_bytes", Kind.GAUGE,
    "Bytes of events that wait for Kafka's answer.",
)  # fmt: skip
GATEWAY_AUDIT_LOST = _declare(
    _GATEWAY, "ioc_gateway_audit_lost_total", Kind.COUNTER,
    "Audit rows that were given up because the warehouse was away for too long.",
)  # fmt: skip

METRICS: tuple[Metric, ...] = tuple(_DECLARED)
