"""September 2024 of Hòa Bình province.

Published: 88,646 dossiers received, 78,664 of them online; 80,185 processed; on time 99.45 % at
province level, 99.19 % at district level and 99.60 % at commune level. Neither denominators nor
the split by level were published, nor whether "received" includes carried-over files. Chosen:

* *received* = received from 1 to 30 September; carried-over files (received in July or August,
  open on 1 September) are counted apart, and are not in it.
* *processed* = resolved from 1 to 30 September, carried-over ones included. Withdrawn and
  stopped ones are not in it.
* On-time share = (early + on time) / resolved with a due date, by the desk rule; every dossier
  of this scenario has one.
* Province level = departments: 13,113 of 13,185 on time = 99.4539 %; districts and the city:
  24,302 of 24,500 = 99.1918 %; communes: 42,330 of 42,500 = 99.6000 %. The whole province comes to
  79,745 of 80,185 = 99.4513 %, so that the published 99.45 % is right in both readings.
* Early and on time, withdrawn, stopped, paused, overdue: no figure was published, all chosen.
"""

from __future__ import annotations

from datetime import date

from ioc.scenarios.case import Outcome
from ioc.scenarios.quota import Quota
from ioc.scenarios.scenario import Plan, Scenario, local
from ioc.scenarios.stage import codes, make_world, units_at
from ioc.scenarios.world import Rates
from schemas.reference import Level


def _plan(start: int, end: int) -> Plan:
    units = units_at(date(2024, 9, 1))
    departments = Quota(
        level=Level.DEPARTMENT,
        units=codes(units, Level.DEPARTMENT),
        received={
            Outcome.EARLY: 9_180,
            Outcome.ON_TIME: 2_749,
            Outcome.LATE: 46,
            Outcome.WITHDRAWN: 22,
            Outcome.STOPPED: 8,
            Outcome.PAUSED_SUPPLEMENT: 96,
            Outcome.PAUSED_PAYMENT: 41,
            Outcome.OVERDUE: 19,
            Outcome.IN_TIME: 2_459,
        },
        carried={
            Outcome.EARLY: 811,
            Outcome.ON_TIME: 373,
            Outcome.LATE: 26,
            Outcome.PAUSED_SUPPLEMENT: 14,
            Outcome.OVERDUE: 9,
            Outcome.IN_TIME: 37,
        },
        unreceived={
            Outcome.AWAITING: 141,
            Outcome.RECEIPT_OVERDUE: 7,
            Outcome.REFUSED: 84,
            Outcome.CLOSED_UNRECEIVED: 12,
        },
        online=13_420,
        postal=210,
        receipt_late=58,
        uncollected=620,
    )
    districts = Quota(
        level=Level.DISTRICT,
        units=codes(units, Level.DISTRICT),
        received={
            Outcome.EARLY: 14_930,
            Outcome.ON_TIME: 7_396,
            Outcome.LATE: 124,
            Outcome.WITHDRAWN: 41,
            Outcome.STOPPED: 14,
            Outcome.PAUSED_SUPPLEMENT: 164,
            Outcome.PAUSED_PAYMENT: 118,
            Outcome.OVERDUE: 57,
            Outcome.IN_TIME: 4_232,
        },
        carried={
            Outcome.EARLY: 1_204,
            Outcome.ON_TIME: 772,
            Outcome.LATE: 74,
            Outcome.PAUSED_SUPPLEMENT: 21,
            Outcome.OVERDUE: 27,
            Outcome.IN_TIME: 42,
        },
        unreceived={
            Outcome.AWAITING: 253,
            Outcome.RECEIPT_OVERDUE: 9,
            Outcome.REFUSED: 203,
            Outcome.CLOSED_UNRECEIVED: 31,
        },
        online=23_764,
        postal=164,
        receipt_late=131,
        uncollected=1_180,
    )
    communes = Quota(
        level=Level.COMMUNE,
        units=codes(units, Level.COMMUNE),
        received={
            Outcome.EARLY: 15_240,
            Outcome.ON_TIME: 25_637,
            Outcome.LATE: 143,
            Outcome.WITHDRAWN: 35,
            Outcome.STOPPED: 5,
            Outcome.PAUSED_SUPPLEMENT: 71,
            Outcome.PAUSED_PAYMENT: 12,
            Outcome.OVERDUE: 38,
            Outcome.IN_TIME: 5_769,
        },
        carried={
            Outcome.EARLY: 902,
            Outcome.ON_TIME: 551,
            Outcome.LATE: 27,
            Outcome.OVERDUE: 11,
            Outcome.IN_TIME: 19,
        },
        unreceived={
            Outcome.AWAITING: 289,
            Outcome.RECEIPT_OVERDUE: 12,
            Outcome.REFUSED: 171,
            Outcome.CLOSED_UNRECEIVED: 26,
        },
        online=41_480,
        postal=96,
        receipt_late=187,
        uncollected=1_640,
    )
    world = make_world(start, end, units, rates=Rates())
    return Plan(world, (departments, districts, communes))


SEPTEMBER_2024 = Scenario(
    name="september-2024",
    title_vi="Tỉnh Hòa Bình, tháng 9 năm 2024",
    title_en="Hòa Bình province, September 2024",
    start=local(2024, 9, 1),
    end=local(2024, 10, 1),
    make_plan=_plan,
)
