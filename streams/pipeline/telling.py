"""Telling crossings: what a tick decided is sent, and what Kafka refuses is judged again later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemas.errors import RetryError
from streams.pipeline.failpoints import FailPoint, no_fail_point
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import new_jitter, pause_seconds
from streams.pipeline.ticking import Due, put_back
from streams.ports import Clock, Outbox
from streams.state.partition import PartitionState


class Teller:
    """Sends the alerts of all partitions, one attempt for each decision.

    The alerts topic may refuse for hours (deleted, no right to write, too few replicas). Nobody
    may wait for it meanwhile, and a file that is finished meanwhile is not late any more. So an
    attempt that fails is not repeated: its crossings come up again at a later tick, which reads
    the dossiers anew. Between two attempts there is a pause that grows, for all partitions, since
    all send to one topic.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        guard: ZombieGuard,
        policy: PipelinePolicy,
        fail_point: FailPoint = no_fail_point,
        on_wait: Callable[[RetryError, float], None] | None = None,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._guard = guard
        self._policy = policy
        self._fail_point = fail_point
        self._on_wait = on_wait
        self._wait = policy.retry_min_seconds
        self._rests_until = 0.0

    @property
    def is_resting(self) -> bool:
        """Whether a failed attempt is so short ago that none is made."""
        return self._clock.monotonic() < self._rests_until

    async def tell(self, state: PartitionState, due: Sequence[Due]) -> int:
        """Send what is due; return how many are raised now: all or, if Kafka refused, none.

        To be called right after the decision, with nothing awaited in between, and not again for
        this partition before it returns. Takes as long as the producer tries; the partition's
        lock must not be held. An alert counts as raised only once the brokers have it: who takes
        the partition over before that finds the crossing again.
        """
        if not due:
            state.alerts_owed_since = None
            return 0
        if state.alerts_owed_since is None:
            state.alerts_owed_since = self._clock.monotonic()
        self._fail_point("before-alert")
        state.is_telling = True
        try:
            self._guard.check()
            await self._outbox.alerts(
                [(one.alert.dossier_id, one.alert.model_dump_json().encode()) for one in due]
            )
        except RetryError as error:
            put_back(due)
            self._rest(error)
            return 0
        finally:
            state.is_telling = False
        for one in due:
            one.shard.raised.add(one.alert.alert_id)
        state.alerts_owed_since = None
        self._wait = self._policy.retry_min_seconds
        self._fail_point("after-alert")
        return len(due)

    def _rest(self, error: RetryError) -> None:
        if self.is_resting:
            return  # another partition's attempt failed a moment ago: one outage, one pause
        seconds = pause_seconds(self._wait, error, new_jitter())
        if self._on_wait is not None:
            self._on_wait(error, seconds)
        self._rests_until = self._clock.monotonic() + seconds
        self._wait = min(self._wait * 2, self._policy.retry_max_seconds)
