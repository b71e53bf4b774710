"""Whose figures a key may ask for: everything that they add up must be the key's."""

from __future__ import annotations

from datetime import date

import pytest

from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.keys.scope import covered_codes
from ioc.gateway.reading.statistics_route import covers
from schemas.reference import UnitRegistry

UNITS = UnitRegistry.load(None)
JUNE, AUGUST = date(2025, 6, 30), date(2025, 8, 31)


def _caller(unit: str) -> Caller:
    codes = covered_codes([unit], UNITS, AUGUST)
    return Caller("k", "desk", frozenset({Right.READ}), codes, (unit,), False, False, "127.0.0.1")


@pytest.mark.parametrize(
    ("key", "asked", "units_on", "may"),
    [
        ("04795-2025", "04795-2025", AUGUST, True),
        ("04795-2025", "04795-2025", JUNE, True),  # its old wards' June
        ("04795-2025", "04798", JUNE, True),
        ("04795", "04795", JUNE, True),
        ("04795", "04795", AUGUST, True),  # has nothing any more
        # The new ward's figures hold those of the old neighbours, which the key does not cover.
        ("04795", "04795-2025", AUGUST, False),
        ("04795", "04798", JUNE, False),
        ("148", "148", JUNE, True),
        ("148", "25", AUGUST, False),
        ("04795-2025", "99999", AUGUST, False),
    ],
)
def test_who_may_ask_for_what(key: str, asked: str, units_on: date, may: bool):
    assert covers(UNITS, _caller(key), asked, AUGUST, units_on) == may
