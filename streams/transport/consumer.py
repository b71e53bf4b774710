"""The consumer: hands an agent one message for each fetched record list of a partition."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any, Final

from aiokafka.errors import KafkaError
from faust.transport.consumer import RecordMap, ensure_TP
from faust.transport.drivers.aiokafka import Consumer as AIOKafkaConsumer
from faust.types import TP, ConsumerMessage
from mode.utils.logging import get_logger

from streams.transport.chunk import Chunk, Record, size_bytes, split
from streams.transport.gate import FetchGate
from streams.transport.settings import MAX_BYTES, MAX_OUTSTANDING, MAX_RECORDS
from streams.transport.span import PartitionKey, Span, SpanLedger
from streams.transport.thread import ChunkedConsumerThread

log = get_logger(__name__)

# A commit that the broker does not answer must not hold a revocation or a stop: what is not
# committed is delivered again.
_LAST_COMMIT_SECONDS: Final = 1.5

# Where events come singly, a chunk holds a few: counted as full ones they would close the gate
# while next to nothing waits. Up to a chunk's 16th part in records and bytes counts as that.
_SMALL: Final = 16

_SEEK_RETRY_SECONDS: Final = 0.2
_SEEK_WAIT_SECONDS: Final = 2.0


class Consumer(AIOKafkaConsumer):
    """Faust's aiokafka consumer with chunked delivery for the topics that the app names.

    The app may carry these attributes: ``chunked_topics`` (a set of names; other topics are
    delivered record by record as usual), ``chunk_max_records``, ``chunk_max_bytes`` and
    ``chunk_max_outstanding``.

    A chunked partition is committed up to its last acknowledged span before the first that
    is not; what Faust itself believes to be acknowledged does not count.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ledger = SpanLedger(on_finished=self._on_finished)
        self._fetched: list[Span] = []
        self._rewinds = 0
        self._seeks_wanted = 0
        self._seeks_done = 0
        self._seeking: asyncio.Task[None] | None = None
        super().__init__(*args, **kwargs)
        app = self.app
        self._chunked_topics: frozenset[str] = frozenset(getattr(app, "chunked_topics", ()))
        self._max_records: int = getattr(app, "chunk_max_records", MAX_RECORDS)
        self._max_bytes: int = getattr(app, "chunk_max_bytes", MAX_BYTES)
        self._gate = FetchGate(
            load=self._ledger.load,
            limit=getattr(app, "chunk_max_outstanding", MAX_OUTSTANDING),
            wake=self._thread.wake,
        )

    def _new_consumer_thread(self) -> ChunkedConsumerThread:
        return ChunkedConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _is_chunked(self, tp: TP) -> bool:
        return tp.topic in self._chunked_topics

    # -- for the app ---------------------------------------------------------------------

    def acknowledge(self, span: Span) -> bool:
        """Finish a span; see `streams.transport.span.Span.acknowledge`."""
        return span.acknowledge()

    def outstanding(self, tp: TP) -> int:
        """Number of chunks of a partition that were fetched and are not finished."""
        return self._ledger.outstanding(tp)

    def committed(self, tp: TP) -> int | None:
        """Offset up to which a partition is committed, as far as this member knows."""
        offset: int | None = self._committed_offset.get(tp)
        return offset

    async def commit_now(self) -> bool:
        """Commit whatever is acknowledged at this moment.

        Unlike `commit`, which is content when another commit was just under way, whose
        offsets may be older than the caller's acknowledgement.

        Returns:
            True if the broker confirmed new offsets; False if there were none or the group
            has rebalanced meanwhile.
        """
        while await self.maybe_wait_for_commit_to_finish():
            pass
        return bool(await self.commit())

    # -- fetching ------------------------------------------------------------------------

    async def _getmany(self, active_partitions: Set[TP] | None, timeout: float) -> RecordMap:
        if active_partitions is None:
            return await super()._getmany(active_partitions, timeout)
        if self._seeks_done != self._seeks_wanted:
            await self._settle_position()
            return {}
        await self._fetch_undelivered_again()
        open_partitions = self._gate.open_partitions(active_partitions, self._is_chunked)
        rewinds = self._rewinds
        fetched: Mapping[Any, list[Any]] = await super()._getmany(open_partitions, timeout)
        if rewinds != self._rewinds and any(map(self._is_chunked, fetched)):
            # A rewind or a revocation overtook the fetch: nobody can say whether these
            # records lie before or behind the position that the partitions have now.
            self._seeks_wanted += 1
            return {}
        self._thread.pace(sum(map(len, fetched.values())))
        return {
            tp: list(self._chunks(tp, records)) if self._is_chunked(tp) else records
            for tp, records in fetched.items()
        }

    def _chunks(self, tp: TP, records: list[Any]) -> Iterator[Chunk]:
        generation = self.app.consumer_generation_id
        high_water = self.highwater(tp)
        for part in split(records, max_records=self._max_records, max_bytes=self._max_bytes):
            span = self._ledger.open(
                (tp.topic, tp.partition),
                first_offset=part[0].offset,
                last_offset=part[-1].offset,
                generation=generation,
                weight=self._weight(part),
            )
            self._fetched.append(span)
            yield Chunk(part, span, high_water)

    def _weight(self, part: Sequence[Record]) -> float:
        small_records, small_bytes = self._max_records // _SMALL, self._max_bytes // _SMALL
        is_small = len(part) <= small_records and size_bytes(part) <= small_bytes
        return 1 / _SMALL if is_small else 1.0

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        if type(record) is not Chunk:
            return super()._to_message(tp, record)
        span = record.span
        span.delivered = True
        read_offset = self._read_offset[tp]
        if read_offset is not None and span.first_offset < read_offset:
            # Faust drops in silence what lies before the place that it has read to.
            self._read_offset[tp] = span.first_offset
        newest = record.records[-1]
        return ConsumerMessage(
            span.topic,
            span.partition,
            span.first_offset,
            newest.timestamp / 1000.0,
            newest.timestamp_type,
            None,
            None,
            record,
            None,
            0,
            len(record),
            ensure_TP(tp),
            generation_id=span.generation,
        )

    async def _fetch_undelivered_again(self) -> None:
        """Rewind to the first chunk that was fetched and never handed to the conductor.

        Faust throws fetched records away when their partition is paused at that moment;
        the fetch position has already passed them.
        """
        positions: dict[TP, int] = {}
        for span in self._fetched:
            if not span.delivered and not span.dropped:
                self._ledger.drop_from(span)
                positions[TP(span.topic, span.partition)] = span.first_offset
        self._fetched.clear()
        if positions:
            log.info("Fetching again what was not delivered: %r", positions)
            await self._thread.rewind(positions)

    # -- back-pressure -------------------------------------------------------------------

    def on_buffer_full(self, tp: TP) -> None:
        """Pause fetching from a partition whose agent has a full queue.

        Faust takes the partition from the active ones and, when none is left, sleeps a
        second whatever happens; here the fetch goes on waiting and is woken.
        """
        if self._is_chunked(tp):
            self._gate.press(tp)
        else:
            super().on_buffer_full(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        """Fetch from a partition again, at once."""
        if self._is_chunked(tp):
            self._gate.release(tp)
        else:
            super().on_buffer_drop(tp)

    def _on_finished(self, key: PartitionKey) -> None:
        self._gate.reconsider(TP(*key))

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Let Faust warn of partitions that stand still, once they have a position.

        aiokafka asserts that they have one; before the first seek is done there is none.
        """
        with suppress(AssertionError):
            super().verify_event_path(now, tp)

    # -- committing ----------------------------------------------------------------------

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        if not self._is_chunked(tp):
            await super()._add_gap(tp, offset_from, offset_to)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        for tp in super()._filter_tps_with_pending_acks(topics):
            if not self._is_chunked(tp):
                yield tp
        for key in self._ledger.committable_partitions():
            tp = TP(*key)
            if topics is None or tp in topics or tp.topic in topics:
                yield tp

    def _new_offset(self, tp: TP) -> int | None:
        if self._is_chunked(tp):
            return self._ledger.committable_offset(tp)
        stock_offset: int | None = super()._new_offset(tp)
        return stock_offset

    def _should_commit(self, tp: TP, offset: int) -> bool:
        return self._is_chunked(tp) or super()._should_commit(tp, offset)

    async def _commit_offsets(
        self, offsets: Mapping[TP, int], start_new_transaction: bool = True
    ) -> bool:
        committed = await super()._commit_offsets(offsets, start_new_transaction)
        if committed:
            self._ledger.mark_committed(offsets)
        return bool(committed)

    # -- rewinds, revocation, stop -------------------------------------------------------

    def _drop_spans(self, partitions: Set[TP] | None = None) -> None:
        self._rewinds += 1
        self._ledger.drop(partitions)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every partition to what is committed, or to where an uncommitted one begins.

        Without the second half a partition that was never committed keeps its position,
        although the records before it were thrown away.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        fresh = {
            ensure_TP(tp) for tp, offset in committed.items() if not offset and self._is_chunked(tp)
        }
        if fresh and self.app.conf.consumer_auto_offset_reset == "earliest":
            await self._thread.rewind_to_beginning(fresh)
        return committed

    async def perform_seek(self) -> None:
        """Seek to the committed offsets, or begin to; nothing is fetched before it is done.

        Spans that were open can no longer be acknowledged.

        Returns after `_SEEK_WAIT_SECONDS` at the latest, whatever the broker does. Faust takes a
        seek that outlasts the request time-out for the end of its service: the task that lets
        records flow after a rebalance ends without a word, and the worker lives on deaf.
        """
        self._drop_spans()
        self._seeks_wanted += 1
        await self._wait_for_seek(_SEEK_WAIT_SECONDS)

    async def _settle_position(self) -> None:
        """Let a seek under way end, or repeat one that failed, before anything is fetched.

        Records fetched beside a seek could lie behind the place that it goes to; they would
        be acknowledged although those before them are yet to come.
        """
        await self._wait_for_seek(_SEEK_RETRY_SECONDS)

    async def _wait_for_seek(self, seconds: float) -> None:
        # One at a time, and never cancelled: one that the thread ends later would move the
        # position under records that were fetched meanwhile.
        if self._seeking is None or self._seeking.done():
            self._seeking = asyncio.create_task(self._seek_as_wanted())
        await asyncio.wait({self._seeking}, timeout=seconds)

    async def _seek_as_wanted(self) -> None:
        while self._seeks_done != self._seeks_wanted:
            wanted = self._seeks_wanted
            try:
                await super().perform_seek()
            except (AssertionError, KafkaError) as error:
                # aiokafka asserts that something is assigned; after a rebalance it is again.
                log.warning("Cannot seek to the committed offsets yet: %r", error)
                await asyncio.sleep(_SEEK_RETRY_SECONDS)
                return
            self._drop_spans()
            self._seeks_done = wanted

    async def seek(self, partition: TP, offset: int) -> None:
        """Seek one partition; its spans can no longer be acknowledged."""
        await super().seek(partition, offset)
        self._drop_spans({partition})

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Seek partitions; their spans can no longer be acknowledged."""
        await super().seek_wait(partitions)
        self._drop_spans(set(partitions))

    async def on_partitions_revoked(self, revoked: Set[TP]) -> None:
        """Commit what is acknowledged, then forget the rest: the next owner gets it again.

        While the app's ``on_partitions_revoked`` handlers run no new chunk reaches an agent,
        and what they get stored and acknowledged is committed too. They share the rebalance
        time-out with everything else that a revocation does.
        """
        await self._commit_last(self.commit_now())
        await super().on_partitions_revoked(revoked)
        await self._commit_last(self.commit_now())
        self._drop_spans(revoked)
        self._gate.forget(revoked)

    async def on_task_error(self, exc: BaseException) -> None:
        """Commit what is acknowledged before an agent's error ends it, if the broker answers.

        Faust waits for that commit without end, and the error with it.
        """
        await self._commit_last(self.commit_now())

    async def on_stop(self) -> None:
        """Commit what is acknowledged, within a bounded time, and stop."""
        await self._commit_last(self.commit_now())
        if self._seeking is not None:
            self._seeking.cancel()
        self._drop_spans()
        await self._commit_last(super().on_stop())

    async def _commit_last(self, commit: Coroutine[Any, Any, Any]) -> None:
        try:
            async with asyncio.timeout(_LAST_COMMIT_SECONDS):
                await commit
        except TimeoutError:
            log.warning("The broker did not confirm the last commit; its records come again")
