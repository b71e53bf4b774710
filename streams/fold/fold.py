"""The fold itself: one walk over the ordered events, then the deadline rules."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.calendar.deadline import late_from, shift_due
from schemas.calendar.local_time import local_day
from schemas.events import EventRecord
from schemas.events.record import DEFAULT_LIMIT_UNIT_CODE, LIMIT_UNITS
from streams.fold.facts import Facts, LegFacts, Phase, Verdict
from streams.fold.legs import find_legs
from streams.fold.national import national_late_from
from streams.fold.pauses import Pauses, find_pauses
from streams.fold.rules import FoldRules

_OUTCOMES = {3: Phase.REFUSED, 7: Phase.WITHDRAWN, 8: Phase.STOPPED}
_LIVE_PHASES = {5: Phase.SUPPLEMENT, 6: Phase.PAYMENT}
_NO_PAUSES = Pauses()
_NO_LEGS: tuple[LegFacts, ...] = ()


def fold(events: Sequence[EventRecord], rules: FoldRules) -> Facts:
    """Fold a dossier's events into its state.

    Args:
        events: at least one; the winners only, in the order of `order_events`.
        rules: calendar and reference data.

    Raises:
        RejectError: ``out_of_calendar`` if a due time leaves the covered years.
    """
    receiver = authority = handler = procedure = field = None
    channel = registered = received_said = base_due = first_due = None
    explicit = None
    limit_unit = DEFAULT_LIMIT_UNIT_CODE
    accepted = events[0].status == 8
    apologised = has_pause = has_leg = False
    first_registered = first_accepted = first_closed = None
    # Since the last 2, 4 or 5: first 9, first 10, first 3/7/8 (also counted from the last 1).
    nine = ten = nine_index = ten_index = None
    end: tuple[int, int, int] | None = None
    end_after_one: tuple[int, int, int] | None = None
    live_status = 0

    for index, event in enumerate(events):
        (
            _, _, _, status, occurred_ms, _, said_receiver, said_authority, said_handler,
            said_procedure, said_field, said_channel, said_registered, said_received, said_due,
            said_unit, said_explicit, said_apology, leg,
        ) = event  # fmt: skip
        at = occurred_ms // 1000
        if said_receiver is not None:
            receiver = said_receiver
        if said_authority is not None:
            authority = said_authority
        if said_handler is not None:
            handler = said_handler
        if said_procedure is not None:
            procedure = said_procedure
        if said_field is not None:
            field = said_field
        if said_channel is not None:
            channel = said_channel
        if said_registered is not None:
            registered = said_registered
        if said_received is not None:
            received_said = said_received
        if said_due is not None:
            base_due = said_due
            if first_due is None:
                first_due = said_due
        if said_unit is not None:
            limit_unit = said_unit
        if said_explicit is not None:
            explicit = said_explicit
        if said_apology is not None:
            apologised = True
        if leg is not None:
            has_leg = True

        if status == 4 or status == 2 or status == 5:  # noqa: PLR1714 faster than a set here
            nine = ten = end = end_after_one = None
            live_status = status
            accepted = True
            if first_accepted is None:
                first_accepted = at
            if status == 5:
                has_pause = True
        elif status == 9:
            if nine is None:
                nine, nine_index = at, index
            accepted = True
            if first_accepted is None:
                first_accepted = at
        elif status == 10:
            if ten is None:
                ten, ten_index = at, index
            accepted = True
            if first_accepted is None:
                first_accepted = at
        elif status == 1:
            if first_registered is None:
                first_registered = at
            end_after_one = None
        elif status == 6:
            accepted = has_pause = True
            if first_accepted is None:
                first_accepted = at
            if nine is None and ten is None:
                end = end_after_one = None
                live_status = status
        else:  # 3, 7, 8
            if status != 3:
                if first_closed is None:
                    first_closed = at
                if said_received is not None:
                    accepted = True
            if end is None:
                end = (status, at, index)
            if end_after_one is None:
                end_after_one = (status, at, index)

    # --- status ---
    last_live_index = len(events)
    result_at = finished_at = None
    returned_at = ten
    if nine is not None or ten is not None:
        phase = Phase.RESOLVED
        result_at = nine if nine is not None else ten
        last_live_index = 1 + (nine_index if nine is not None else ten_index)  # type: ignore[operator]
        finished_at = result_at
        shown = 9 if ten is None else 10
        live = False
    else:
        final = end if accepted else end_after_one
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
                shown = live_status or 4
                phase = _LIVE_PHASES.get(shown, Phase.PROCESSING)
    received = accepted and phase is not Phase.REFUSED

    # --- times ---
    registered_at = registered if registered is not None else first_registered
    received_at = None
    if received:
        received_at = received_said
        if received_at is None:
            received_at = first_accepted if first_accepted is not None else first_closed
    first_at = events[0].occurred_ms // 1000
    reference = received_at if received_at is not None else registered_at
    unit_day = local_day(first_at if reference is None else reference)
    calendar = rules.calendar
    unit = LIMIT_UNITS[limit_unit]
    pauses = find_pauses(events[:last_live_index], calendar) if has_pause else _NO_PAUSES
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
    if channel == 2 and registered_at is not None:
        receipt_due = calendar.add_working_seconds(registered_at, rules.receipt_limit_seconds)
        answered = received_at if received else (finished_at if phase is Phase.REFUSED else None)
        receipt_late = answered is not None and answered > receipt_due

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
            received_at, base_due, unit, procedure, pauses, live, finished_at, rules
        )

    receiver_code = "" if receiver is None else rules.unit_on(receiver, unit_day)
    authority_code = receiver_code if authority is None else rules.unit_on(authority, unit_day)
    last = events[-1]
    return tuple.__new__(  # without the Python-level constructor: a third of the time
        Facts,
        (
            phase,
            shown,
            live,
            received,
            receiver_code,
            authority_code,
            authority_code if handler is None else rules.unit_on(handler, unit_day),
            procedure or "",
            field or "",
            1 if channel is None else channel,
            registered_at,
            received_at,
            first_due,
            due,
            limit_unit,
            explicit is not None,
            apologised,
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
            find_legs(events, finished_at, unit_day, rules) if has_leg else _NO_LEGS,
            last.occurred_ms // 1000,
            last.source,
        ),
    )
