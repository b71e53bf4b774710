"""The shipped units: complete, consistent on every day, and what the script makes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from vietnamadminunits import convert_address

from schemas.reference import Level, Unit, UnitRegistry

ROOT = Path(__file__).parents[4]
BEFORE = date(2024, 9, 1)
LAST_DAY = date(2025, 6, 30)
MERGER = date(2025, 7, 1)
DAYS = [date(2020, 1, 1), BEFORE, date(2025, 3, 1), LAST_DAY, MERGER, date(2026, 8, 31)]


@pytest.fixture(scope="module")
def units() -> UnitRegistry:
    return UnitRegistry.load()


def of_level(units: UnitRegistry, day: date, level: Level) -> list[Unit]:
    return [unit for unit in units.at(day) if unit.level is level]


@pytest.mark.parametrize("script", ["make_units.py", "make_procedures.py"])
def test_committed_files_are_what_the_scripts_make(script: str, tmp_path: Path) -> None:
    """A hand edit of the data, or a script changed without running it, would go unseen."""
    subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--to", tmp_path], check=True, timeout=60
    )
    made = sorted(tmp_path.iterdir())
    assert made
    for file in made:
        committed = ROOT / "schemas" / "reference" / "data" / file.name
        assert file.read_bytes() == committed.read_bytes(), file.name


def test_hoa_binh_before_the_merger(units: UnitRegistry) -> None:
    kinds = Counter(unit.kind for unit in of_level(units, BEFORE, Level.COMMUNE))
    assert kinds == {"xã": 129, "phường": 12, "thị trấn": 10}
    districts = Counter(unit.kind for unit in of_level(units, BEFORE, Level.DISTRICT))
    assert districts == {"huyện": 9, "thành phố": 1}
    assert units.province(BEFORE).name == "Tỉnh Hòa Bình"

    city = units.get("148")
    assert city.name == "Thành phố Hòa Bình"
    assert len(units.children(city.code, BEFORE)) == 19
    everywhere = [
        commune
        for district in of_level(units, BEFORE, Level.DISTRICT)
        for commune in units.children(district.code, BEFORE)
    ]
    assert len(everywhere) == 151


def test_phu_tho_since_the_merger(units: UnitRegistry) -> None:
    communes = of_level(units, MERGER, Level.COMMUNE)
    assert Counter(unit.kind for unit in communes) == {"xã": 133, "phường": 15}
    assert not of_level(units, MERGER, Level.DISTRICT)
    province = units.province(MERGER)
    assert province.name == "Tỉnh Phú Thọ"
    assert {unit.parent for unit in communes} == {province.code}


def test_departments_merge_in_march_2025(units: UnitRegistry) -> None:
    assert len(of_level(units, BEFORE, Level.DEPARTMENT)) == 20
    # 13 specialised agencies, the industrial zones' board and the provincial desk.
    for day in (date(2025, 3, 1), LAST_DAY, MERGER):
        assert len(of_level(units, day, Level.DEPARTMENT)) == 15
    planning = [units.resolve("17-SKHDT", d).code for d in (BEFORE, LAST_DAY, MERGER)]
    assert planning == ["17-SKHDT", "17-STC", "25-STC"]


@pytest.mark.parametrize("day", DAYS)
def test_the_tree_is_whole_on_every_day(units: UnitRegistry, day: date) -> None:
    province = units.province(day)
    reached: list[Unit] = []
    waiting = [province]
    while waiting:
        unit = waiting.pop()
        assert unit.is_valid(day)
        reached.append(unit)
        waiting.extend(units.children(unit.code, day))
    assert sorted(unit.code for unit in reached) == [unit.code for unit in units.at(day)]


def test_every_old_unit_leads_to_one_of_the_day_of_the_merger(units: UnitRegistry) -> None:
    for old in units.at(LAST_DAY):
        new = units.resolve(old.code, MERGER)
        assert new.is_valid(MERGER)
        expected = Level.PROVINCE if old.level is Level.DISTRICT else old.level
        assert new.level is expected, old


def test_successors_agree_with_the_address_converter(units: UnitRegistry) -> None:
    """The package's converter takes another way (parsing texts) to the same mapping."""
    for old in of_level(units, LAST_DAY, Level.COMMUNE):
        above = ", ".join(unit.name for unit in units.ancestors(old.code, LAST_DAY))
        converted = convert_address(f"{old.name}, {above}")
        assert units.resolve(old.code, MERGER).official_code == converted.ward_code, old.name


def test_a_bare_official_code_means_its_bearer_of_the_day(units: UnitRegistry) -> None:
    """A feed that sends the official number after the merger means the new unit."""
    for day in (BEFORE, MERGER):
        bearers = [unit for unit in units.at(day) if unit.official_code]
        assert len({unit.official_code for unit in bearers}) == len(bearers)
        for unit in bearers:
            assert units.resolve(unit.official_code, day) is unit


def test_points_lie_near_the_points_of_what_came_before(units: UnitRegistry) -> None:
    """The package has swapped and mistaken points; an unmended one is tens of kilometres off."""
    for old in of_level(units, LAST_DAY, Level.COMMUNE):
        new = units.resolve(old.code, MERGER)
        assert old.latitude is not None and old.longitude is not None
        assert new.latitude is not None and new.longitude is not None
        north_km = (old.latitude - new.latitude) * 111
        east_km = (old.longitude - new.longitude) * 104
        assert (north_km**2 + east_km**2) ** 0.5 < 12, (old, new)


def test_all_points_lie_in_the_province(units: UnitRegistry) -> None:
    for unit in units:
        assert unit.latitude is not None and unit.longitude is not None
        assert 20.2 < unit.latitude < 21.8 and 104.7 < unit.longitude < 105.95, unit


def test_names_are_composed_and_sorted_by_code(units: UnitRegistry) -> None:
    for unit in units:
        assert unicodedata.is_normalized("NFC", unit.name)
        assert unit.name == unit.name.strip()
    codes = [unit.code for unit in units]
    assert codes == sorted(codes)
    assert all(len(list(same)) == 1 for _, same in groupby(codes))
