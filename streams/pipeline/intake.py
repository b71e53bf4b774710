"""First step of a chunk: decode, check, and sort into events, strangers and dead letters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from schemas.errors import RejectError
from schemas.events import EventRecord, decode_event
from schemas.events.shard import partition_of_shard, shards_of
from streams.pipeline.letters import make_letter
from streams.ports import DeadLetter, Record
from streams.state.heard import Heard
from streams.state.partition import PartitionState
from streams.state.shard import ShardState

Decode = Callable[[bytes, int], tuple[str, EventRecord]]

#: The events of one dossier in a chunk, in offset order, each with the record that brought it.
Said = list[tuple[EventRecord, Record]]


@dataclass
class Intake:
    """A chunk after the first step.

    Attributes:
        arrivals: dossier id -> its shard and what is said of it, of this partition's dossiers.
        foreign: records whose home is another partition, with its number.
        letters: records that cannot be used.
        missing: shard -> dossier ids that are not in memory but may be in the warehouse.
        heard: the newest of each source in this chunk.
    """

    arrivals: dict[str, tuple[ShardState, Said]] = field(default_factory=dict)
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
    by_dossier: dict[str, Said] = {}
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
        source, occurred_ms = event[0], event[4]
        if occurred_ms > newest.get(source, 0):
            newest[source] = occurred_ms
        said = by_dossier.get(dossier_id)
        if said is None:
            by_dossier[dossier_id] = [(event, record)]
        else:
            said.append((event, record))
    _find_homes(by_dossier, state, intake)
    for source, occurred_ms in newest.items():
        intake.heard[source] = Heard(records[-1].timestamp, occurred_ms)
    return intake


def _find_homes(by_dossier: dict[str, Said], state: PartitionState, intake: Intake) -> None:
    in_memory, arrivals = state.dossiers, intake.arrivals
    strange = [dossier_id for dossier_id in by_dossier if dossier_id not in in_memory]
    homes = dict(zip(strange, shards_of(strange), strict=True))
    for dossier_id, said in by_dossier.items():
        number = homes.get(dossier_id)
        if number is None:
            arrivals[dossier_id] = (in_memory[dossier_id][0], said)
            continue
        shard = state.shards.get(number)
        if shard is None:
            home = partition_of_shard(number, state.partitions)
            intake.foreign += [(home, record) for _, record in said]
            continue
        if shard.known.may_hold(dossier_id):
            intake.missing.setdefault(number, []).append(dossier_id)
        arrivals[dossier_id] = (shard, said)


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
