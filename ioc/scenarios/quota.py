"""How many dossiers of each kind a scenario has, and their exact share for every unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from ioc.scenarios.case import RESOLVED, UNRECEIVED, Outcome, Twist
from ioc.scenarios.departments import department
from ioc.scenarios.figures import Counts, Figures
from schemas.reference import Level


@dataclass(frozen=True)
class Quota:
    """The dossiers of a group of units; every number is met exactly.

    Attributes:
        level: level of the units.
        units: their codes.
        received: received in the period, by outcome.
        carried: carried over, by outcome.
        unreceived: never received, by outcome.
        online: how many of the received come by channel 2 (carried-over ones not counted).
        postal: how many of them by channel 3.
        receipt_late: how many of the online ones are received too late.
        uncollected: how many resolved ones are never handed over.
        days: local day numbers [first, past the last) in which they are received; None = the
            whole period.
        twists: what must happen to how many of them, beside what chance brings.
    """

    level: Level
    units: Sequence[str]
    received: Mapping[Outcome, int]
    online: int
    carried: Mapping[Outcome, int] = field(default_factory=dict)
    unreceived: Mapping[Outcome, int] = field(default_factory=dict)
    postal: int = 0
    receipt_late: int = 0
    uncollected: int = 0
    days: tuple[int, int] | None = None
    twists: Mapping[Twist, int] = field(default_factory=dict)


class Share(NamedTuple):
    """One unit's part of a quota."""

    unit: str
    received: dict[Outcome, int]
    carried: dict[Outcome, int]
    unreceived: dict[Outcome, int]
    online: int
    postal: int
    receipt_late: int
    uncollected: int


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split a number by weights into whole parts (largest remainder; ties to the first)."""
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError(f"{total} cannot be split by weights of nothing")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _size(level: Level, code: str) -> int:
    """Return how busy a unit is: stable over runs, releases and machines."""
    if level is Level.DEPARTMENT:
        return department(code).size
    return 60 + crc32(code.encode()) % 121


def shares(quota: Quota) -> Iterator[Share]:
    """Yield every unit's share; each number of the quota is met exactly by their sum."""
    sizes = [_size(quota.level, code) for code in quota.units]

    def split(counts: Mapping[Outcome, int]) -> list[dict[Outcome, int]]:
        columns = {outcome: apportion(total, sizes) for outcome, total in counts.items()}
        return [{o: column[i] for o, column in columns.items()} for i in range(len(sizes))]

    received, carried = split(quota.received), split(quota.carried)
    unreceived = split(quota.unreceived)
    totals = [sum(counts.values()) for counts in received]
    resolved = [
        sum(n for part in (received[i], carried[i]) for o, n in part.items() if o in RESOLVED)
        for i in range(len(sizes))
    ]
    online = apportion(quota.online, totals)
    postal = apportion(quota.postal, [t - o for t, o in zip(totals, online, strict=True)])
    late = apportion(quota.receipt_late, online)
    uncollected = apportion(quota.uncollected, resolved)
    for i, unit in enumerate(quota.units):
        yield Share(
            unit,
            received[i],
            carried[i],
            unreceived[i],
            online[i],
            postal[i],
            late[i],
            uncollected[i],
        )


def count(share: Share) -> Counts:
    """Return a unit's figures."""
    by_outcome = {
        outcome.value: share.received.get(outcome, 0)
        + share.carried.get(outcome, 0)
        + share.unreceived.get(outcome, 0)
        for outcome in Outcome
    }
    # Awaiting contains the overdue ones, as on the wall.
    by_outcome["awaiting"] += by_outcome["receipt_overdue"]
    return Counts(
        received=sum(share.received.values()),
        received_online=share.online,
        received_postal=share.postal,
        carried_over=sum(share.carried.values()),
        receipt_late=share.receipt_late,
        uncollected=share.uncollected,
        **by_outcome,
    )


def figures_of(quotas: Sequence[Quota]) -> Figures:
    """Add the quotas up.

    Raises:
        ValueError: A quota counts unreceived dossiers as received or the other way round.
    """
    by_level: dict[Level, Counts] = {}
    by_unit: dict[str, Counts] = {}
    for quota in quotas:
        if UNRECEIVED & {*quota.received, *quota.carried} or {*quota.unreceived} - UNRECEIVED:
            raise ValueError("a quota mixes received dossiers with others")
        for share in shares(quota):
            counts = count(share)
            by_unit[share.unit] = by_unit.get(share.unit, Counts()) + counts
            by_level[quota.level] = by_level.get(quota.level, Counts()) + counts
    return Figures(sum(by_level.values(), Counts()), by_level, by_unit)
