"""What all lives of one scenario share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

from ioc.scenarios.case import Case, Outcome, Twist, twist_fits
from ioc.scenarios.timetable import Timetable
from ioc.scenarios.workload import Workload
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.reference import Level, ProcedureRegistry, UnitRegistry


@dataclass(frozen=True)
class Rates:
    """How often the unusual happens, as shares of the dossiers to which it can happen.

    `late_apology` is the share of late and overdue dossiers with a written apology; half of
    these promise a new date, which then passes too.
    """

    supplement: float = 0.012
    supplement_new_date: float = 0.004
    two_supplements: float = 0.0008
    payment: float = 0.010
    reopened: float = 0.0012
    corrected_receipt: float = 0.0015
    corrected_unit: float = 0.0008
    on_time_by_apology: float = 0.0010
    late_apology: float = 0.55

    def draw(self, rng: Random, case: Case) -> Twist | None:
        """Return what happens to a dossier, mostly nothing."""
        chance = rng.random()
        if case.outcome in (Outcome.LATE, Outcome.OVERDUE):
            if chance < self.late_apology:
                return Twist.APOLOGY if chance < self.late_apology / 2 else Twist.APOLOGY_NEW_DATE
            return None
        for twist, rate in self._table():
            if chance < rate:
                return twist if twist_fits(twist, case) else None
            chance -= rate
        return None

    def _table(self) -> tuple[tuple[Twist, float], ...]:
        return (
            (Twist.SUPPLEMENT, self.supplement),
            (Twist.PAYMENT, self.payment),
            (Twist.SUPPLEMENT_NEW_DATE, self.supplement_new_date),
            (Twist.CORRECTED_RECEIPT, self.corrected_receipt),
            (Twist.REOPENED, self.reopened),
            (Twist.APOLOGY_NEW_DATE, self.on_time_by_apology),
            (Twist.CORRECTED_UNIT, self.corrected_unit),
            (Twist.TWO_SUPPLEMENTS, self.two_supplements),
        )


@cache
def default_calendar() -> WorkingCalendar:
    """Return the calendar of the published figures: the default hours, whatever is configured.

    A scenario must be the same on every machine, so the environment is not read.
    """
    return WorkingCalendar(CalendarSettings.model_construct())


@cache
def shipped_units() -> UnitRegistry:
    """Return the units that come with the package."""
    return UnitRegistry.load()


@cache
def shipped_workload() -> Workload:
    """Return the mix of procedures that come with the package."""
    return Workload(ProcedureRegistry.load())


@dataclass(frozen=True)
class World:
    """The stage of a scenario.

    Attributes:
        start: first instant, epoch seconds, a local midnight.
        end: first instant after it, a local midnight that follows a working day.
        levels: level of every unit that may be an authority.
        receivers: where people hand in what is for an authority, if not there.
        neighbours: for a unit, others that are taken for it by mistake.
        old_codes: former code of a unit, where feeds may still use one.
        leg_units: agencies that take part in interconnected procedures.
        days_before: how many days before the start carried-over dossiers begin.
        province_code: the province in dossier codes, H28 Hòa Bình.
    """

    start: int
    end: int
    levels: Mapping[str, Level]
    receivers: Mapping[str, str]
    neighbours: Mapping[str, str]
    leg_units: tuple[str, ...]
    old_codes: Mapping[str, str] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    days_before: int = 60
    province_code: str = "H28"
    calendar: WorkingCalendar = field(default_factory=default_calendar)
    workload: Workload = field(default_factory=shipped_workload)

    def timetable(self) -> Timetable:
        """Return a new timetable on this world's calendar."""
        return Timetable(self.calendar)
