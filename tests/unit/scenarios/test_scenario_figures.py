"""Every scenario's dossiers add up to its figures, counted by other code from the events alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
from scenario_recount import count

from ioc.scenarios.catalogue import SCENARIOS, scenario
from ioc.scenarios.figures import Counts
from schemas.reference import Level

MEASURES = [
    *(field.name for field in fields(Counts)),
    *("resolved", "open", "received_counter"),
]


def shown(counted: Mapping[str, int]) -> dict[str, int]:
    return {name: counted.get(name, 0) for name in MEASURES}


def promised(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in MEASURES}


@pytest.fixture(scope="module", params=sorted(SCENARIOS))
def counted(request: pytest.FixtureRequest) -> tuple[str, dict[str, Counter[str]]]:
    chosen = scenario(request.param)
    return request.param, count(chosen.events(), chosen.start, chosen.end)


def test_totals_and_units_add_up(counted: tuple[str, dict[str, Any]]) -> None:
    name, by_unit = counted
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
