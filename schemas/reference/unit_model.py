"""One administrative unit and the levels of the hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Where a unit stands; departments (sở, ban, ngành) stand beside districts."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"


PARENT_LEVELS: dict[Level, tuple[Level, ...]] = {
    Level.PROVINCE: (),
    Level.DEPARTMENT: (Level.PROVINCE,),
    Level.DISTRICT: (Level.PROVINCE,),
    # Under a district until 30 June 2025, under the province since.
    Level.COMMUNE: (Level.DISTRICT, Level.PROVINCE),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was between two days.

    Attributes:
        code: unique over all times; the key everywhere in this system.
        official_code: the state's number (unique on a day, re-used over time), or ``""``.
        name: official Vietnamese name with its kind, e.g. ``Xã Cao Sơn``.
        kind: tỉnh, sở, huyện, thành phố, xã, phường, thị trấn, …
        parent: code of the unit above, None for a province.
        valid_from: first day.
        valid_to: first day on which it no longer exists (exclusive), None while it exists.
        successor: code of the unit that takes over its dossiers on ``valid_to``.
        latitude: degrees north, or None.
        longitude: degrees east, or None.
    """

    code: str
    official_code: str
    name: str
    level: Level
    kind: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    successor: str | None
    latitude: float | None
    longitude: float | None

    def is_valid(self, day: date) -> bool:
        """Whether the unit exists on this day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
