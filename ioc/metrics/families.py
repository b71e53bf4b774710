"""Declared metrics as families of prometheus-client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)  # fmt: skip
from prometheus_client.core import (
    Metric as Family,
)

from schemas.metric_names import Kind, Metric

Labels = tuple[str, ...]


def single(metric: Metric, value: float) -> Family:
    """Return a family of one sample without labels."""
    return labelled(metric, {(): value})


def labelled(metric: Metric, values: Mapping[Labels, float]) -> Family:
    """Return a family of a sample for each combination of labels, in their declared order."""
    kind = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    family = kind(metric.name, metric.meaning, labels=metric.labels)
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
    return family


def histogram(
    metric: Metric, bounds: Iterable[float], counts: Mapping[Labels, tuple[list[int], float]]
) -> Family:
    """Return a histogram.

    Args:
        metric: what is told.
        bounds: upper bounds of all buckets but the last, rising.
        counts: labels -> hits of each bucket (one more than bounds), and the sum of all values.
    """
    family = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
    names = [*(f"{bound:g}" for bound in bounds), "+Inf"]
    for labels, (hits, total) in sorted(counts.items()):
        buckets = list(zip(names, accumulate(hits), strict=True))
        family.add_metric(labels, buckets, sum_value=total)
    return family
