"""Tells a dossier in plain words. Pure: reference data, language and `now` are passed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ioc.gateway.clock import VIETNAM
from ioc.gateway.reading.lookup import Event, FoundDossier
from schemas.reading_texts import ReadingText, StateText, StatusText, StepText
from schemas.reference import ProcedureRegistry, UnitRegistry

_WORKING_HOURS = 0
_PAUSED = frozenset({"supplement", "payment"})
_CLOSED = frozenset({"refused", "withdrawn", "stopped"})
#: Before it comes to somebody who works on it, a file is at the desk that took it.
_AT_THE_DESK = frozenset({1, 2, 3, 10})
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Teller:
    """Words of one language, names of units and procedures, the lead time of "due soon"."""

    units: UnitRegistry
    procedures: ProcedureRegistry
    language: str

    def tell(self, found: FoundDossier, now: int, due_soon_until: int) -> dict[str, Any]:
        """Return the answer about a dossier.

        Args:
            found: the dossier.
            now: epoch seconds.
            due_soon_until: a due time up to here is soon.
        """
        row = found.row
        state = state_of(row, now, due_soon_until)
        return {
            "dossier_id": row["dossier_id"],
            "status": row["status"],
            "status_text": self._say(StatusText[f"S{row['status']}"]),
            "state": state.name.lower(),
            "state_text": self._say(state),
            "summary": self._summary(row, state),
            "procedure": self._procedure(row["procedure"]),
            "receiver": self._unit(row["receiver"]),
            "authority": self._unit(row["authority"]),
            "handler": self._unit(row["handler"]),
            "registered_at": _iso(row["registered_at"]),
            "received_at": _iso(row["received_at"]),
            "first_due_at": _iso(row["first_due_at"]),
            "due_at": _iso(row["due_at"]),
            "due_text": self._due(row["due_at"], row["limit_unit"]) if row["due_at"] else None,
            "apologised": bool(row["apologised"]),
            "result_at": _iso(row["result_at"]),
            "returned_at": _iso(row["returned_at"]),
            "steps": list(self._steps(found))[-_MOST_STEPS:],
            "complete_up_to": _iso((row["complete_up_to"] or 0) // 1000),
        }

    def _steps(self, found: FoundDossier) -> Iterator[dict[str, Any]]:
        last: tuple[int, str] | None = None
        for event in sorted(found.events, key=lambda each: each.at_ms):
            code = _unit_of(event, found.row)
            if (event.status, code) != last:
                last = (event.status, code)
                yield self._step(event, StepText[f"S{event.status}"], code)
            if event.apology:
                yield self._step(event, StepText.APOLOGY, code)
            if event.explicit_due:
                due = self._due(event.explicit_due, found.row["limit_unit"])
                yield self._step(event, StepText.NEW_DATE, code, due=due)

    def _step(self, event: Event, text: StepText, code: str, **said: str) -> dict[str, Any]:
        return {
            "at": _iso(event.at_ms // 1000),
            "status": event.status,
            "status_text": self._say(StatusText[f"S{event.status}"]),
            "unit": self._unit(code),
            "text": _sentence(self._say(text, unit=self._name(code), **said)),
        }

    def _summary(self, row: dict[str, Any], state: StateText) -> str:
        code = _desk(row) if row["status"] in _AT_THE_DESK else _worker(row)
        parts = [_sentence(self._say(StepText[f"S{row['status']}"], unit=self._name(code)))]
        if row["live"] and row["due_at"] and state is not StateText.PAUSED:
            due = self._due(row["due_at"], row["limit_unit"])
            parts.append(self._say(ReadingText.DUE, due=due))
        if row["result_at"] and not row["returned_at"]:
            parts.append(self._say(ReadingText.COLLECT, unit=self._name(_desk(row))))
        return " ".join(parts)

    def _due(self, due_at: int, limit_unit: int) -> str:
        moment = dt.datetime.fromtimestamp(due_at, VIETNAM)
        day = f"{moment:%d/%m/%Y}" if self.language == "vi" else f"{moment:%d %B %Y}"
        if limit_unit == _WORKING_HOURS:
            return self._say(ReadingText.DUE_TIME, time=f"{moment:%H:%M}", day=day)
        return self._say(ReadingText.DUE_DAY, day=day)

    def _procedure(self, procedure_id: str) -> dict[str, str] | None:
        if not procedure_id:
            return None
        known = procedure_id in self.procedures
        name = self.procedures.get(procedure_id).name if known else procedure_id
        return {"id": procedure_id, "name": name}

    def _unit(self, code: str) -> dict[str, str] | None:
        return {"code": code, "name": self._name(code)} if code else None

    def _name(self, code: str) -> str:
        if not code:
            return self._say(ReadingText.UNNAMED)
        return self.units.get(code).name if code in self.units else code

    def _say(self, text: Any, **values: object) -> str:
        said: str = text.in_language(self.language, **values)
        return said


def state_of(row: dict[str, Any], now: int, due_soon_until: int) -> StateText:
    """Judge a dossier's row against the clock, by the desk rule."""
    alarm, phase = row["alarm_at"], row["phase"]
    if row["live"]:
        is_late = 0 < alarm <= now
        if phase == "awaiting":
            return StateText.RECEIPT_OVERDUE if is_late else StateText.AWAITING
        if phase in _PAUSED and not is_late:
            return StateText.PAUSED
        if not row["due_at"]:
            return StateText.NO_DUE
        if is_late:
            return StateText.OVERDUE
        return StateText.DUE_SOON if 0 < alarm <= due_soon_until else StateText.IN_TIME
    if phase in _CLOSED:
        return StateText.CLOSED
    verdicts = {
        "early": StateText.EARLY,
        "on_time": StateText.ON_TIME,
        "late": StateText.LATE,
    }
    return verdicts.get(row["verdict"], StateText.RESOLVED)


def _unit_of(event: Event, row: dict[str, Any]) -> str:
    if event.status in _AT_THE_DESK:
        return event.receiver or _desk(row)
    return event.handler or event.authority or event.receiver or _worker(row)


def _desk(row: dict[str, Any]) -> str:
    return str(row["receiver"] or row["authority"] or row["handler"])


def _worker(row: dict[str, Any]) -> str:
    return str(row["handler"] or row["authority"] or row["receiver"])


def _iso(seconds: int) -> str | None:
    return dt.datetime.fromtimestamp(seconds, VIETNAM).isoformat() if seconds else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
