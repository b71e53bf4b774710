"""Checks one event and writes it as it will stand in Kafka. Pure: the clock is passed in."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

import orjson
from msgspec import UNSET, Raw

from ioc.gateway.intake.depth import is_deeper
from ioc.gateway.intake.fields import TRUE, Fields, encode, mendable, read_fields, text_of
from ioc.gateway.intake.result import ItemResult, rejected
from ioc.gateway.keys.caller import Caller
from schemas.errors import RejectError
from schemas.events import EventRecord, decode_event
from schemas.events.decode import FUTURE_TOLERANCE_MS


class Prepared(NamedTuple):
    """An event that is right by itself.

    Attributes:
        value: the bytes for Kafka.
        record: what they say, normalised.
        names_unit: whether the event names a unit itself.
    """

    dossier_id: str
    value: bytes
    record: EventRecord
    names_unit: bool


class Rules(NamedTuple):
    """What one event must keep to."""

    max_item_bytes: int
    max_depth: int
    future_ms: int
    known_units: Container[str]


def prepare(
    item: bytes, caller: Caller, rules: Rules, now_ms: int, *, backfill: bool
) -> Prepared | ItemResult:
    """Return the event ready for Kafka, or the answer for a wrong one. Never raises.

    Args:
        item: JSON text of one event.
        caller: whose key it came with; decides source and units.
        rules: limits.
        now_ms: this machine's clock, epoch milliseconds.
        backfill: whether to mark it as old data.
    """
    if len(item) > rules.max_item_bytes:
        return rejected("too_long", value=str(rules.max_item_bytes))
    if is_deeper(item, rules.max_depth):
        return rejected("too_deep", value=str(rules.max_depth))
    try:
        fields = read_fields(item)
    except RejectError as error:
        return rejected(error.code)
    try:
        return _prepare(fields, caller, rules, now_ms, backfill=backfill)
    except RejectError as error:
        code, value = error.code, error.value
        said = text_of(fields.occurred_at) or ""
        if code == "future_time" and said.isdigit():
            # yyyyMMddHHmmss, which the contract takes for seconds since 1970.
            code, value = "bad_time", said[:40]
        return rejected(
            code,
            error.field,
            value,
            event_id=text_of(fields.event_id),
            dossier_id=text_of(fields.dossier_id),
            item=mendable(fields),
        )


def _prepare(
    fields: Fields, caller: Caller, rules: Rules, now_ms: int, *, backfill: bool
) -> Prepared:
    if fields.source is UNSET:
        fields.source = Raw(orjson.dumps(caller.source))
    if backfill:
        fields.backfill = TRUE
    value = encode(fields)
    # The contract's own tolerance is a day; this gateway's is minutes.
    dossier_id, record = decode_event(value, now_ms + rules.future_ms - FUTURE_TOLERANCE_MS)
    if record.source != caller.source:
        raise RejectError(
            "foreign_source", "another source's event", field="source", value=caller.source
        )
    leg = record.leg
    units = (record.receiver, record.authority, record.handler, None if leg is None else leg.unit)
    names_unit = False
    for place, code in zip(("receiver", "authority", "handler", "leg.unit"), units, strict=True):
        if code is None:
            continue
        if code not in caller.unit_codes:
            fault = "foreign_unit" if code in rules.known_units else "unknown_unit"
            raise RejectError(fault, "no rights for the unit", field=place, value=code[:40])
        names_unit = True
    return Prepared(dossier_id, value, record, names_unit)
