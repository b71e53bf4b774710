"""What the wall's files are made of, from the shipped reference data."""

from __future__ import annotations

from ioc.wall.assets import Assets
from ioc.wall.choices import Choices
from schemas.reference import ProcedureRegistry, UnitRegistry


def shipped_choices() -> Choices:
    return Choices(UnitRegistry.load(), ProcedureRegistry.load())


def make_assets(minimum: int = 30) -> Assets:
    return Assets({"minimum": minimum}, shipped_choices())
