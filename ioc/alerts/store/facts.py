"""Present facts and histories of dossiers, in slices that do not hold the warehouse up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ioc.alerts.engine.dossier import Dossier, Leg
from ioc.alerts.store.warehouse import Warehouse
from schemas.events import EventRecord
from schemas.events.shard import shard_of
from streams.pipeline.folding import restore_dossier
from streams.ports import StoredDossier

_AT_ONCE = 5_000


async def read_dossiers(warehouse: Warehouse, ids: Iterable[str]) -> dict[str, Dossier]:
    """Return the facts of those dossiers that exist."""
    found: dict[str, Dossier] = {}
    wanted = sorted((shard_of(each), each) for each in set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = await warehouse.rows("dossiers", wanted=wanted[start : start + _AT_ONCE])
        found.update(await asyncio.to_thread(_dossiers, rows))
    return found


async def read_changed(
    warehouse: Warehouse, ids: Iterable[str], known: Mapping[str, Dossier]
) -> dict[str, Dossier]:
    """Return the facts of those dossiers that exist, reading only what is not known as it is.

    Args:
        warehouse: of the process.
        ids: of dossiers.
        known: facts as they were read before.
    """
    ids = set(ids)
    same: dict[str, Dossier] = {}
    wanted = sorted((shard_of(each), each) for each in ids if each in known)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        for dossier_id, version in await warehouse.rows("dossier_versions", wanted=part):
            # The board may forget a file meanwhile.
            before = known.get(dossier_id)
            if before is not None and before.version == version:
                same[dossier_id] = before
    return same | await read_dossiers(warehouse, ids - same.keys())


async def read_histories(
    warehouse: Warehouse, ids: Iterable[str]
) -> dict[str, tuple[EventRecord, ...]]:
    """Return the events of those dossiers that exist, in their order."""
    found: dict[str, tuple[EventRecord, ...]] = {}
    wanted = sorted((shard_of(each), each) for each in set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = await warehouse.rows("histories", wanted=wanted[start : start + _AT_ONCE])
        found.update(await asyncio.to_thread(_events, rows))
    return found


def _dossiers(rows: Sequence[Sequence[Any]]) -> dict[str, Dossier]:
    return {row[1]: _dossier(row) for row in rows}


def _events(rows: Sequence[Sequence[Any]]) -> dict[str, tuple[EventRecord, ...]]:
    return {row[1]: tuple(restore_dossier(StoredDossier(*row)).events) for row in rows}


def _dossier(row: Sequence[Any]) -> Dossier:
    (shard, dossier_id, version, awaiting, live, received, paused, receiver, authority, handler,
     procedure, field, due_at, alarm_at, receipt_due_at, apologised, status, legs,
     source) = row  # fmt: skip
    return Dossier(
        shard=shard,
        dossier_id=dossier_id,
        version=version,
        awaiting=bool(awaiting),
        live=bool(live),
        received=bool(received),
        paused=bool(paused),
        receiver=receiver,
        authority=authority,
        handler=handler,
        procedure=procedure,
        field=field,
        due_at=due_at,
        alarm_at=alarm_at,
        receipt_due_at=receipt_due_at,
        apologised=bool(apologised),
        status=status,
        legs=tuple(Leg(*leg) for leg in legs),
        source=source,
    )
