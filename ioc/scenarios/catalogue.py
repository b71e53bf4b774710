"""All scenarios by name."""

from __future__ import annotations

from ioc.scenarios.hoa_binh_city_2023 import HOA_BINH_CITY_2023H1
from ioc.scenarios.scenario import Scenario
from ioc.scenarios.september_2024 import SEPTEMBER_2024
from ioc.scenarios.small import SMALL
from ioc.scenarios.tan_lac_2020 import TAN_LAC_2020
from schemas.errors import ConfigurationError

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (SEPTEMBER_2024, HOA_BINH_CITY_2023H1, TAN_LAC_2020, SMALL)
}


def scenario(name: str) -> Scenario:
    """Return a scenario; raises `ConfigurationError`, which lists the names, for another one."""
    try:
        return SCENARIOS[name]
    except KeyError:
        known = ", ".join(SCENARIOS)
        raise ConfigurationError(f'no scenario is called "{name}"; there are: {known}') from None
