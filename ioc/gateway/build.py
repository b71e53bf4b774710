"""Makes a gateway from settings: every part, tied together, and started and stopped in order."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING

from ioc.gateway.audit.ledger import Ledger
from ioc.gateway.audit.store import AuditStore
from ioc.gateway.clock import Clock, SystemClock
from ioc.gateway.gateway import Gateway
from ioc.gateway.intake.intake import Intake
from ioc.gateway.intake.known import KnownDossiers
from ioc.gateway.intake.owners import Owners
from ioc.gateway.intake.prepare import Rules
from ioc.gateway.intake.recent import Recent
from ioc.gateway.keys.ring import KeyRing
from ioc.gateway.keys.store import KeyReader
from ioc.gateway.limits import Limits
from ioc.gateway.outbox import Outbox
from ioc.gateway.warehouse_lane import WarehouseLane
from ioc.own_files import load_procedures, load_units
from schemas.errors import RetryError
from schemas.gateway_settings import GatewaySettings
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOG = logging.getLogger("ioc.gateway")
_LOOK_UP_SECONDS = 5.0
_AUDIT_SECONDS = 20.0
_RETRY_SECONDS = 2.0
#: What was stored lately, so that a gateway that was started again still knows duplicates.
_RECENT = """
SELECT content_hash FROM dossier_events WHERE log_at > now64(3) - INTERVAL 2 DAY
ORDER BY log_at DESC LIMIT {most:UInt32}
"""


class GatewayProcess:
    """A gateway with what runs beside its requests."""

    def __init__(
        self,
        settings: GatewaySettings,
        kafka: KafkaSettings,
        clickhouse: ClickHouseSettings,
        clock: Clock | None = None,
    ) -> None:
        """Build it; reads the reference files, connects to nothing yet. Needs a running loop.

        Raises:
            ReferenceDataError: a reference file is wrong.
        """
        clock = clock or SystemClock()
        files = WorkerSettings()
        units = load_units(files)
        self._settings = settings
        self._recent = Recent(settings.recent_events)
        self._lanes = {
            "owners": WarehouseLane(clickhouse, _LOOK_UP_SECONDS),
            "known": WarehouseLane(clickhouse, _AUDIT_SECONDS),
            "keys": WarehouseLane(clickhouse, _LOOK_UP_SECONDS),
            "audit": WarehouseLane(clickhouse, _AUDIT_SECONDS),
        }
        self.outbox = Outbox(
            kafka,
            max_unsaved_bytes=settings.unsaved_bytes,
            store_seconds=settings.store_seconds,
        )
        ring = KeyRing(units)
        ledger = Ledger(clock, settings.rejects_kept_per_minute)
        rules = Rules(
            settings.max_item_bytes,
            settings.max_depth,
            settings.future_seconds * 1000,
            frozenset(unit.code for unit in units),
        )
        self._known = KnownDossiers(self._lanes["known"])
        owners = Owners(self._lanes["owners"], self._known, settings.owners_seconds)
        self.gateway = Gateway(
            settings,
            kafka,
            clickhouse,
            units,
            load_procedures(files),
            clock,
            ring,
            Limits(
                requests=(settings.requests_per_second, settings.requests_burst),
                events=(settings.events_per_second, settings.events_burst),
                bad_keys_per_minute=settings.bad_keys_per_minute,
                share=1 / settings.processes,
            ),
            Intake(kafka, self.outbox, owners, self._recent, ledger, clock, rules),
            ledger,
        )
        self._keys = KeyReader(ring, self._lanes["keys"])
        self._audit = AuditStore(ledger, self._lanes["audit"], clock, secrets.token_hex(4))
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Start what runs beside the requests."""
        self.outbox.begin()
        self._tasks = [
            asyncio.create_task(self._keys.run(self._settings.keys_refresh_seconds)),
            asyncio.create_task(self._audit.run(self._settings.audit_seconds)),
            asyncio.create_task(self._remember()),
            asyncio.create_task(self._known.run()),
        ]

    def ready(self) -> tuple[bool, dict[str, object]]:
        """Return whether requests can be served, and why not."""
        parts = {"keys": self.gateway.keys.is_loaded, "kafka": self.outbox.is_ready}
        return all(parts.values()), dict(parts)

    async def wait_ready(self) -> None:
        """Return when requests can be served."""
        while not self.ready()[0]:  # noqa: ASYNC110 - two parts, each with a state of its own
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Save what is on its way, store the last audit rows, close connections."""
        await self.outbox.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._audit.store()
        for lane in self._lanes.values():
            await asyncio.to_thread(lane.close)

    async def _remember(self) -> None:
        """Fill up what is known about duplicates, once."""
        most = self._settings.recent_events // 2

        def recent(client: Client) -> list[int]:
            rows = client.query(_RECENT, parameters={"most": most}).result_rows
            return [row[0] for row in rows]

        while True:
            try:
                self._recent.load(reversed(await self._lanes["audit"].call(recent)))
            except RetryError as error:
                _LOG.warning("duplicates of before are not known yet: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return
