"""Writes the ledger and the cases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from ioc.alerts.engine.case import Case
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.cases import case_columns
from ioc.alerts.store.ledger import Delivery, ledger_columns
from ioc.alerts.versions import Versions


class Recorder:
    """Writes and waits until it is stored, however long ClickHouse is away."""

    def __init__(self, shared: Shared, versions: Versions) -> None:
        self._shared = shared
        self._versions = versions

    async def ledger(self, deliveries: Sequence[Delivery]) -> None:
        """Write ledger rows."""
        now_ms = self._shared.now_ms()
        for each in deliveries:
            each.version = self._versions.next(now_ms)
            each.changed_ms = each.changed_ms or now_ms
            each.planned_ms = each.planned_ms or now_ms
        columns = await asyncio.to_thread(ledger_columns, deliveries)

        async def store() -> None:
            await self._shared.warehouse.insert("alert_deliveries", columns)

        await self._shared.retrying(store)

    async def cases(self, cases: Iterable[Case]) -> None:
        """Write cases as they are now."""
        listed = list(cases)
        now_ms = self._shared.now_ms()
        for case in listed:
            case.version = self._versions.next(now_ms)
        columns = case_columns(listed)

        async def store() -> None:
            await self._shared.warehouse.insert("alert_cases", columns)

        await self._shared.retrying(store)
