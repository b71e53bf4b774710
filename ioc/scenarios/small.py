"""A tiny scenario with everything in it, for quick tests; its figures are invented.

It runs from 16 June to 18 July 2025, over the day on which districts were abolished and Hòa Bình
became part of Phú Thọ: dossiers of June belong to the old units, those of July to the new ones,
and some July dossiers still come under old codes and must be counted for the successor.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

from ioc.scenarios.case import Outcome, Twist
from ioc.scenarios.quota import Quota
from ioc.scenarios.scenario import Plan, Scenario, local
from ioc.scenarios.stage import codes, make_world, units_at
from ioc.scenarios.world import Rates
from schemas.calendar import day_of_date, local_day
from schemas.reference import Level

_MERGER = date(2025, 7, 1)
_UNRECEIVED = {
    Outcome.REFUSED: 4,
    Outcome.CLOSED_UNRECEIVED: 3,
}
_STILL_UNRECEIVED = {Outcome.AWAITING: 5, Outcome.RECEIPT_OVERDUE: 3, **_UNRECEIVED}
_EVERY_TWIST: dict[Twist, int] = {
    twist: 2 for twist in Twist if twist not in (Twist.OLD_CODE, Twist.SAME_DAY, Twist.HOURS)
}
_COMMUNE_TWISTS: dict[Twist, int] = _EVERY_TWIST | {Twist.SAME_DAY: 4, Twist.HOURS: 4}


def _received(early: int, on_time: int) -> dict[Outcome, int]:
    return {
        Outcome.EARLY: early,
        Outcome.ON_TIME: on_time,
        Outcome.LATE: 5,
        Outcome.NO_DUE: 2,
        Outcome.WITHDRAWN: 3,
        Outcome.STOPPED: 2,
        Outcome.PAUSED_SUPPLEMENT: 3,
        Outcome.PAUSED_PAYMENT: 2,
        Outcome.OVERDUE: 4,
    }


def _plan(start: int, end: int) -> Plan:
    before, after = units_at(date(2025, 6, 30)), units_at(_MERGER)
    merger = day_of_date(_MERGER)
    june, july = (local_day(start), merger), (merger, local_day(end))
    carried = {Outcome.EARLY: 3, Outcome.ON_TIME: 2, Outcome.LATE: 1, Outcome.OVERDUE: 2}
    new_communes = [
        unit.code
        for unit in after
        if unit.level is Level.COMMUNE and unit.code.endswith("-2025") and unit.code < "04900"
    ]
    departments = Quota(
        Level.DEPARTMENT,
        ["17-STP", "17-SXD", "17-SCT"],
        _received(18, 8) | {Outcome.IN_TIME: 3},
        online=36,
        postal=3,
        carried=carried,
        unreceived=_UNRECEIVED,
        receipt_late=3,
        uncollected=4,
        days=june,
        twists=_EVERY_TWIST,
    )
    districts = Quota(
        Level.DISTRICT,
        ["148", "155"],
        _received(20, 10) | {Outcome.IN_TIME: 4},
        online=40,
        postal=2,
        carried=carried,
        unreceived=_UNRECEIVED,
        receipt_late=3,
        uncollected=4,
        days=june,
        twists=_EVERY_TWIST,
    )
    old_communes = Quota(
        Level.COMMUNE,
        codes(before, Level.COMMUNE, parent="148")[:6],
        _received(20, 24),
        online=44,
        postal=1,
        carried=carried,
        unreceived=_UNRECEIVED,
        receipt_late=3,
        uncollected=4,
        days=june,
        twists=_COMMUNE_TWISTS,
    )
    communes = Quota(
        Level.COMMUNE,
        sorted(new_communes)[:5],
        _received(20, 24) | {Outcome.IN_TIME: 9},
        online=46,
        postal=2,
        unreceived=_STILL_UNRECEIVED,
        receipt_late=3,
        uncollected=4,
        days=july,
        twists=_COMMUNE_TWISTS | {Twist.OLD_CODE: 9},
    )
    units = {unit.code: unit for unit in chain(before, after)}
    world = make_world(start, end, units.values(), rates=Rates())
    return Plan(world, (departments, districts, old_communes, communes))


SMALL = Scenario(
    name="small",
    title_vi="Kịch bản nhỏ có mọi tình huống",
    title_en="Small scenario with every situation",
    start=local(2025, 6, 16),
    end=local(2025, 7, 19),
    make_plan=_plan,
)
