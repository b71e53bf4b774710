"""The pipeline's own fold reads the same figures out of the events as the scenario promises."""

from __future__ import annotations

from collections import Counter, defaultdict

import orjson
import pytest

from ioc.scenarios.catalogue import scenario
from ioc.scenarios.figures import Counts
from ioc.scenarios.scenario import Scenario
from ioc.scenarios.world import default_calendar, shipped_units
from schemas.calendar import day_of_date
from schemas.events import EventRecord, decode_event
from streams.fold import Facts, FoldRules, Phase, Verdict, fold

RULES = FoldRules(
    calendar=default_calendar(),
    successors={
        unit.code: (day_of_date(unit.valid_to), unit.successor)
        for unit in shipped_units()
        if unit.valid_to is not None and unit.successor is not None
    },
    statutory={},
)
LATER_MS = 2_000_000_000_000


def measures(facts: Facts, start: int, end: int) -> Counter[str]:
    overdue = facts.alarm is not None and facts.alarm <= end
    told = {
        "received": facts.received and facts.received_at >= start,
        "received_online": facts.received and facts.received_at >= start and facts.channel == 2,
        "received_postal": facts.received and facts.received_at >= start and facts.channel == 3,
        "carried_over": facts.received and facts.received_at < start,
        "early": facts.verdict is Verdict.EARLY,
        "on_time": facts.verdict is Verdict.ON_TIME,
        "late": facts.verdict is Verdict.LATE,
        "no_due": facts.verdict is Verdict.NO_DUE,
        "withdrawn": facts.received and facts.phase is Phase.WITHDRAWN,
        "stopped": facts.phase is Phase.STOPPED,
        "refused": facts.phase is Phase.REFUSED,
        "closed_unreceived": not facts.received and facts.phase is Phase.WITHDRAWN,
        "in_time": facts.phase is Phase.PROCESSING and not overdue,
        "overdue": facts.live and facts.received and overdue,
        "paused_supplement": facts.phase is Phase.SUPPLEMENT,
        "paused_payment": facts.phase is Phase.PAYMENT,
        "awaiting": facts.phase is Phase.AWAITING,
        "receipt_overdue": facts.phase is Phase.AWAITING and overdue,
        "receipt_late": facts.receipt_late,
        "uncollected": facts.phase is Phase.RESOLVED and facts.returned_at is None,
    }
    return Counter({name: 1 for name, is_so in told.items() if is_so})


def folded(chosen: Scenario) -> dict[str, Counter[str]]:
    dossiers: defaultdict[str, list[EventRecord]] = defaultdict(list)
    for event in chosen.events():
        dossier_id, record = decode_event(orjson.dumps(event), LATER_MS)
        dossiers[dossier_id].append(record)
    start, end = int(chosen.start.timestamp()), int(chosen.end.timestamp())
    by_unit: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for records in dossiers.values():
        facts = fold(records, RULES)
        by_unit[facts.authority].update(measures(facts, start, end))
    return by_unit


@pytest.mark.parametrize("name", ["small", "tan-lac-2020", "hoa-binh-city-2023h1"])
def test_fold_gives_the_promised_figures(name: str) -> None:
    chosen = scenario(name)
    by_unit = folded(chosen)
    promised = chosen.figures().by_unit
    assert by_unit.keys() == {unit for unit, counts in promised.items() if counts.dossiers}
    for unit, counts in by_unit.items():
        assert Counts(**counts) == promised[unit], unit
