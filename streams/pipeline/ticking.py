"""Crossings: which of the deadlines that have come may be told now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.calendar.calendar import WorkingCalendar
from streams.deadlines.alert import Alert, alert_id, make_alert
from streams.deadlines.crossings import Crossing, Rule
from streams.pipeline.policy import PipelinePolicy
from streams.state.heard import Heard
from streams.state.partition import PartitionState
from streams.state.shard import ShardState

#: Crossings that one tick of a partition takes at most, so that a flood does not keep the events
#: waiting: judging and sending so many keeps the loop for a few hundredths of a second.
_MOST_AT_ONCE = 200
#: How long a crossing of a silent source rests before it is looked at again.
_LOOK_AGAIN_SECONDS = 30


class Due(NamedTuple):
    """One crossing that may be told now.

    Attributes:
        first_seen: epoch second at which it first came up.
    """

    shard: ShardState
    alert: Alert
    crossing: Crossing
    first_seen: int


def due_alerts(
    state: PartitionState,
    now_ms: int,
    heard: Mapping[str, Heard],
    policy: PipelinePolicy,
) -> list[Due]:
    """Take the crossings that have come out of the timers and judge each anew.

    A crossing is dropped if the dossier has moved on (finished, another due time) or was told
    already. It waits, within bounds, while the dossier's source is silent or behind: the event
    that clears it may not have been sent yet.

    Args:
        state: the partition; no chunk of it may be half folded.
        now_ms: wall clock, epoch milliseconds.
        heard: source -> when it was last heard of.
        policy: bounds of the waits.
    """
    now = now_ms // 1000
    alerts: list[Due] = []
    left = _MOST_AT_ONCE
    for shard in state.shards.values():
        first = shard.timers.next_at()
        if first is None or first > now:
            continue
        if left <= 0:
            break
        taken = shard.timers.take_until(now, left)
        left -= len(taken)
        # A deadline that went and came back was set twice.
        for entry in dict.fromkeys(taken):
            dossier_id, crossing = entry
            first_seen = shard.waiting.pop(entry, now)
            held = state.dossiers.get(dossier_id)
            if held is None or crossing not in held[1].crossings:
                continue
            facts = held[1].facts
            if facts is None or alert_id(dossier_id, crossing) in shard.raised:
                continue
            if crossing.rule is Rule.DUE_SOON and facts.alarm is not None and facts.alarm <= now:
                continue  # it is overdue by now: "soon" would say less than is known
            source = heard.get(facts.source)
            if _must_wait(crossing, first_seen, source, now, state.rules.calendar, policy):
                shard.waiting[entry] = first_seen
                shard.timers.set_again(now + _LOOK_AGAIN_SECONDS, dossier_id, crossing)
                continue
            known_at = held[1].came_late.get(crossing, 0)
            alert = make_alert(
                dossier_id,
                shard.shard,
                crossing,
                facts,
                now_ms,
                came_long_after=known_at - crossing.at > policy.digest_after_seconds,
            )
            alerts.append(Due(shard, alert, crossing, first_seen))
    return alerts


def put_back(due: Iterable[Due]) -> None:
    """Let crossings that could not be told come up again, judged anew, at the next tick.

    They have waited for their source already and do not begin to wait anew.
    """
    for shard, alert, crossing, first_seen in due:
        shard.waiting[alert.dossier_id, crossing] = first_seen
        shard.timers.set_again(crossing.at, alert.dossier_id, crossing)


def _must_wait(
    crossing: Crossing,
    first_seen: int,
    source: Heard | None,
    now: int,
    calendar: WorkingCalendar,
    policy: PipelinePolicy,
) -> bool:
    if source is None:
        return False
    # Old data that is loaded now crosses its deadlines in the past: what counts is how long ago
    # its source could have told us better, not how long ago the deadline was. But a source that
    # is always behind speaks again and again: it is waited for once.
    since = min(max(crossing.at, source.log_ms // 1000), first_seen)
    if now - since >= policy.source_wait_seconds:
        return False
    return source.is_behind(policy.behind_after_seconds) or source.is_silent(
        now, calendar, policy.silence_after_seconds
    )
