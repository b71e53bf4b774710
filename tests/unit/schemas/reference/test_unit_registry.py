"""Looking units up through time."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.errors import ConfigurationError, RejectError
from schemas.reference import UnitRegistry

LAST_DAY = date(2025, 6, 30)
MERGER = date(2025, 7, 1)


@pytest.fixture(scope="module")
def units() -> UnitRegistry:
    return UnitRegistry.load()


def test_get_finds_a_unit_whenever_it_was_valid(units: UnitRegistry) -> None:
    unit = units.get("04978")
    assert (unit.name, unit.kind, unit.parent) == ("Thị trấn Bo", "thị trấn", "153")
    assert "04978" in units
    assert "4978" not in units


def test_unknown_code_is_rejected(units: UnitRegistry) -> None:
    with pytest.raises(RejectError) as caught:
        units.get("99999" * 100)
    assert caught.value.code == "unknown_unit"
    assert caught.value.field == "unit"
    assert len(caught.value.value) == 80
    for ask in (units.resolve, units.children, units.ancestors, units.standing):
        with pytest.raises(RejectError):
            ask("99999", MERGER)


def test_valid_to_is_the_first_day_without_the_unit(units: UnitRegistry) -> None:
    ward = units.get("04801")
    assert ward.valid_to == MERGER
    assert ward.is_valid(LAST_DAY)
    assert not ward.is_valid(MERGER)
    assert units.resolve("04801", LAST_DAY) is ward
    assert units.resolve("04801", MERGER).name == "Phường Hòa Bình"


def test_successors_come_one_after_another(units: UnitRegistry) -> None:
    assert [each.code for each in units.successors("17-SKHDT")] == ["17-STC", "25-STC"]
    assert units.successors("25-STC") == ()


def test_what_stands_with_a_unit_is_what_nobody_else_has(units: UnitRegistry) -> None:
    """Each code stands with one commune, department or district of a day, or with the province."""
    for day in (date(2025, 2, 1), LAST_DAY, MERGER):
        assert units.standing(units.province(day).code, day) >= {
            unit.code for unit in units if unit.valid_from <= day
        }
        lowest = [unit.code for unit in units.at(day) if not units.children(unit.code, day)]
        with_one = [code for unit in lowest for code in units.standing(unit, day)]
        assert len(with_one) == len(set(with_one))
    assert units.standing("04795-2025", MERGER) >= {"04795", "04798", "04801", "04795-2025"}
    assert units.standing("04795", LAST_DAY) == {"04795"}
    assert units.standing("04795", MERGER) == units.standing("148", MERGER) == frozenset()


def test_a_code_that_has_not_begun_stays(units: UnitRegistry) -> None:
    """A feed may re-send last year's dossiers under new codes; none may be lost."""
    assert units.resolve("04795-2025", date(2024, 9, 1)).code == "04795-2025"


def test_ancestors_follow_the_hierarchy_of_the_day(units: UnitRegistry) -> None:
    before = [unit.name for unit in units.ancestors("04801", LAST_DAY)]
    since = [unit.name for unit in units.ancestors("04801", MERGER)]
    assert before == ["Thành phố Hòa Bình", "Tỉnh Hòa Bình"]
    assert since == ["Tỉnh Phú Thọ"]
    assert units.ancestors("17", LAST_DAY) == ()


def test_children_are_those_of_the_day(units: UnitRegistry) -> None:
    levels = [str(unit.level) for unit in units.children("17", date(2024, 9, 1))]
    assert (levels.count("district"), levels.count("department")) == (10, 20)
    assert units.children("17", MERGER) == ()
    assert len(units.children("25", MERGER)) == 148 + 15


def test_a_split_commune_has_one_main_successor(units: UnitRegistry) -> None:
    assert {c: units.resolve(c, MERGER).name for c in ("04891", "04957", "05221")} == {
        "04891": "Xã Tiền Phong",
        "04957": "Xã Liên Sơn",
        "05221": "Xã Mai Châu",
    }


def test_province_of_a_day_without_one(units: UnitRegistry) -> None:
    with pytest.raises(ConfigurationError, match="1999-01-01"):
        units.province(date(1999, 1, 1))
