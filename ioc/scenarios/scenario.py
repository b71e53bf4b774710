"""`Scenario`: a deterministic stream of events that adds up to known figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from random import Random

from ioc.scenarios.figures import Figures
from ioc.scenarios.life import Event
from ioc.scenarios.quota import Quota, figures_of
from ioc.scenarios.stream import stream
from ioc.scenarios.world import World

_LOCAL = timezone(timedelta(hours=7))
DEFAULT_SEED = 2024


@dataclass(frozen=True)
class Plan:
    """The stage and the numbers of a scenario."""

    world: World
    quotas: Sequence[Quota]


@dataclass(frozen=True)
class Scenario:
    """One scenario; the same seed gives the same bytes on every machine and in every release
    that does not say otherwise.

    Attributes:
        name: as it is called on the command line.
        title_vi: title for people, Vietnamese.
        title_en: title for people, English.
        start: first day of the period, local midnight.
        end: local midnight after its last day; every event is before it.
        make_plan: makes the plan; reads the shipped reference data.
    """  # noqa: D205

    name: str
    title_vi: str
    title_en: str
    start: datetime
    end: datetime
    make_plan: Callable[[int, int], Plan]

    def events(self, seed: int = DEFAULT_SEED) -> Iterator[Event]:
        """Return the events as dicts ready for JSON, in the order in which they happened.

        Another seed gives other people the same figures: days, procedures and lives change,
        the counts by unit, level, channel and outcome do not.
        """
        plan = _plan(self)
        rng = Random(f"{self.name}:{seed}")  # noqa: S311 - chance that repeats is the point
        return stream(plan.world, plan.quotas, rng)

    def figures(self) -> Figures:
        """Return what the dossiers add up to, computed from the quotas alone."""
        return figures_of(_plan(self).quotas)


@cache
def _plan(scenario: Scenario) -> Plan:
    return scenario.make_plan(_epoch(scenario.start), _epoch(scenario.end))


def _epoch(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())


def local(year: int, month: int, day: int) -> datetime:
    """Return a local midnight."""
    return datetime(year, month, day, tzinfo=_LOCAL)
