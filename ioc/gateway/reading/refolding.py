"""A dossier's row from its stored history, by the fold that made it: five columns, not twenty.

A column of a wide table costs the warehouse a quarter of a millisecond, whatever is in it: half of
what a look-up costs. All that is told follows from the events; what of it depends on the
calendar as well is compared with what is stored, so that a look-up never tells another due time
than the wall.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from schemas.errors import RejectError
from schemas.events import EventRecord
from streams.fold import Facts, FoldRules, fold
from streams.pipeline.folding import restore_dossier
from streams.ports import StoredDossier

#: What is read of a dossier.
COLUMNS = ("dossier_id", "version", "due_at", "alarm_at", "history")


class Refolded(NamedTuple):
    """What `dossiers` holds of it, by the names of the columns; and its events, in order."""

    row: dict[str, Any]
    events: list[EventRecord]


def events_of(dossier_id: str, history: str) -> list[EventRecord]:
    """Return the events of a stored history, in their order."""
    if not history:
        return []
    return restore_dossier(StoredDossier(0, dossier_id, history, 0)).events


def refold(stored: dict[str, Any], rules: FoldRules, epochs: frozenset[int]) -> Refolded | None:
    """Return what follows from a row of `COLUMNS`.

    None if the row was not made by these rules, or has no history: then what is stored must be
    read.

    Args:
        stored: the row.
        rules: of this process.
        epochs: those in which workers folded by the same rules; the upper half of a row's version
            is its epoch.
    """
    events = events_of(stored["dossier_id"], stored["history"])
    if not events or stored["version"] >> 32 not in epochs:
        return None
    try:
        facts = fold(events, rules)
    except RejectError:  # out of this calendar
        return None
    row = _row(stored, facts)
    if (row["due_at"], row["alarm_at"]) != (stored["due_at"], stored["alarm_at"]):
        return None
    return Refolded(row, events)


def _row(stored: dict[str, Any], facts: Facts) -> dict[str, Any]:
    return {
        "dossier_id": stored["dossier_id"],
        "version": stored["version"],
        "phase": facts.phase.name.lower(),
        "status": facts.status,
        "live": int(facts.live),
        "receiver": facts.receiver,
        "authority": facts.authority,
        "handler": facts.handler,
        "procedure": facts.procedure,
        "registered_at": facts.registered_at or 0,
        "received_at": facts.received_at or 0,
        "first_due_at": facts.first_due or 0,
        "due_at": facts.due or 0,
        "limit_unit": facts.limit_unit,
        "apologised": int(facts.apologised),
        "result_at": facts.result_at or 0,
        "returned_at": facts.returned_at or 0,
        "verdict": facts.verdict.name.lower() if facts.verdict else "",
        "alarm_at": facts.alarm or 0,
    }
