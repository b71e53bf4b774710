"""Tân Lạc district, 6 November to 22 December 2020.

Published: 10,441 online dossiers of levels 3 and 4. Chosen:

* The figure counts received dossiers, all of them by channel 2; level 3 is told as the online
  level ``partial``, level 4 as ``full`` (the names since Decree 42/2022/NĐ-CP).
* The district and its 16 communes and towns share them 3,214 to 7,227; what became of them was
  not published, all chosen.
"""

from __future__ import annotations

from datetime import date

from ioc.scenarios.case import Outcome
from ioc.scenarios.quota import Quota
from ioc.scenarios.scenario import Plan, Scenario, local
from ioc.scenarios.stage import codes, make_world, units_at
from ioc.scenarios.world import Rates
from schemas.reference import Level

TAN_LAC = "155"


def _plan(start: int, end: int) -> Plan:
    units = units_at(date(2020, 11, 6))
    district = Quota(
        level=Level.DISTRICT,
        units=[TAN_LAC],
        received={
            Outcome.EARLY: 1_604,
            Outcome.ON_TIME: 871,
            Outcome.LATE: 38,
            Outcome.WITHDRAWN: 9,
            Outcome.STOPPED: 3,
            Outcome.PAUSED_SUPPLEMENT: 22,
            Outcome.PAUSED_PAYMENT: 14,
            Outcome.OVERDUE: 11,
            Outcome.IN_TIME: 642,
        },
        unreceived={
            Outcome.AWAITING: 31,
            Outcome.RECEIPT_OVERDUE: 4,
            Outcome.REFUSED: 37,
            Outcome.CLOSED_UNRECEIVED: 8,
        },
        online=3_214,
        receipt_late=27,
        uncollected=143,
    )
    communes = Quota(
        level=Level.COMMUNE,
        units=codes(units, Level.COMMUNE, parent=TAN_LAC),
        received={
            Outcome.EARLY: 2_310,
            Outcome.ON_TIME: 4_296,
            Outcome.LATE: 41,
            Outcome.WITHDRAWN: 7,
            Outcome.STOPPED: 1,
            Outcome.PAUSED_SUPPLEMENT: 8,
            Outcome.OVERDUE: 6,
            Outcome.IN_TIME: 558,
        },
        unreceived={
            Outcome.AWAITING: 44,
            Outcome.RECEIPT_OVERDUE: 3,
            Outcome.REFUSED: 52,
            Outcome.CLOSED_UNRECEIVED: 6,
        },
        online=7_227,
        receipt_late=40,
        uncollected=301,
    )
    return Plan(make_world(start, end, units, rates=Rates()), (district, communes))


TAN_LAC_2020 = Scenario(
    name="tan-lac-2020",
    title_vi="Huyện Tân Lạc, hồ sơ trực tuyến từ 06/11 đến 22/12/2020",
    title_en="Tân Lạc district, online dossiers from 6 November to 22 December 2020",
    start=local(2020, 11, 6),
    end=local(2020, 12, 23),
    make_plan=_plan,
)
