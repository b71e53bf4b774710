"""What a message says of one alert."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.escalating import ANY_LEVEL, waiting_since
from ioc.alerts.notice import AlertItem
from schemas.alerting.names import AlertRule
from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import day_end, day_start, local_day
from schemas.reference import ProcedureRegistry, UnitRegistry


@dataclass(frozen=True)
class Wording:
    """Names and times that messages need; immutable."""

    units: UnitRegistry
    procedures: ProcedureRegistry
    calendar: WorkingCalendar

    def day_seconds(self, now: int) -> int:
        """Return the length of a working day in seconds."""
        day = self.calendar.next_working_day(local_day(now))
        return self.calendar.working_seconds(day_start(day), day_end(day))

    def unit_name(self, code: str) -> str:
        """Return a unit's name, its code where it has none."""
        return self.units.get(code).name if code in self.units else code

    def item(self, board: Board, case: Case, now: int, level: int = ANY_LEVEL) -> AlertItem:
        """Return what is said of a case at an instant (epoch seconds), to a step of the chain."""
        dossier = board.dossiers.get(case.dossier_id)
        calendar = self.calendar
        late_at = left_at = 0
        if case.rule in (AlertRule.DUE_SOON, AlertRule.APOLOGY_DUE):
            left_at = dossier.alarm_at if dossier is not None else 0
        elif case.rule is AlertRule.NO_APOLOGY:
            late_at = dossier.alarm_at if dossier is not None else case.crossed_at
        elif not case.rule.is_about_unit:
            late_at = case.crossed_at
        waiting = waiting_since(board, case, level)
        late = calendar.working_seconds(late_at, now) if late_at else 0
        day = self.day_seconds(now)
        procedure = case.procedure
        known = procedure in self.procedures
        return AlertItem(
            alert_id=case.alert_id,
            rule=case.rule,
            unit=case.unit,
            unit_name=self.unit_name(case.unit),
            dossier_id=case.dossier_id,
            handler=case.handler,
            handler_name=self.unit_name(case.handler) if case.handler else "",
            procedure=procedure,
            procedure_name=self.procedures.get(procedure).name if known else "",
            field=case.field,
            due_at=0 if case.rule.is_about_unit else case.about_at,
            crossed_at=case.crossed_at,
            late_seconds=late,
            late_days=max(1, -(-late // day)) if late_at else 0,
            left_seconds=calendar.working_seconds(now, left_at) if left_at > now else 0,
            apologised=dossier is not None and dossier.apologised,
            leg=case.leg,
            answers=tuple(board.answers.get(case.alert_id, ())),
            unknown_since=case.unknown_since,
            waited_seconds=calendar.working_seconds(waiting, now) if waiting else 0,
            value=case.value,
            threshold=case.threshold,
            since_at=case.about_at if case.rule.is_about_unit else 0,
            why=case.why if case.state.value == "withdrawn" else "",
        )
