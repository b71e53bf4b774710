"""What a key covers, with the shipped units of Hòa Bình and Phú Thọ."""

from __future__ import annotations

from datetime import date

import pytest

from ioc.gateway.keys.scope import covered_codes
from schemas.reference import Level, UnitRegistry

BEFORE, AFTER = date(2024, 9, 3), date(2025, 8, 1)


@pytest.fixture(scope="module")
def units() -> UnitRegistry:
    return UnitRegistry.load(None)


def test_a_commune_keeps_its_key_when_it_is_merged_but_gets_no_other(units: UnitRegistry):
    # 04789 and others became 04828-2025 on 1 July 2025.
    assert covered_codes(["04789"], units, BEFORE) == {"04789"}
    assert covered_codes(["04789"], units, AFTER) == {"04789", "04828-2025"}


def test_a_merged_commune_covers_the_old_codes_that_feeds_go_on_using(units: UnitRegistry):
    merged = {unit.code for unit in units if unit.successor == "04828-2025"}
    assert len(merged) > 1
    assert covered_codes(["04828-2025"], units, AFTER) == {"04828-2025"} | merged
    # It does not exist before its day.
    assert not covered_codes(["04828-2025"], units, BEFORE) - {"04828-2025"}


def test_a_district_covers_its_communes_and_never_becomes_the_province(units: UnitRegistry):
    below = {unit.code for unit in units.children("148", BEFORE)}
    assert covered_codes(["148"], units, BEFORE) == {"148"} | below
    after = covered_codes(["148"], units, AFTER)
    assert {"148"} | below <= after
    assert "25" not in after
    became = {units.resolve(code, AFTER).code for code in below}
    assert after == {"148"} | below | became


def test_the_province_covers_everything_of_its_time(units: UnitRegistry):
    today = covered_codes(["25"], units, AFTER)
    assert {unit.code for unit in units.at(AFTER)} <= today
    assert {unit.code for unit in units.at(BEFORE)} <= today
    old = covered_codes(["17"], units, AFTER)
    others = {u.code for u in units.at(AFTER) if u.level is Level.COMMUNE} - old
    # Communes that Hòa Bình's never became parts of stay foreign.
    assert others


def test_unknown_codes_cover_nothing(units: UnitRegistry):
    assert covered_codes(["nowhere"], units, AFTER) == frozenset()
