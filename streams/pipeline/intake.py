"""First step of a chunk: decode, check, and sort into events, strangers and dead letters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.errors import RejectError
from schemas.events import EventRecord, decode_event
from schemas.events.shard import partition_of_shard, shard_of
from streams.pipeline.letters import make_letter
from streams.ports import DeadLetter, Record
from streams.state.heard import Heard
from streams.state.partition import PartitionState
from streams.state.shard import ShardState

# Makes a named tuple without its Python-level constructor: there is one for every event.
_new = tuple.__new__

Decode = Callable[[bytes, int], tuple[str, EventRecord]]


class Arrival(NamedTuple):
    """One valid event at its home partition."""

    shard: ShardState
    dossier_id: str
    event: EventRecord
    record: Record


@dataclass
class Intake:
    """A chunk after the first step.

    Attributes:
        arrivals: valid events of this partition, in offset order.
        foreign: records whose home is another partition, with its number.
        letters: records that cannot be used.
        missing: shard -> dossier ids that are not in memory but may be in the warehouse.
        heard: the newest of each source in this chunk.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    foreign: list[tuple[int, Record]] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    missing: dict[int, list[str]] = field(default_factory=dict)
    heard: dict[str, Heard] = field(default_factory=dict)


def take_in(
    topic: str,
    records: Sequence[Record],
    state: PartitionState,
    known_units: Collection[str],
    decode: Decode = decode_event,
) -> Intake:
    """Decode a chunk's records. Pure but for `decode`; changes no state.

    One bad record harms only itself: whatever its decoding raises makes it a dead letter.
    """
    intake = Intake()
    in_memory = state.dossiers
    shards = state.shards
    arrivals = intake.arrivals
    asked: set[str] = set()
    newest: dict[str, int] = {}
    for record in records:
        try:
            dossier_id, event = decode(record.value or b"", record.timestamp)
            receiver, authority, handler = event[6:9]
            if (
                (receiver is not None and receiver not in known_units)
                or (authority is not None and authority not in known_units)
                or (handler is not None and handler not in known_units)
                or event[18] is not None
            ):
                _check_units(event, known_units)
        except Exception as error:  # noqa: BLE001 poison of any kind must not stop the partition
            intake.letters.append(make_letter(topic, state.partition, record, error))
            continue
        if event.occurred_ms > newest.get(event.source, 0):
            newest[event.source] = event.occurred_ms
        held = in_memory.get(dossier_id)
        if held is not None:
            arrivals.append(_new(Arrival, (held[0], dossier_id, event, record)))
            continue
        number = shard_of(dossier_id)
        shard = shards.get(number)
        if shard is None:
            home = partition_of_shard(number, state.partitions)
            intake.foreign.append((home, record))
            continue
        if dossier_id not in asked and shard.known.may_hold(dossier_id):
            asked.add(dossier_id)
            intake.missing.setdefault(number, []).append(dossier_id)
        arrivals.append(_new(Arrival, (shard, dossier_id, event, record)))
    for source, occurred_ms in newest.items():
        intake.heard[source] = Heard(records[-1].timestamp, occurred_ms)
    return intake


def _check_units(event: EventRecord, known_units: Collection[str]) -> None:
    for name, code in (
        ("receiver", event.receiver),
        ("authority", event.authority),
        ("handler", event.handler),
        ("leg.unit", None if event.leg is None else event.leg.unit),
    ):
        if code is not None and code not in known_units:
            raise RejectError(
                "unknown_unit", f"{name}: no unit has the code {code!r}", field=name, value=code
            )
