"""Columns of a commit group, table by table, in the types of the migrations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from streams.cells import CELL_TABLES
from streams.cells.contribution import NEVER
from streams.cells.tables import CellTable
from streams.fold import Facts, LegFacts
from streams.pipeline.folding import history_of
from streams.ports import Columns
from streams.state.dossier import Dossier
from streams.state.partition import AuditRow
from streams.state.shard import ShardState

AUDIT_COLUMNS = (
    "shard", "dossier_id", "position", "log_at",
    "source", "event_id", "content_hash", "status", "occurred_at", "sequence", "receiver",
    "authority", "handler", "procedure", "field", "channel", "registered_at", "received_at",
    "due_at", "limit_unit", "explicit_due_at", "apology_at",
    "leg_number", "leg_unit", "leg_started_at", "leg_due_at", "leg_limit_unit", "leg_ended_at",
)  # fmt: skip

DOSSIER_COLUMNS = (
    "shard", "dossier_id", "version", "position", "phase", "status", "live", "received",
    "receiver", "authority", "handler", "procedure", "field", "channel", "registered_at",
    "received_at", "first_due_at", "due_at", "limit_unit", "explicit", "apologised", "result_at",
    "returned_at", "finished_at", "verdict", "receipt_due_at", "receipt_late",
    "supplement_seconds", "payment_seconds", "supplements", "paused_since", "alarm_at",
    "national_late_from", "legs", "last_event_at", "source", "backfill", "history",
)  # fmt: skip

_NO_LEG = (0, None, None, None, None, None)


def audit_columns(rows: Sequence[AuditRow]) -> Columns:
    """Columns of `dossier_events`."""
    places, events = zip(*rows, strict=True)
    # The log holds what events say of their dossiers; whether they came late says nothing of it.
    *said, told_legs, _ = zip(*events, strict=True)
    legs: Iterable[Sequence[Any]]
    if any(told_legs):
        legs = zip(*(leg or _NO_LEG for leg in told_legs), strict=True)
    else:
        legs = [(nothing,) * len(rows) for nothing in _NO_LEG]
    columns: list[Sequence[Any]] = [*zip(*places, strict=True), *said, *legs]
    return dict(zip(AUDIT_COLUMNS, columns, strict=True))


def dossier_columns(
    changed: Iterable[tuple[ShardState, Dossier]], positions: dict[int, int]
) -> Columns:
    """Columns of `dossiers`; `positions` gives each shard's position of this group."""
    held = [(shard, dossier) for shard, dossier in changed if dossier.facts is not None]
    facts = dict(
        zip(Facts._fields, zip(*(dossier.facts for _, dossier in held), strict=True), strict=True)
    )
    columns: dict[str, Sequence[Any]] = {
        "shard": [shard.shard for shard, _ in held],
        "dossier_id": [dossier.dossier_id for _, dossier in held],
        "version": [d.version_at(positions[shard.shard]) for shard, d in held],
        "position": [positions[shard.shard] for shard, _ in held],
        "legs": [_legs(legs) if legs else [] for legs in facts["legs"]],
        "national_late_from": [
            NEVER if day is None else day for day in facts["national_late_from"]
        ],
        "history": [history_of(dossier) for _, dossier in held],
    }
    for column, name in _SAME.items():
        columns[column] = facts[name]
    for column, name in _TIMES.items():
        columns[column] = [time or 0 for time in facts[name]]
    return {column: columns[column] for column in DOSSIER_COLUMNS}


def _legs(legs: Iterable[LegFacts]) -> list[tuple[Any, ...]]:
    return [
        (leg.number, leg.unit, leg.started, leg.due or 0, leg.ended or 0, leg.late_from or 0)
        for leg in legs
    ]


# Columns that hold a fact as it is, and times (0 = none), by the name of the fact.
_SAME = {
    name: name
    for name in (
        "phase", "status", "live", "received", "receiver", "authority", "handler", "procedure",
        "field", "channel", "limit_unit", "explicit", "apologised", "verdict", "receipt_late",
        "supplement_seconds", "payment_seconds", "supplements", "source", "backfill",
    )
} | {"last_event_at": "last_occurred"}  # fmt: skip
_TIMES = {
    "registered_at": "registered_at",
    "received_at": "received_at",
    "first_due_at": "first_due",
    "due_at": "due",
    "result_at": "result_at",
    "returned_at": "returned_at",
    "finished_at": "finished_at",
    "receipt_due_at": "receipt_due",
    "paused_since": "paused_since",
    "alarm_at": "alarm",
}


def cell_columns(number: int, shards: Iterable[ShardState], positions: dict[int, int]) -> Columns:
    """Columns of a cell table's changed cells; empty if none changed. Takes the dirty marks."""
    table = CELL_TABLES[number]
    if table.gathered:
        return _open_columns(table, shards, positions)
    rows: list[tuple[Any, ...]] = []
    for shard in shards:
        version = positions[shard.shard]
        number_of_shard = shard.shard
        rows += [
            (number_of_shard, *key, version, *counts)
            for key, counts in shard.cells.take_dirty(number)
        ]
    if not rows:
        return {}
    return dict(zip(table.columns, zip(*rows, strict=True), strict=True))


def _open_columns(
    table: CellTable, shards: Iterable[ShardState], positions: dict[int, int]
) -> Columns:
    # A row for each authority that changed, with all its cells. To transpose authority by
    # authority was the quickest of the ways tried: about 1 µs a row and 0.2 µs a cell.
    nothing = ((),) * len(table.keys)
    rows: list[tuple[Any, ...]] = []
    for shard in shards:
        version = positions[shard.shard]
        number = shard.shard
        for authority, cells in shard.cells.take_open():
            _, *parts = zip(*cells, strict=True) if cells else nothing
            rows.append((number, authority, version, *parts, tuple(cells.values())))
    if not rows:
        return {}
    return dict(zip(table.columns, zip(*rows, strict=True), strict=True))
