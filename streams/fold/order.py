"""The order of a dossier's events: total, and a function of their set alone."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.events import EventRecord

# Python orders texts by code point, which is also the order of their UTF-8 bytes.
_Key = tuple[int, str, int, int, str]


def order_events(events: list[EventRecord]) -> list[EventRecord]:
    """Return the events in the order of docs/fold.md section 2; the input stays as it is.

    Within one source the sequence comes before time: walking a source's numbered events, each is
    placed at the largest time so far, so a wrong clock cannot move an event before one that its
    source sent earlier. Across sources, and for events without a sequence, time decides.
    """
    if len(events) < 2:
        return list(events)
    if all(event.sequence is None for event in events):
        return sorted(events, key=_plain_key)
    placed: list[tuple[_Key, EventRecord]] = []
    numbered: dict[str, list[EventRecord]] = {}
    for event in events:
        if event.sequence is None:
            placed.append((_plain_key(event), event))
        else:
            numbered.setdefault(event.source, []).append(event)
    for own in numbered.values():
        latest = 0
        own.sort(key=_sequence_key)
        for event in own:
            latest = max(latest, event.occurred_ms)
            placed.append((_key(latest, event), event))
    placed.sort(key=_first)
    return [event for _, event in placed]


def follows(event: EventRecord, others: Sequence[EventRecord]) -> bool:
    """Whether an event comes after all others without reordering them.

    True only where it is certain at a glance; False means "order again".
    """
    source, occurred_ms, sequence = event[0], event[4], event[5]
    for other in others:
        if other[4] >= occurred_ms:
            return False
        # An earlier number of its source would be placed before a later one, whatever its time.
        if sequence is not None and other[0] == source:
            number = other[5]
            if number is not None and number >= sequence:
                return False
    return True


def _key(effective_ms: int, event: EventRecord) -> _Key:
    return (
        effective_ms,
        event.source,
        -1 if event.sequence is None else event.sequence,
        event.occurred_ms,
        event.event_id,
    )


def _plain_key(event: EventRecord) -> _Key:
    return (event.occurred_ms, event.source, -1, event.occurred_ms, event.event_id)


def _sequence_key(event: EventRecord) -> tuple[int, int, str]:
    return (event.sequence or 0, event.occurred_ms, event.event_id)


def _first(placed: tuple[_Key, EventRecord]) -> _Key:
    return placed[0]
