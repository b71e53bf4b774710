"""What `/metrics` tells of a gateway beside its requests."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from ioc.gateway.audit.ledger import Ledger
from ioc.gateway.outbox import Outbox
from ioc.metrics.families import labelled, single
from schemas.metric_names import GATEWAY_AUDIT_LOST, GATEWAY_EVENTS, GATEWAY_UNSAVED_BYTES


class GatewayMeter(Collector):
    """Reads the sums that the ledger keeps anyway; costs requests nothing."""

    def __init__(self, ledger: Ledger, outbox: Outbox) -> None:
        self._ledger = ledger
        self._outbox = outbox

    def collect(self) -> Iterator[Family]:
        """Tell the sums since the start."""
        totals = self._ledger.totals
        yield labelled(
            GATEWAY_EVENTS,
            {
                ("accepted",): float(totals.accepted),
                ("duplicate",): float(totals.duplicate),
                ("rejected",): float(totals.rejected),
                ("unsaved",): float(totals.unsaved),
            },
        )
        yield single(GATEWAY_UNSAVED_BYTES, float(self._outbox.unsaved_bytes))
        yield single(GATEWAY_AUDIT_LOST, float(self._ledger.lost))
