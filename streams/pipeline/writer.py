"""The one writer to ClickHouse of a worker: group commit over all its partitions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from schemas.errors import RetryError, ZombieError
from streams.pipeline.failpoints import FailPoint, no_fail_point
from streams.pipeline.folding import SETTLED_A_TURN
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.pipeline.snapshot import Acknowledge, CommitGroup, fill_in_steps
from streams.pipeline.together import together
from streams.ports import Columns, DeadLetter, Store
from streams.state.partition import PartitionState

#: Part of a linger that a group waits for more when little came.
_MOMENT = 0.2


class GroupWriter:
    """Collects what chunks brought, folds it and stores it in groups, one after the other.

    While a group is being stored the next one is folded already, so that neither the interpreter
    nor the warehouse waits for the other; `room` holds chunks back once that next group is full.
    A chunk is acknowledged only after every row that follows from it is stored and no newer epoch
    of the topic was registered meanwhile.

    Each insert costs the warehouse some milliseconds however few its rows are. So while events come
    one by one, a group stores the audit log, the dossiers and what the walls show of the province;
    the finer roll-ups, checkpoints and acknowledgements follow in a whole group, once in
    `whole_group_seconds`, or as soon as nothing else waits.
    """

    def __init__(
        self,
        store: Store,
        policy: PipelinePolicy,
        guard: ZombieGuard,
        epoch: int,
        *,
        settle: Callable[[PartitionState, int | None], None],
        bury: Callable[[Sequence[DeadLetter]], Awaitable[None]],
        turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
        fail_point: FailPoint = no_fail_point,
        on_wait: Callable[[RetryError, float], None] | None = None,
        on_stored: Callable[[CommitGroup], None] | None = None,
    ) -> None:
        self._store = store
        self._policy = policy
        self._guard = guard
        self._epoch = epoch
        self._settle = settle
        self._bury = bury
        self._turn = turn
        self._fail_point = fail_point
        self._on_wait = on_wait
        self._on_stored = on_stored
        self._states: dict[int, PartitionState] = {}
        self._acknowledge: list[tuple[PartitionState, Acknowledge]] = []
        # Partitions that are owed a whole group, and when the last one was taken.
        self._owed: dict[int, PartitionState] = {}
        self._whole_at = 0.0
        self._waiting_events = 0
        self._unstored_events = 0
        self._has_work = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def note(self, state: PartitionState, acknowledge: Acknowledge | None, events: int) -> None:
        """Take note of a chunk that was taken up; it will be in the next group."""
        self._states[id(state)] = state
        if acknowledge is not None:
            self._acknowledge.append((state, acknowledge))
        self._waiting_events += events
        self._unstored_events += events
        if self._waiting_events >= self._policy.group_max_events:
            self._has_room.clear()
        self._is_idle.clear()
        self._has_work.set()

    async def room(self) -> None:
        """Wait until another chunk may be taken up."""
        await self._has_room.wait()

    async def idle(self) -> None:
        """Wait until everything that was noted is stored."""
        await self._is_idle.wait()

    @property
    def unstored_events(self) -> int:
        """Events that are taken up but not stored."""
        return self._unstored_events

    async def run(self) -> None:
        """Store groups until cancelled. Ends only by an error that must end the worker."""
        preparing = asyncio.create_task(self._prepare())
        try:
            while True:
                await preparing
                # Only now: until a group is stored, the dossiers in it must stay in memory, and
                # a dossier that is in no group and not dirty may leave it.
                group = await self._taken()
                preparing = asyncio.create_task(self._prepare())
                await self._store_group(group)
                if not self._waiting_events and not self._has_work.is_set():
                    self._is_idle.set()
        finally:
            preparing.cancel()

    async def _prepare(self) -> None:
        """Let the next group grow and fold it."""
        await self._has_work.wait()
        await self._linger()
        for state in list(self._states.values()):
            # Some at a time, so that the loop does not stand still for all of them.
            while state.pending:
                async with self._turn():
                    self._settle(state, SETTLED_A_TURN)

    async def _linger(self) -> None:
        """Let a group grow: for a moment always, and on while events come in a flood.

        A large group writes each dossier and each cell once instead of many times; nobody waits
        for a figure that a flood changes again at once. In peace a moment is enough for the
        partitions' chunks of one fetch to come together.
        """
        policy = self._policy
        await asyncio.sleep(policy.linger_seconds * _MOMENT)
        if self._waiting_events < policy.flood_backlog:
            return
        rounds = max(1, int(policy.flood_linger_seconds / max(policy.linger_seconds, 0.001)))
        for _ in range(rounds):
            before = self._waiting_events
            if before >= policy.group_max_events:
                return
            await asyncio.sleep(policy.linger_seconds)
            if self._waiting_events - before < policy.flood_events:
                return

    async def _taken(self) -> CommitGroup:
        """Take a group in many turns of the loop, in which nothing is taken up or folded."""
        async with self._turn():
            for state in list(self._states.values()):  # what came since it was prepared
                while state.pending:
                    self._settle(state, SETTLED_A_TURN)
                    await asyncio.sleep(0)
            group = self._take()
            for _ in fill_in_steps(group):
                await asyncio.sleep(0)
            return group

    def _take(self) -> CommitGroup:
        now = asyncio.get_running_loop().time()
        is_whole = (
            not 0 < self._waiting_events < self._policy.flood_backlog
            or now - self._whole_at >= self._policy.whole_group_seconds
        )
        if is_whole:
            self._states, self._owed = self._owed | self._states, {}
            self._whole_at = now
        states = [state for state in self._states.values() if state.is_open]
        for state in states:
            self._settle(state, None)  # nothing, or what came in this very turn
        acknowledge, events = self._acknowledge, self._waiting_events
        self._waiting_events = 0
        self._has_work.clear()
        self._has_room.set()
        if is_whole:
            self._acknowledge = []
        else:
            acknowledge = []
            self._owed |= self._states
            self._has_work.set()
        self._states = {}
        return CommitGroup(states=states, acknowledge=acknowledge, events=events, is_whole=is_whole)

    async def _store_group(self, group: CommitGroup) -> None:
        self._fail_point("before-audit")
        for stage in group.stages:
            await together(self._write(group, table, columns) for table, columns in stage)
        if group.is_whole:
            await self.check_epoch()
        if group.letters:
            await self._bury(group.letters)
        if group.is_whole:
            self._finish(group)
        self._unstored_events -= group.events
        if self._on_stored is not None:
            self._on_stored(group)

    async def check_epoch(self) -> None:
        """Look whether this worker's epoch is the newest.

        Raises:
            ZombieError: it is not.
        """
        newest = await retrying(self._store.newest_epoch, self._policy, self._on_wait)
        if newest > self._epoch:
            raise ZombieError(
                f"the events topic has epoch {newest} by now, this worker has {self._epoch}: "
                "partitions were added, the topic was made anew, or other rules are in force"
            )

    def _finish(self, group: CommitGroup) -> None:
        self._guard.check()
        self._fail_point("before-acknowledge")
        for shard in group.shards:
            shard.stored = max(shard.stored, group.positions[shard.shard])
        for state, acknowledge in group.acknowledge:
            if state.is_open:  # else its next owner reads the chunk again
                acknowledge()

    async def _write(self, group: CommitGroup, table: str, columns: Columns) -> None:
        async def write() -> None:
            self._guard.check()
            # A partition may go while the store is slow or away. Its next owner has loaded
            # by then; rows that follow would be cells that this owner does not know of.
            ours = group.still_ours(columns)
            if ours:
                await self._store.insert(table, ours)

        await retrying(write, self._policy, self._on_wait)
        self._fail_point("after-" + _POINTS.get(table, table))


_POINTS = {"dossier_events": "audit", "checkpoints": "checkpoint"}
