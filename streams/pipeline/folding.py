"""Second step of a chunk: its events into the dossiers; and the folding of what was taken up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import msgspec
import orjson

from schemas.events import EventRecord, LegRecord
from streams.pipeline.intake import Said
from streams.pipeline.letters import make_letter
from streams.ports import DeadLetter, StoredDossier
from streams.state.dossier import Dossier
from streams.state.partition import PartitionState, Pending, position_of
from streams.state.shard import ShardState

#: Dossiers that are folded in one turn of the event loop: some 80 ms.
SETTLED_A_TURN = 2_000

_LEG = EventRecord._fields.index("leg")
# Takes named tuples for arrays as they are.
_encode = msgspec.json.Encoder().encode


def take_up(state: PartitionState, arrivals: Mapping[str, tuple[ShardState, Said]]) -> None:
    """Take a chunk's events into their dossiers; they are folded by `settle`.

    Does not wait, so that no tick and no snapshot sees half a chunk.
    """
    dossiers, pending = state.dossiers, state.pending
    for dossier_id, (shard, said) in arrivals.items():
        waiting = pending.get(dossier_id)
        if waiting is not None:
            add, fresh = waiting.dossier.add, waiting.fresh
            fresh += [pair for pair in said if add(pair[0])]
            continue
        held = dossiers.get(dossier_id)
        if held is None:
            dossier = Dossier(dossier_id)
            state.hold(shard, dossier)
        else:
            dossier = held[1]
        events, losers = dossier.events, dossier.losers
        event_count, loser_count = len(events), len(losers)
        fresh = [pair for pair in said if dossier.add(pair[0])]
        if fresh:
            pending[dossier_id] = Pending(
                shard, dossier, events, event_count, losers, loser_count, fresh
            )


def settle(
    state: PartitionState, topic: str, lead_working_seconds: int, at_most: int | None = None
) -> None:
    """Fold every dossier that has new events, once; or `at_most` so many of them.

    Does not wait. An event whose folding raises is taken back alone and becomes one of the
    state's dead letters.
    """
    if at_most is None or len(state.pending) <= at_most:
        pending, state.pending = state.pending, {}
    else:
        pending = dict(islice(state.pending.items(), at_most))
        for dossier_id in pending:
            del state.pending[dossier_id]
    audit, base = state.audit, position_of(state.epoch, 0)
    for dossier_id, waiting in pending.items():
        shard, dossier, events, event_count, losers, loser_count, fresh = waiting
        try:
            known_at = fresh[-1][1].timestamp // 1000 if fresh else 0
            state.update(shard, dossier, lead_working_seconds, known_at)
        except Exception:  # noqa: BLE001 the poison is looked for below, event by event
            dossier.put_back(events[:event_count], losers[:loser_count])
            state.letters += _one_by_one(state, shard, dossier, fresh, topic, lead_working_seconds)
            continue
        number = shard.shard
        for event, record in fresh:
            audit.append(((number, dossier_id, base + record.offset, record.timestamp), event))


def _one_by_one(
    state: PartitionState,
    shard: ShardState,
    dossier: Dossier,
    fresh: Said,
    topic: str,
    lead_working_seconds: int,
) -> list[DeadLetter]:
    letters: list[DeadLetter] = []
    for event, record in fresh:
        events, losers = list(dossier.events), list(dossier.losers)
        if not dossier.add(event):
            continue
        try:
            state.update(shard, dossier, lead_working_seconds, record.timestamp // 1000)
        except Exception as error:  # noqa: BLE001 whatever it is, only this event is at fault
            dossier.put_back(events, losers)
            if events:
                dossier.refold(state.rules)
            letters.append(make_letter(topic, state.partition, record, error))
        else:
            position = position_of(state.epoch, record.offset)
            place = (shard.shard, dossier.dossier_id, position, record.timestamp)
            state.audit.append((place, event))
    if not dossier.events:
        del state.dossiers[dossier.dossier_id]
    return letters


def history_of(dossier: Dossier) -> str:
    """Return a dossier's events and lost payloads as stored in `dossiers.history` (JSON)."""
    return _encode((dossier.events, dossier.losers)).decode()


def restore_dossier(stored: StoredDossier) -> Dossier:
    """Make a dossier from its stored history; inverse of `history_of`. Not folded yet."""
    events, losers = orjson.loads(stored.history)
    dossier = Dossier(stored.dossier_id)
    for fields in events:
        leg = fields[_LEG]
        if leg is not None:
            fields[_LEG] = LegRecord(*leg)
        dossier.events.append(EventRecord(*fields))
    lost = [(source, event_id, number) for source, event_id, number in losers]
    dossier.put_back(dossier.events, lost)
    return dossier
