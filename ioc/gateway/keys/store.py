"""Reads and writes keys in the warehouse."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from ioc.gateway.keys.model import Key, Right
from ioc.gateway.keys.ring import KeyRing
from ioc.gateway.warehouse_lane import WarehouseLane
from schemas.errors import RetryError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOG = logging.getLogger("ioc.gateway")
_COLUMNS = ["key_id", "version", "label", "source", "units", "rights", "sandbox", "secret_hash",
            "created_at", "expires_at", "revoked_at"]  # fmt: skip
_NEWEST = f"""
SELECT {", ".join(_COLUMNS)} FROM gateway_keys
ORDER BY key_id, version DESC LIMIT 1 BY key_id
"""


def read_keys(client: Client) -> list[Key]:
    """Return the newest version of every key, by id."""
    return [
        Key(
            key_id,
            version,
            label,
            source,
            tuple(units),
            # A right of a later release opens nothing here.
            frozenset(Right(right) for right in rights if right in Right.__members__.values()),
            bool(sandbox),
            secret_hash,
            created_at,
            expires_at,
            revoked_at,
        )
        for key_id, version, label, source, units, rights, sandbox, secret_hash, created_at,
            expires_at, revoked_at in client.query(_NEWEST).result_rows
    ]  # fmt: skip


def write_key(client: Client, key: Key) -> None:
    """Store a new key, or a new version of one."""
    row = [
        key.key_id,
        key.version,
        key.label,
        key.source,
        list(key.units),
        sorted(right.value for right in key.rights),
        int(key.sandbox),
        key.secret_hash,
        key.created_at,
        key.expires_at,
        key.revoked_at,
    ]
    client.insert("gateway_keys", [row], column_names=_COLUMNS)


class KeyReader:
    """Keeps a gateway's ring as the warehouse has it."""

    def __init__(self, ring: KeyRing, lane: WarehouseLane) -> None:
        """Read on this lane into this ring."""
        self._ring = ring
        self._lane = lane

    async def run(self, every_seconds: float) -> None:
        """Read until cancelled; while the warehouse is away the keys stay as they were."""
        while True:
            await self.read()
            await asyncio.sleep(every_seconds)

    async def read(self) -> bool:
        """Read once; return whether it worked."""
        try:
            self._ring.replace(await self._lane.call(read_keys))
        except RetryError as error:
            _LOG.warning("keys are as they were: %s", error)
            return False
        return True
