"""The order of a dossier's events: total, and a function of their set alone."""

from __future__ import annotations

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


def follows(event: EventRecord, last: EventRecord, has_sequences: bool) -> bool:
    """Whether an event comes after the last ordered one without reordering the rest.

    True only where it is certain at a glance; False means "order again".

    Args:
        event: the new one.
        last: the last of the ordered ones.
        has_sequences: whether the new one or any of the others carries a sequence.
    """
    if not has_sequences:
        return _plain_key(event) > _plain_key(last)
    if event.occurred_ms <= last.occurred_ms or event.source != last.source:
        return False
    if event.sequence is None or last.sequence is None:
        return False
    return event.sequence > last.sequence


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
