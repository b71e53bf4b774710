"""What one dossier contributes to the cells (docs/fold.md section 6)."""

from __future__ import annotations

from typing import NamedTuple

from schemas.calendar.local_time import UTC_OFFSET_SECONDS, local_day
from streams.cells.tables import (
    CLOSED_UNRECEIVED,
    DUE,
    DUE_MET,
    NO_DUE,
    RECEIPT_LATE,
    RECEIVED,
    REFUSED,
    REGISTERED,
    RETURNED,
    STOPPED,
    UNCOLLECTED,
    WITHDRAWN,
)
from streams.fold import Facts, Phase, Verdict

#: Day number of 2149-06-06, the last day of ClickHouse's Date: "never late".
NEVER = 65_535

Dimensions = tuple[str, str, str, str, int]
#: authority, receiver, handler, field, channel, phase, apologised, alarm minute.
OpenKey = tuple[str, str, str, str, int, int, int, int]
NationalKey = tuple[str, str, str, int, int]


class Contribution(NamedTuple):
    """One dossier's ones.

    Attributes:
        dimensions: receiver, authority, handler, field, channel.
        days: `day << 4 | measure index` for every cell of `dossier_days` that it counts in; a
            dossier is in each of them at most once.
        open: its cell of `open_dossiers`, or None.
        national: its cell of `national_days`, or None.
        leg_days: (day, unit, field, measure index) of `leg_days`.
        open_legs: (unit, field, alarm minute) of `open_legs`; equal ones may occur twice.
    """

    dimensions: Dimensions
    days: tuple[int, ...]
    open: OpenKey | None
    national: NationalKey | None
    leg_days: tuple[tuple[int, str, str, int], ...]
    open_legs: tuple[tuple[str, str, int], ...]


NOTHING = Contribution(("", "", "", "", 0), (), None, None, (), ())

_LEG_STARTED, _LEG_ON_TIME, _LEG_LATE, _LEG_NO_DUE = range(4)

# Verdicts 1-4 are early, on_time, late, no_due: the measures from EARLY on, in the same order.
_VERDICT_OFFSET = NO_DUE - Verdict.NO_DUE


def minute_above(epoch: int | None) -> int:
    """Round up to a full minute; 0 for None. Up, so that nobody is called late too early."""
    return 0 if epoch is None else -(-epoch // 60) * 60


def contribute(facts: Facts) -> Contribution:
    """Return the cells that a dossier in this state counts in."""
    phase = facts.phase
    days: list[int] = []
    add = days.append
    registered_at, received_at = facts.registered_at, facts.received_at
    if registered_at is not None:
        day = (registered_at + UTC_OFFSET_SECONDS) // 86400 << 4
        add(day | REGISTERED)
        if facts.receipt_late:
            add(day | RECEIPT_LATE)
    result_at, finished_at = facts.result_at, facts.finished_at
    if result_at is not None:
        day = (result_at + UTC_OFFSET_SECONDS) // 86400 << 4
        add(day | (facts.verdict + _VERDICT_OFFSET))
        if facts.returned_at is None:
            add(day | UNCOLLECTED)
        else:
            add(local_day(facts.returned_at) << 4 | RETURNED)
    elif finished_at is not None:
        day = local_day(finished_at) << 4
        if phase is Phase.REFUSED:
            add(day | REFUSED)
        elif not facts.received:
            add(day | CLOSED_UNRECEIVED)
        else:
            add(day | (WITHDRAWN if phase is Phase.WITHDRAWN else STOPPED))
    receiver, authority, handler = facts.receiver, facts.authority, facts.handler
    field, channel = facts.field, facts.channel
    national: NationalKey | None = None
    if received_at is not None:
        received_day = (received_at + UTC_OFFSET_SECONDS) // 86400
        add(received_day << 4 | RECEIVED)
        if facts.due is not None:
            day = (facts.due + UTC_OFFSET_SECONDS) // 86400 << 4
            add(day | DUE)
            if facts.verdict is Verdict.EARLY or facts.verdict is Verdict.ON_TIME:
                add(day | DUE_MET)
        late_from = facts.national_late_from
        national = (
            receiver,
            authority,
            handler,
            received_day,
            NEVER if late_from is None else late_from,
        )
    open_key: OpenKey | None = None
    if facts.live:
        alarm = minute_above(facts.alarm)
        open_key = (
            *(authority, receiver, handler, field, channel),
            *(int(phase), int(facts.apologised), alarm),
        )
    if facts.legs:
        leg_days, open_legs = _legs(facts)
    else:
        leg_days, open_legs = (), ()
    dimensions = (receiver, authority, handler, field, channel)
    return tuple.__new__(
        Contribution, (dimensions, tuple(days), open_key, national, leg_days, open_legs)
    )


def _legs(
    facts: Facts,
) -> tuple[tuple[tuple[int, str, str, int], ...], tuple[tuple[str, str, int], ...]]:
    days: list[tuple[int, str, str, int]] = []
    waiting: list[tuple[str, str, int]] = []
    for leg in facts.legs:
        days.append((local_day(leg.started), leg.unit, facts.field, _LEG_STARTED))
        if leg.ended is None:
            if facts.live and facts.received:
                waiting.append((leg.unit, facts.field, minute_above(leg.late_from)))
            continue
        is_late = leg.late_from is not None and leg.ended >= leg.late_from
        measure = _LEG_NO_DUE if leg.late_from is None else (_LEG_LATE if is_late else _LEG_ON_TIME)
        days.append((local_day(leg.ended), leg.unit, facts.field, measure))
    return tuple(days), tuple(waiting)
