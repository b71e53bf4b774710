"""Columns of a commit group, table by table, in the types of the migrations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from streams.cells import CELL_TABLES
from streams.cells.contribution import NEVER
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
    "national_late_from", "legs", "last_event_at", "source", "history",
)  # fmt: skip

_NO_LEG = (0, None, None, None, None, None)


def audit_columns(rows: Sequence[AuditRow]) -> Columns:
    """Columns of `dossier_events`."""
    places, events = zip(*rows, strict=True)
    by_field = list(zip(*events, strict=True))
    legs: Iterable[Sequence[Any]]
    if any(by_field[-1]):
        legs = zip(*(leg or _NO_LEG for leg in by_field[-1]), strict=True)
    else:
        legs = [(nothing,) * len(rows) for nothing in _NO_LEG]
    columns: list[Sequence[Any]] = [*zip(*places, strict=True), *by_field[:-1], *legs]
    return dict(zip(AUDIT_COLUMNS, columns, strict=True))


def dossier_columns(
    changed: Iterable[tuple[ShardState, Dossier]], positions: dict[int, int]
) -> Columns:
    """Columns of `dossiers`; `positions` gives each shard's position of this group."""
    rows: list[tuple[Any, ...]] = []
    for shard, dossier in changed:
        f = dossier.facts
        if f is None:
            continue
        legs: list[tuple[Any, ...]] = []
        if f.legs:
            legs = [
                (
                    leg.number,
                    leg.unit,
                    leg.started,
                    leg.due or 0,
                    leg.ended or 0,
                    leg.late_from or 0,
                )
                for leg in f.legs
            ]
        rows.append(
            (
                shard.shard, dossier.dossier_id, dossier.version, positions[shard.shard],
                f.phase, f.status, f.live, f.received,
                f.receiver, f.authority, f.handler, f.procedure, f.field, f.channel,
                f.registered_at or 0, f.received_at or 0, f.first_due or 0, f.due or 0,
                f.limit_unit, f.explicit, f.apologised, f.result_at or 0, f.returned_at or 0,
                f.finished_at or 0, f.verdict, f.receipt_due or 0, f.receipt_late,
                f.supplement_seconds, f.payment_seconds, f.supplements, f.paused_since or 0,
                f.alarm or 0, NEVER if f.national_late_from is None else f.national_late_from,
                legs, f.last_occurred, f.source, history_of(dossier),
            )
        )  # fmt: skip
    return dict(zip(DOSSIER_COLUMNS, zip(*rows, strict=True), strict=True))


def cell_columns(number: int, shards: Iterable[ShardState], positions: dict[int, int]) -> Columns:
    """Columns of a cell table's changed cells; empty if none changed. Takes the dirty marks."""
    table = CELL_TABLES[number]
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
