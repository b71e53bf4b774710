"""From quotas to the stream of events, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from ioc.scenarios.case import RESOLVED, Case, Outcome, Twist, twist_fits
from ioc.scenarios.endings import ENDINGS, Days
from ioc.scenarios.life import DESK_SOURCE, PORTAL_SOURCE, Event, Life, NoFitError, event_of
from ioc.scenarios.local_text import code_date
from ioc.scenarios.quota import Quota, shares
from ioc.scenarios.timetable import Timetable
from ioc.scenarios.world import World
from schemas.calendar import local_day
from schemas.errors import FatalError

#: Throws before a twist of chance is given up, and before the outcome is called impossible.
_TWIST_TRIES, _TRIES = 30, 4000
#: Bits of the step number and of the dossier's number in a sort key.
_STEP_BITS, _LIFE_BITS = 6, 24


def stream(world: World, quotas: Sequence[Quota], rng: Random) -> Iterator[Event]:
    """Yield the events of every dossier of the quotas.

    The order is that of the true times. Only an event with a wrong clock (`Twist.SLOW_CLOCK`)
    tells another time than that of its place. Making the lives comes first: about 60 µs a
    dossier before the first event appears.

    Raises:
        FatalError: The quotas ask for something impossible, e.g. a due day after the end.
    """
    lives = [life for quota in quotas for life in make_lives(world, quota, rng)]
    lives.sort(key=lambda life: (life.steps[0].at, life.case.unit))
    codes = _dossier_codes(world, lives)
    keys = [
        (((step.at << _LIFE_BITS) | number) << _STEP_BITS) | index
        for number, life in enumerate(lives)
        for index, step in enumerate(life.steps)
    ]
    keys.sort()
    sequence = 0
    for key in keys:
        index = key & (1 << _STEP_BITS) - 1
        number = key >> _STEP_BITS & (1 << _LIFE_BITS) - 1
        step = lives[number].steps[index]
        if step.by_portal:
            source, own_sequence = PORTAL_SOURCE, None
        else:
            sequence += 1
            source, own_sequence = DESK_SOURCE, sequence
        yield event_of(
            step,
            event_id=f"{number + 1}-{index + 1}",
            dossier_id=codes[number],
            source=source,
            sequence=own_sequence,
        )


def make_lives(world: World, quota: Quota, rng: Random) -> Iterator[Life]:
    """Yield a life for every dossier of a quota."""
    timetable = world.timetable()
    start, end = local_day(world.start), local_day(world.end)
    within = quota.days or (start, end)
    before = (start - world.days_before, start)
    for case in make_cases(quota, rng):
        yield _live(world, timetable, rng, case, before if case.carried else within)


def make_cases(quota: Quota, rng: Random) -> list[Case]:
    """Return the dossiers of a quota: outcomes, channels and twists dealt at random."""
    cases: list[Case] = []
    for share in shares(quota):
        received = [o for o, n in share.received.items() for _ in range(n)]
        rng.shuffle(received)
        postal_end = share.online + share.postal
        mine = [
            Case(
                share.unit,
                outcome,
                carried=False,
                channel=2 if i < share.online else 3 if i < postal_end else 1,
                receipt_late=i < share.receipt_late,
                uncollected=False,
            )
            for i, outcome in enumerate(received)
        ]
        online_share = share.online / len(received) if received else 0.0
        for outcome, n in share.carried.items():
            # Hardly a limit is so long that it spans a whole period: a new date was promised.
            twist = Twist.APOLOGY_NEW_DATE if outcome is Outcome.IN_TIME else None
            for _ in range(n):
                channel = 2 if rng.random() < online_share else 1
                mine.append(Case(share.unit, outcome, True, channel, False, False, twist))
        rng.shuffle(mine)
        _leave_uncollected(mine, share.uncollected)
        for outcome, n in share.unreceived.items():
            mine.extend([Case(share.unit, outcome, False, 2, False, False)] * n)
        cases.extend(mine)
    rng.shuffle(cases)
    _deal_twists(cases, quota)
    return cases


def _leave_uncollected(cases: list[Case], n: int) -> None:
    for i, case in enumerate(cases):
        if n and case.outcome in RESOLVED:
            cases[i] = case._replace(uncollected=True)
            n -= 1


def _deal_twists(cases: list[Case], quota: Quota) -> None:
    for twist, n in quota.twists.items():
        left = n
        for i, case in enumerate(cases):
            if left and case.twist is None and twist_fits(twist, case):
                cases[i] = case._replace(twist=twist)
                left -= 1
        if left:
            raise FatalError(f"the quota has no dossiers left for {left} of {n} {twist}")


def _live(world: World, timetable: Timetable, rng: Random, case: Case, days: Days) -> Life:
    ending = ENDINGS[case.outcome]
    twist = case.twist or world.rates.draw(rng, case)
    for attempt in range(_TRIES):
        if attempt == _TWIST_TRIES and case.twist is None:
            twist = None
        try:
            return ending(world, timetable, rng, case, twist, days)
        except NoFitError:
            continue
    raise FatalError(f"no life fits {case} within the scenario")


def _dossier_codes(world: World, lives: Sequence[Life]) -> list[str]:
    """Return codes as desks give them: agency, date, number of the day at that agency."""
    agencies = {
        unit: f"000.{10 + i % 90}.{20 + i // 90}.{world.province_code}"
        for i, unit in enumerate(sorted(world.levels))
    }
    numbers: dict[tuple[str, int], int] = {}
    codes = []
    for life in lives:
        unit, day = life.case.unit, local_day(life.steps[0].at)
        number = numbers[unit, day] = numbers.get((unit, day), 0) + 1
        codes.append(f"{agencies[unit]}-{code_date(day)}-{number:04d}")
    return codes
