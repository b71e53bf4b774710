"""On assignment: which long past deadlines could be known only when they were long past.

A file whose deadline passed while no worker ran was known in time: somebody hears of it, however
long that was. One that came, or that other rules made late, only long afterwards goes into the
digest. Both look the same in the dossier's row; the audit log tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from schemas.errors import RetryError
from schemas.events import EventRecord
from streams.deadlines.alert import alert_id
from streams.deadlines.crossings import Crossing, Rule, crossings_of
from streams.fold import FoldRules, fold, order_events
from streams.pipeline.loading import DOSSIERS_A_TURN, Turn
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.ports import Store, StoredShards
from streams.state.dossier import Dossier
from streams.state.partition import PartitionState
from streams.state.shard import ShardState

#: A payload's identity, as in the audit log.
_Payload = tuple[str, str, int]


async def note_late_comers(
    state: PartitionState,
    stored: StoredShards,
    now: int,
    store: Store,
    policy: PipelinePolicy,
    turn: Turn,
    on_wait: Callable[[RetryError, float], None] | None,
) -> None:
    """Note of each untold, long past deadline whether it could be known before it was long past.

    Args:
        state: filled and folded; seen by nobody else.
        stored: what it was filled from.
        now: epoch seconds. Deadlines that passed less than `digest_after_seconds` before are known
            by now, and so in time.
        store: asked for the arrivals of the few files that are left.
        policy: what "long" is.
        turn: lets the event loop go round once before each part.
        on_wait: called while the store does not answer.
    """
    rules_since = stored.rules_since_ms // 1000
    for shard in state.shards.values():
        async with turn():
            past = _untold(state, shard, now - policy.digest_after_seconds)
        for start in range(0, len(past), DOSSIERS_A_TURN):
            part = past[start : start + DOSSIERS_A_TURN]
            ids = list(dict.fromkeys(dossier.dossier_id for dossier, _ in part))
            wanted = {shard.shard: ids}
            found = await retrying(
                lambda wanted=wanted: store.arrivals(wanted),  # type: ignore[misc]
                policy,
                on_wait,
            )
            came: dict[str, dict[_Payload, int]] = {}
            for one in found:
                payload = (one.source, one.event_id, one.content_hash)
                came.setdefault(one.dossier_id, {})[payload] = one.log_ms
            async with turn():
                for dossier, crossing in part:
                    until = crossing.at + policy.digest_after_seconds
                    times = came.get(dossier.dossier_id, {})
                    if rules_since > until:
                        dossier.note_late(crossing, rules_since)
                    elif not _was_known(dossier, crossing, times, until, state.rules):
                        dossier.note_late(crossing, max(times.values(), default=now) // 1000)


def _untold(
    state: PartitionState, shard: ShardState, before: int
) -> list[tuple[Dossier, Crossing]]:
    untold: list[tuple[Dossier, Crossing]] = []
    for dossier_id, crossing in dict.fromkeys(shard.timers.behind(before)):
        held = state.dossiers.get(dossier_id)
        # "Soon" is not said any more of what is late, and of what is not it is never old.
        if held is None or crossing.rule is Rule.DUE_SOON:
            continue
        if crossing in held[1].crossings and alert_id(dossier_id, crossing) not in shard.raised:
            untold.append((held[1], crossing))
    return untold


def _was_known(
    dossier: Dossier,
    crossing: Crossing,
    came: dict[_Payload, int],
    until: int,
    rules: FoldRules,
) -> bool:
    """Whether what had come until an instant made this deadline already."""
    early: Collection[EventRecord] = [
        event
        for event in dossier.events
        if came.get((event.source, event.event_id, event.content_hash), 0) // 1000 <= until
    ]
    if not early:
        return False
    return crossing in crossings_of(fold(order_events(list(early)), rules), rules.calendar, 0)
