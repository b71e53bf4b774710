"""Answers and silences as people stored them."""

from __future__ import annotations

from ioc.alerts.engine.silences import Silence
from ioc.alerts.notice import AnswerKind, AnswerLine
from ioc.alerts.store.warehouse import Warehouse
from schemas.alerting.names import Cause, Role

_NO_DATE = "1970-01-01"


async def read_answers(warehouse: Warehouse, since_ms: int) -> dict[str, list[AnswerLine]]:
    """Return the answers that were stored since an instant (epoch milliseconds), by alert."""
    found: dict[str, list[AnswerLine]] = {}
    rows = await warehouse.rows("answers", since_ms=max(0, since_ms))
    for alert_id, kind, role, person, made_ms, cause, note, expected_on, _ in rows:
        line = AnswerLine(
            kind=AnswerKind(kind),
            role=Role(role),
            person=person,
            made_at=made_ms // 1000,
            cause=Cause(cause) if cause in set(Cause) else None,
            note=note,
            expected_on="" if expected_on == _NO_DATE else expected_on,
        )
        found.setdefault(alert_id, []).append(line)
    return found


async def read_silences(warehouse: Warehouse, now: int) -> list[Silence]:
    """Return the silences that stand or are to come."""
    return [Silence(*row) for row in await warehouse.rows("silences", now=now)]
