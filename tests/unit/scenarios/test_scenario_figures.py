"""Every scenario's events are sound and add up to its figures, counted by other code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson
import pytest
from scenario_recount import count, seconds

from ioc.scenarios.catalogue import SCENARIOS, scenario
from ioc.scenarios.figures import Counts
from ioc.scenarios.scenario import Scenario
from schemas.events import DossierEvent
from schemas.reference import Level

MEASURES = [
    *(field.name for field in fields(Counts)),
    *("resolved", "open", "received_counter"),
]


def shown(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: counted.get(name, 0) for name in MEASURES}


def promised(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in MEASURES}


@dataclass(frozen=True)
class Told:
    """A scenario and all that it tells, made once for all that look at it."""

    name: str
    scenario: Scenario
    events: list[dict[str, Any]]


@pytest.fixture(scope="module", params=sorted(SCENARIOS))
def told(request: pytest.FixtureRequest) -> Told:
    chosen = scenario(request.param)
    return Told(request.param, chosen, list(chosen.events()))


def test_events_are_valid_ordered_and_unique(told: Told) -> None:
    identities: set[tuple[str, str, str]] = set()
    previous, disordered = 0, 0
    end = int(told.scenario.end.timestamp())
    for number, event in enumerate(told.events):
        identities.add((event["dossier_id"], event["source"], event["event_id"]))
        if number % 50 == 0:
            read = DossierEvent.model_validate_json(orjson.dumps(event))
            assert read.model_dump(mode="json", exclude_unset=True).keys() == event.keys()
        occurred = seconds(event["occurred_at"])
        assert occurred < end
        disordered += occurred < previous
        previous = max(previous, occurred)
    assert len(identities) == len(told.events)
    # Only events with a wrong clock stand elsewhere.
    assert disordered <= (8 if told.name == "small" else 0)


def test_totals_and_units_add_up(told: Told) -> None:
    by_unit = count(told.events, told.scenario.start, told.scenario.end)
    name = told.name
    figures = scenario(name).figures()
    assert shown(by_unit[""]) == promised(figures.total)
    assert {unit for unit in by_unit if unit} == {
        unit for unit, counts in figures.by_unit.items() if counts.dossiers
    }
    for unit, counts in figures.by_unit.items():
        assert shown(by_unit.get(unit, Counter())) == promised(counts), unit


def test_reports_balance() -> None:
    for one in SCENARIOS.values():
        figures = one.figures()
        for counts in (figures.total, *figures.by_level.values(), *figures.by_unit.values()):
            assert counts.to_resolve == counts.finished + counts.open
        assert sum(figures.by_unit.values(), Counts()) == figures.total
        assert sum(figures.by_level.values(), Counts()) == figures.total
        assert sum(figures.by_channel.values()) == figures.total.received


def test_september_2024_is_as_published() -> None:
    figures = scenario("september-2024").figures()
    assert figures.total.received == 88_646
    assert figures.total.received_online == 78_664
    assert round(100 * figures.total.received_online / figures.total.received, 2) == 88.74
    assert figures.total.resolved == 80_185
    assert figures.total.on_time_percent == 99.45
    assert figures.by_level[Level.DEPARTMENT].on_time_percent == 99.45
    assert figures.by_level[Level.DISTRICT].on_time_percent == 99.19
    assert figures.by_level[Level.COMMUNE].on_time_percent == 99.60
    communes = [unit for unit in figures.by_unit if unit.startswith("0")]
    assert len(communes) == 151


def test_hoa_binh_city_2023_is_as_published() -> None:
    figures = scenario("hoa-binh-city-2023h1").figures()
    city = figures.by_level[Level.DISTRICT]
    assert (city.received, city.resolved, city.open) == (1_651, 1_577, 74)
    communes = figures.by_level[Level.COMMUNE]
    assert (communes.received, communes.resolved, communes.open) == (23_136, 23_094, 42)
    assert len(figures.by_unit) == 1 + 19


def test_tan_lac_2020_is_as_published() -> None:
    total = scenario("tan-lac-2020").figures().total
    assert (total.received, total.received_online) == (10_441, 10_441)
    levels = Counter(
        event["online_level"] for event in scenario("tan-lac-2020").events() if event["status"] == 1
    )
    assert set(levels) == {"partial", "full"}
