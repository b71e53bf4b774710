"""Stores the ledger's pages in the warehouse."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import astuple
from typing import TYPE_CHECKING

from ioc.gateway.audit.ledger import Ledger
from ioc.gateway.audit.rows import Page
from ioc.gateway.clock import VIETNAM, Clock
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.errors import RetryError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOG = logging.getLogger("ioc.gateway")
_USE = ["minute", "process", "key_id", "source", "route", "version", "requests", "refused",
        "bytes", "accepted", "duplicate", "rejected", "unsaved"]  # fmt: skip
_REFUSALS = ["minute", "process", "key_id", "address", "route", "status", "code", "version",
             "requests"]  # fmt: skip
_REJECTS = ["at", "source", "key_id", "sandbox", "route", "request_id", "item_index", "code",
            "field", "value", "event_id", "dossier_id", "item"]  # fmt: skip
_SKEWS = ["source", "key_id", "at", "skew_ms", "method"]


class AuditStore:
    """Writes what the ledger has, again and again; what cannot be stored waits in the ledger."""

    def __init__(self, ledger: Ledger, lane: WarehouseLane, clock: Clock, process: str) -> None:
        """Store under the name of this run of this process."""
        self._ledger = ledger
        self._lane = lane
        self._clock = clock
        self._process = process
        self._last_version = 0

    async def run(self, every_seconds: float) -> None:
        """Store until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            await self.store()

    async def store(self) -> bool:
        """Store once; return whether nothing is left."""
        page = self._ledger.take()
        if page.is_empty:
            return True
        self._last_version = max(self._last_version + 1, self._clock.now_ms())
        version = self._last_version
        try:
            await self._lane.call(lambda client: _insert(client, page, self._process, version))
        except RetryError as error:
            # Rejects may have been stored before something else failed: they are told twice.
            self._ledger.give_back(page)
            _LOG.warning("audit rows wait: %s", error)
            return False
        return True


def _insert(client: Client, page: Page, process: str, version: int) -> None:
    if page.use:
        rows = [
            [p.minute, process, p.key_id, p.source, p.route, version, *astuple(sums)]
            for p, sums in page.use.items()
        ]
        client.insert("gateway_use", rows, column_names=_USE)
    if page.refusals:
        counted = [
            [p.minute, process, p.key_id, p.address, p.route, p.status, p.code, version, number]
            for p, number in page.refusals.items()
        ]
        client.insert("gateway_refusals", counted, column_names=_REFUSALS)
    if page.skews:
        skews = [[s.source, s.key_id, _time(s.at_ms), s.skew_ms, s.method] for s in page.skews]
        client.insert("gateway_skew", skews, column_names=_SKEWS)
    if page.rejects:
        rejects = [[_time(each.at_ms), *each[1:]] for each in page.rejects]
        client.insert("gateway_rejects", rejects, column_names=_REJECTS)


def _time(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, VIETNAM)
