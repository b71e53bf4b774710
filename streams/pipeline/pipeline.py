"""The pipeline of one worker: chunks and ticks of its partitions, in order, into the warehouse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from schemas.errors import RetryError, ZombieError
from schemas.events import decode_event
from streams.fold import FoldRules
from streams.pipeline.failpoints import FailPoint, no_fail_point
from streams.pipeline.folding import SETTLED_A_TURN, restore_dossier, settle, take_up
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.intake import Decode, Intake, take_in
from streams.pipeline.late_comers import note_late_comers
from streams.pipeline.loading import STRAGGLERS_SECONDS, fill, has_stragglers
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.refolding import Refolding
from streams.pipeline.retry import retrying
from streams.pipeline.snapshot import Acknowledge, CommitGroup
from streams.pipeline.telling import Teller
from streams.pipeline.ticking import due_alerts
from streams.pipeline.writer import GroupWriter
from streams.ports import Clock, DeadLetter, Outbox, Record, Store, StoredShards
from streams.state.heard import Heard
from streams.state.partition import PartitionState


class Pipeline:
    """Folds chunks, raises crossings and stores the results.

    All methods run on one event loop. Per partition, chunks and what ticks decide wait for each
    other in one queue; what was decided is sent beside it. Any error but `RetryError` that leaves a
    method must end the worker.
    """

    def __init__(
        self,
        *,
        topic: str,
        partitions: int,
        epoch: int,
        same_since: int | None = None,
        rules: FoldRules,
        known_units: Collection[str],
        store: Store,
        outbox: Outbox,
        clock: Clock,
        guard: ZombieGuard,
        policy: PipelinePolicy | None = None,
        fail_point: FailPoint = no_fail_point,
        decode: Decode = decode_event,
        on_wait: Callable[[RetryError, float], None] | None = None,
        on_stored: Callable[[CommitGroup], None] | None = None,
    ) -> None:
        self.topic = topic
        self.partitions = partitions
        self.epoch = epoch
        self._same_since = same_since
        self.policy = policy or PipelinePolicy()
        self._rules = rules
        self._known_units = known_units
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._guard = guard
        self._fail_point = fail_point
        self._decode = decode
        self._on_wait = on_wait
        self.states: dict[int, PartitionState] = {}
        self._locks: dict[int, asyncio.Lock] = {}
        self._computing = asyncio.Lock()
        self._revocations: dict[int, int] = {}
        self._heard: dict[str, Heard] = {}
        self._behind_since: dict[int, float] = {}
        self.writer = GroupWriter(
            store,
            self.policy,
            guard,
            epoch,
            settle=self._settle,
            bury=self._bury,
            turn=self._turn,
            fail_point=fail_point,
            on_wait=on_wait,
            on_stored=self._stored,
        )
        self._on_stored = on_stored
        self._teller = Teller(outbox, clock, guard, self.policy, fail_point, on_wait)
        self._refolding = Refolding(
            store, self.policy, guard, turn=self._turn, fail_point=fail_point, on_wait=on_wait
        )

    async def assign(self, partitions: Collection[int]) -> None:
        """Load newly assigned partitions; on return their chunks may come.

        Partitions that are held already stay as they are. One that is revoked while it is being
        read is left out: what was read may be old by the time it comes back.

        Takes `STRAGGLERS_SECONDS` longer if the predecessor did not finish: an insert of it may
        still be on its way, and rows that land after they were looked for stay unknown.

        Shards that other rules folded are folded anew first (`streams.pipeline.refolding`).

        A large partition is put together in many turns of the event loop; it is not among the
        states before it is whole.

        Raises:
            ZombieError: the topic has a newer epoch, or a partition that this one does not have;
                or this worker stood still meanwhile.
        """
        fresh = [partition for partition in partitions if partition not in self.states]
        if not fresh:
            return
        revocations = dict(self._revocations)  # before anything waits
        newest = await retrying(self._store.newest_epoch, self.policy, self._on_wait)
        if newest > self.epoch or max(fresh) >= self.partitions:
            raise ZombieError(
                f"the events topic has another life than epoch {self.epoch}: partitions were "
                "added, it was made anew, or other rules are in force"
            )
        unfinished: list[PartitionState] = []
        for partition in fresh:
            state = PartitionState(
                partition, self.partitions, self.epoch, self._rules, self._same_since
            )
            stored = await self._load(state)
            if has_stragglers(state, stored):
                unfinished.append(state)
            else:
                await self._take_over(state, stored, revocations)
        if unfinished:
            await asyncio.sleep(STRAGGLERS_SECONDS)
            for state in unfinished:
                await self._take_over(state, await self._load(state), revocations)

    async def _take_over(
        self, state: PartitionState, stored: StoredShards, revocations: dict[int, int]
    ) -> None:
        partition = state.partition

        def is_ours() -> bool:
            # Two assignments may overlap: the other one may have folded chunks already.
            same = self._revocations.get(partition, 0) == revocations.get(partition, 0)
            return same and partition not in self.states

        if not is_ours():
            return
        lead_seconds = self.policy.due_soon_working_seconds
        rebuilt = await fill(state, stored, lead_seconds, self._turn, is_ours)
        await self._refolding.run(state, stored, is_ours)
        now = self._clock.now_ms() // 1000
        await note_late_comers(
            state, stored, now, self._store, self.policy, self._turn, self._on_wait
        )
        # Filling took many turns of the loop: what was true before it need not be any more.
        self._guard.check()
        if not is_ours():
            return
        for source, (log_ms, occurred_ms) in stored.heard.items():
            self._hear(source, Heard(log_ms, occurred_ms))
        self._locks.setdefault(partition, asyncio.Lock())
        self.states[partition] = state
        if rebuilt:
            self.writer.note(state, None, 0)

    async def _load(self, state: PartitionState) -> StoredShards:
        return await retrying(
            lambda: self._store.load(list(state.shards), self._rules.fingerprint),
            self.policy,
            self._on_wait,
        )

    def revoke(self, partitions: Collection[int]) -> None:
        """Forget partitions; what is not stored of them will be read by their next owner."""
        for partition in partitions:
            self._revocations[partition] = self._revocations.get(partition, 0) + 1
            self._behind_since.pop(partition, None)
            state = self.states.pop(partition, None)
            if state is not None:
                state.is_open = False

    async def process(
        self, partition: int, records: Sequence[Record], acknowledge: Acknowledge
    ) -> None:
        """Take one chunk up; `acknowledge` is called once everything that follows is stored.

        Its events are folded with the group that stores them, or before a tick: a dossier or a cell
        that many chunks touch is then folded and written once.

        A chunk of a partition that was revoked meanwhile is dropped: its next owner reads it.
        """
        lock = self._locks.setdefault(partition, asyncio.Lock())
        await self.writer.room()
        async with lock:
            state = self.states.get(partition)
            if state is None:
                return
            async with self._turn():
                intake = take_in(self.topic, records, state, self._known_units, self._decode)
            if intake.missing:
                await self._find(state, intake)
            if intake.foreign:
                await self._forward(intake)
            if intake.letters:
                await self._bury(intake.letters)
            self._fail_point("before-fold")
            async with self._turn():
                take_up(state, intake.arrivals)
                # Before anything waits: a snapshot must never file these events under an older
                # offset.
                last = records[-1]
                state.read_offset = max(state.read_offset, last.offset)
                state.read_log_ms = max(state.read_log_ms, last.timestamp)
                for source, heard in intake.heard.items():
                    self._hear(source, heard)
                    state.heard[source] = self._heard[source]
                if state.is_open:
                    self.writer.note(state, acknowledge, len(records))

    def _settle(self, state: PartitionState, at_most: int | None) -> None:
        settle(state, self.topic, self.policy.due_soon_working_seconds, at_most)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Let the event loop go round once before a long computation, and only one in each round.

        A loop that stands still for longer than a session is taken for one that slept.
        """
        async with self._computing:
            await asyncio.sleep(0)
            yield

    async def tick(self, partition: int, lag: int) -> int:
        """Raise the crossings of a partition that have come; return how many.

        They are decided while no chunk is half folded and sent while chunks go on: an alerts topic
        that refuses must not keep the events waiting. What it refuses is judged anew later.

        Args:
            partition: which; one that is not held is no error.
            lag: records that Kafka has and this worker has not folded.
        """
        state = self.states.get(partition)
        if state is None or not self._may_judge(partition, lag):
            return 0
        async with self._locks[partition]:
            while state.pending:
                async with self._turn():
                    self._settle(state, SETTLED_A_TURN)
            async with self._turn():
                if not state.is_open or state.is_telling or self._teller.is_resting:
                    return 0
                due = due_alerts(state, self._clock.now_ms(), self._heard, self.policy)
        return await self._teller.tell(state, due)

    def _stored(self, group: CommitGroup) -> None:
        # Only now, between two groups, is every dossier that is not dirty really stored: one
        # that was dropped while its row was on the way would be read back without its last event.
        for partition, state in self.states.items():
            # A chunk between its intake and its fold counts on what is in memory.
            if not self._locks[partition].locked():
                state.drop_closed(self.policy.closed_kept)
        if self._on_stored is not None:
            self._on_stored(group)

    def _hear(self, source: str, heard: Heard) -> None:
        self._heard[source] = heard.and_also(self._heard.get(source))

    def _may_judge(self, partition: int, lag: int) -> bool:
        """Whether crossings may be judged: all that Kafka has is folded, or waited long enough."""
        if lag <= 0:
            self._behind_since.pop(partition, None)
            return True
        now = self._clock.monotonic()
        since = self._behind_since.setdefault(partition, now)
        return now - since >= self.policy.catch_up_wait_seconds

    async def _find(self, state: PartitionState, intake: Intake) -> None:
        found = await retrying(lambda: self._store.find(intake.missing), self.policy, self._on_wait)
        for stored in found:
            shard = state.shards[stored.shard]
            if stored.position > max(state.position, shard.floor):
                raise ZombieError(
                    f"shard {stored.shard} holds a row that is newer than what was read of it: "
                    "an insert of another worker landed late; start again"
                )
            if stored.dossier_id not in state.dossiers:
                dossier = restore_dossier(stored)
                state.restore(shard, dossier, self.policy.due_soon_working_seconds)

    async def _forward(self, intake: Intake) -> None:
        self._fail_point("before-forward")
        await asyncio.gather(*(self._send_home(*stranger) for stranger in intake.foreign))

    async def _send_home(self, home: int, record: Record) -> None:
        async def send() -> None:
            self._guard.check()
            await self._outbox.forward(home, record.key, record.value)

        await retrying(send, self.policy, self._on_wait)

    async def _bury(self, letters: Sequence[DeadLetter]) -> None:
        self._fail_point("before-dead-letter")
        await asyncio.gather(*(self._bury_one(letter) for letter in letters))

    async def _bury_one(self, letter: DeadLetter) -> None:
        async def send() -> None:
            self._guard.check()
            await self._outbox.dead_letter(letter)

        await retrying(send, self.policy, self._on_wait)
