"""Events that happen now, with deadlines seconds ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ioc.replay.outgoing import OutgoingRecord, outgoing

UNIT = "04792-2025"
SOURCE = "desk-live"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def accepted(dossier_id: str, due_at: dt.datetime, **said: Any) -> OutgoingRecord:
    """A file that was accepted a moment ago and is due at an instant (limit in hours)."""
    at = dt.datetime.now(dt.UTC).isoformat()
    return record(
        **{
            "event_id": f"{dossier_id}-2",
            "dossier_id": dossier_id,
            "status": 2,
            "occurred_at": at,
            "receiver": UNIT,
            "received_at": at,
            "due_at": due_at.isoformat(),
            "limit_unit": "working_hours",
            **said,
        }
    )


def resolved(dossier_id: str) -> OutgoingRecord:
    """The file's result, now."""
    return result(dossier_id, dt.datetime.now(dt.UTC))


def result(dossier_id: str, at: dt.datetime) -> OutgoingRecord:
    """The file's result at an instant; we hear of it only now."""
    said = {"event_id": f"{dossier_id}-9", "dossier_id": dossier_id, "status": 9}
    return record(**said, occurred_at=at.isoformat())


def overdue_id(dossier_id: str, due_at: dt.datetime) -> str:
    """The id that the alert must have, on any worker and after any crash."""
    return f"overdue/{dossier_id}/{int(due_at.timestamp())}"


def record(**event: Any) -> OutgoingRecord:
    """An event of this desk."""
    (record,) = outgoing([{"source": SOURCE, **event}])
    return record
