"""Hòa Bình city, first half of 2023.

Published: city departments 1,651 received, 1,577 resolved, 74 in process; the 19 wards and communes
23,136 received, 23,094 settled. Chosen:

* The city's departments have no codes of their own in the state's list, so the city itself
  (unit 148) is their authority.
* 1,651 - 1,577 = 74 and 23,136 - 23,094 = 42: so nothing was carried over, withdrawn or stopped,
  and what is in process is what was not resolved.
* Channels, verdicts, pauses and refusals were not published for this period; all chosen. The
  article's 99.78 % "partly online" belongs to another count and is not reproduced.
"""

from __future__ import annotations

from datetime import date

from ioc.scenarios.case import Outcome
from ioc.scenarios.quota import Quota
from ioc.scenarios.scenario import Plan, Scenario, local
from ioc.scenarios.stage import codes, make_world, units_at
from ioc.scenarios.world import Rates
from schemas.reference import Level

CITY = "148"


def _plan(start: int, end: int) -> Plan:
    units = units_at(date(2023, 1, 1))
    departments = Quota(
        level=Level.DISTRICT,
        units=[CITY],
        received={
            Outcome.EARLY: 1_012,
            Outcome.ON_TIME: 548,
            Outcome.LATE: 17,
            Outcome.PAUSED_SUPPLEMENT: 5,
            Outcome.PAUSED_PAYMENT: 3,
            Outcome.OVERDUE: 4,
            Outcome.IN_TIME: 62,
        },
        unreceived={Outcome.AWAITING: 6, Outcome.REFUSED: 19, Outcome.CLOSED_UNRECEIVED: 2},
        online=1_123,
        postal=31,
        receipt_late=9,
        uncollected=64,
    )
    communes = Quota(
        level=Level.COMMUNE,
        units=codes(units, Level.COMMUNE, parent=CITY),
        received={
            Outcome.EARLY: 6_204,
            Outcome.ON_TIME: 16_797,
            Outcome.LATE: 93,
            Outcome.PAUSED_SUPPLEMENT: 2,
            Outcome.OVERDUE: 3,
            Outcome.IN_TIME: 37,
        },
        unreceived={
            Outcome.AWAITING: 21,
            Outcome.RECEIPT_OVERDUE: 1,
            Outcome.REFUSED: 74,
            Outcome.CLOSED_UNRECEIVED: 11,
        },
        online=15_732,
        postal=18,
        receipt_late=71,
        uncollected=705,
    )
    return Plan(make_world(start, end, units, rates=Rates()), (departments, communes))


HOA_BINH_CITY_2023H1 = Scenario(
    name="hoa-binh-city-2023h1",
    title_vi="Thành phố Hòa Bình, 6 tháng đầu năm 2023",
    title_en="Hòa Bình city, first half of 2023",
    start=local(2023, 1, 1),
    end=local(2023, 7, 1),
    make_plan=_plan,
)
