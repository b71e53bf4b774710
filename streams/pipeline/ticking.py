"""Crossings: which of the deadlines that have come may be told now."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.calendar.calendar import WorkingCalendar
from streams.deadlines.alert import Alert, alert_id, make_alert
from streams.deadlines.crossings import Crossing, Rule
from streams.pipeline.policy import PipelinePolicy
from streams.state.partition import PartitionState
from streams.state.shard import ShardState

#: Crossings that one tick takes at most, so that a flood does not keep the events waiting.
_MOST_AT_ONCE = 500
#: How long a crossing of a silent source rests before it is looked at again.
_LOOK_AGAIN_SECONDS = 30


def due_alerts(
    state: PartitionState,
    now_ms: int,
    is_caught_up: bool,
    last_heard_ms: Mapping[str, int],
    policy: PipelinePolicy,
) -> list[tuple[ShardState, Alert]]:
    """Take the crossings that have come out of the timers and judge each anew.

    A crossing is dropped if the dossier has moved on (finished, another due time) or was told
    already. It waits, within bounds, while the partition lags behind its newest record (the
    event that clears it may be on its way) or while the dossier's source is silent.

    Args:
        state: the partition; no chunk of it may be half folded.
        now_ms: wall clock, epoch milliseconds.
        is_caught_up: every record of the partition that Kafka has is folded.
        last_heard_ms: source -> broker time of its last event seen by this worker.
        policy: bounds of the waits.
    """
    now = now_ms // 1000
    until = now if is_caught_up else now - int(policy.catch_up_wait_seconds)
    alerts: list[tuple[ShardState, Alert]] = []
    for shard in state.shards.values():
        first = shard.timers.next_at()
        if first is None or first > until:
            continue
        for dossier_id, crossing in shard.timers.take_until(until, _MOST_AT_ONCE):
            held = state.dossiers.get(dossier_id)
            if held is None or crossing not in held[1].crossings:
                continue
            facts = held[1].facts
            if facts is None or alert_id(dossier_id, crossing) in shard.raised:
                continue
            if crossing.rule is Rule.DUE_SOON and facts.alarm is not None and facts.alarm <= now:
                continue  # it is overdue by now: "soon" would say less than is known
            if _must_wait(crossing, facts.source, now, last_heard_ms, state, policy):
                shard.timers.set_again(now + _LOOK_AGAIN_SECONDS, dossier_id, crossing)
                continue
            alert = make_alert(
                dossier_id, shard.shard, crossing, facts, now_ms, policy.digest_after_seconds
            )
            alerts.append((shard, alert))
    return alerts


def _must_wait(
    crossing: Crossing,
    source: str,
    now: int,
    last_heard_ms: Mapping[str, int],
    state: PartitionState,
    policy: PipelinePolicy,
) -> bool:
    if now - crossing.at >= policy.silence_wait_seconds:
        return False
    heard = last_heard_ms.get(source)
    return heard is not None and _is_silent(
        heard // 1000, now, state.rules.calendar, policy.silence_after_seconds
    )


def _is_silent(heard: int, now: int, calendar: WorkingCalendar, after_seconds: float) -> bool:
    return calendar.working_seconds(heard, now) > after_seconds
