"""The fold itself: one walk over the ordered events, then the deadline rules."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.calendar.deadline import late_from, shift_due
from schemas.calendar.local_time import local_day
from schemas.events import EventRecord
from schemas.events.record import LIMIT_UNITS
from streams.fold.facts import Facts, LegFacts, Phase, Verdict
from streams.fold.legs import find_legs
from streams.fold.national import national_late_from
from streams.fold.pauses import Pauses, find_pauses
from streams.fold.rules import FoldRules
from streams.fold.walk import Walk

_OUTCOMES = {3: Phase.REFUSED, 7: Phase.WITHDRAWN, 8: Phase.STOPPED}
_LIVE_PHASES = {5: Phase.SUPPLEMENT, 6: Phase.PAYMENT}
_NO_PAUSES = Pauses()
_NO_LEGS: tuple[LegFacts, ...] = ()


def fold(events: Sequence[EventRecord], rules: FoldRules, walk: Walk | None = None) -> Facts:
    """Fold a dossier's events into its state.

    Args:
        events: at least one; the winners only, in the order of `order_events`.
        rules: calendar and reference data.
        walk: what is known after the first `walk.count` of these events; it is walked on to the
            end. None = from the start.

    Raises:
        RejectError: ``out_of_calendar`` if a due time leaves the covered years.
    """
    if walk is None:
        walk = Walk()
    for event in events[walk.count :] if walk.count else events:
        walk.step(event)
    return _finish(events, walk, rules)


def _finish(events: Sequence[EventRecord], walk: Walk, rules: FoldRules) -> Facts:
    accepted = walk.accepted
    nine, ten = walk.nine, walk.ten
    explicit, base_due, limit_unit = walk.explicit, walk.base_due, walk.limit_unit

    # --- status ---
    last_live_index = len(events)
    result_at = finished_at = None
    returned_at = ten
    if nine is not None or ten is not None:
        phase = Phase.RESOLVED
        result_at = nine if nine is not None else ten
        last_live_index = 1 + (walk.nine_index if nine is not None else walk.ten_index)
        finished_at = result_at
        shown = 9 if ten is None else 10
        live = False
    else:
        final = walk.end if accepted else walk.end_after_one
        if final is not None:
            shown, finished_at, last_index = final
            last_live_index = last_index + 1
            phase = _OUTCOMES[shown]
            live = False
        else:
            live = True
            if not accepted:
                phase, shown = Phase.AWAITING, 1
            else:
                shown = walk.live_status or 4
                phase = _LIVE_PHASES.get(shown, Phase.PROCESSING)
    received = accepted and phase is not Phase.REFUSED

    # --- times ---
    registered_at = walk.registered if walk.registered is not None else walk.first_registered
    received_at = None
    if received:
        received_at = walk.received
        if received_at is None:
            received_at = walk.first_closed if walk.first_accepted is None else walk.first_accepted
    first_at = events[0].occurred_ms // 1000
    reference = received_at if received_at is not None else registered_at
    unit_day = local_day(first_at if reference is None else reference)
    calendar = rules.calendar
    unit = LIMIT_UNITS[limit_unit]
    pauses = find_pauses(events[:last_live_index], calendar) if walk.has_pause else _NO_PAUSES
    paused_since = pauses.open_since if live else None

    # --- desk rule ---
    if explicit is not None:
        due: int | None = explicit
    elif base_due is None:
        due = None
    else:
        paused = pauses.supplement_seconds + pauses.payment_seconds
        due = shift_due(base_due, unit, paused, calendar) if paused else base_due
    late = None if due is None else late_from(due, unit)
    verdict = Verdict.NONE
    if result_at is not None:
        if due is None or late is None:
            verdict = Verdict.NO_DUE
        elif result_at >= late:
            verdict = Verdict.LATE
        else:
            verdict = Verdict.EARLY if local_day(result_at) < local_day(due) else Verdict.ON_TIME

    # --- receipt ---
    receipt_due = None
    receipt_late = False
    if walk.channel == 2 and registered_at is not None:
        if walk.receipt_from != registered_at:
            walk.receipt_due = calendar.add_working_seconds(
                registered_at, rules.receipt_limit_seconds
            )
            walk.receipt_from = registered_at  # last: the line above may raise
        receipt_due = walk.receipt_due
        answered = received_at if received else (finished_at if phase is Phase.REFUSED else None)
        receipt_late = answered is not None and receipt_due is not None and answered > receipt_due

    alarm = None
    if live:
        if not accepted:
            alarm = None if receipt_due is None else receipt_due + 1
        elif late is not None and (
            explicit is not None or paused_since is None or paused_since >= late
        ):
            alarm = late

    national = None
    if received and received_at is not None:
        national = national_late_from(
            received_at, base_due, unit, walk.procedure, pauses, live, finished_at, rules
        )

    receiver = "" if walk.receiver is None else rules.unit_on(walk.receiver, unit_day)
    authority = receiver if walk.authority is None else rules.unit_on(walk.authority, unit_day)
    handler = authority if walk.handler is None else rules.unit_on(walk.handler, unit_day)
    last = events[-1]
    return tuple.__new__(  # without the Python-level constructor: a third of the time
        Facts,
        (
            phase,
            shown,
            live,
            received,
            receiver,
            authority,
            handler,
            walk.procedure or "",
            walk.field or "",
            1 if walk.channel is None else walk.channel,
            registered_at,
            received_at,
            walk.first_due,
            due,
            limit_unit,
            explicit is not None,
            walk.apologised,
            result_at,
            returned_at,
            finished_at,
            verdict,
            receipt_due,
            receipt_late,
            pauses.supplement_seconds,
            pauses.payment_seconds,
            pauses.supplements,
            paused_since,
            alarm,
            late,
            national,
            find_legs(events, finished_at, unit_day, rules) if walk.has_leg else _NO_LEGS,
            last.occurred_ms // 1000,
            last.source,
            walk.is_backfill,
        ),
    )
