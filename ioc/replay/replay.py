"""Replays a file into Kafka: reads, rejects, sends, remembers how far it came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ioc.national.reader import DEFAULT_SOURCE, NationalReader
from ioc.replay.files import read_file
from ioc.replay.pacing import Pace
from ioc.replay.producer import EventProducer
from ioc.replay.rejects import RejectsFile, rejects_path
from ioc.replay.resume import Position, ResumeFile
from ioc.replay.sender import PacedSender
from schemas.errors import ConfigurationError
from schemas.reference import UnitRegistry
from schemas.settings import KafkaSettings


@dataclass(frozen=True)
class ReplayResult:
    """What a replay did.

    Attributes:
        sent: events that Kafka took in this run.
        rejected: rejects of this run; `rejects_file` has them.
        skipped: lines that an earlier, interrupted run had sent.
        seconds: how long it took.
        rejects_file: None if the file has no reject, from this run or the ones before.
    """

    sent: int
    rejected: int
    skipped: int
    seconds: float
    rejects_file: Path | None


@dataclass(frozen=True)
class ReplayProgress:
    """How far a replay is: all of it is in Kafka."""

    line: int
    sent: int
    rejected: int


def replay_file(
    path: Path,
    kafka_settings: KafkaSettings,
    *,
    rate: float | None = None,
    speed: float | None = None,
    resume: bool = True,
    source: str = DEFAULT_SOURCE,
    units: UnitRegistry | None = None,
    on_progress: Callable[[ReplayProgress], None] | None = None,
) -> ReplayResult:
    """Send every event of a file to Kafka (acks=all, idempotent) and return what was done.

    Blocks, and runs an event loop of its own: not to be called from a coroutine. Interrupted
    (also by SIGKILL), it goes on at the next call after the last line that Kafka has for
    certain; what is sent twice that way is harmless. A replay that came to its end starts from
    the beginning the next time.

    Args:
        path: NDJSON, CSV or Excel of events, or JSON of national messages, perhaps ``.gz``.
        kafka_settings: broker and events topic.
        rate: records per second at most.
        speed: pace by event time: 1 is real time, 3600 an hour per second.
        resume: False starts from the beginning, whatever happened before.
        source: name of the system, for national messages, which carry none.
        units: what agency names in national messages mean; None for the shipped units.
        on_progress: called about every second.

    Raises:
        RetryError: Kafka is away; call again later to go on.
        ConfigurationError: file, format, address, topic or pace is wrong.
    """
    if not path.is_file():
        raise ConfigurationError(f"{path}: there is no such file")
    national = NationalReader(UnitRegistry.load() if units is None else units, source)
    target = f"{kafka_settings.bootstrap} {kafka_settings.events_topic}"
    replay = _Replay(path, ResumeFile(path, target), national, on_progress)
    return asyncio.run(replay.run(kafka_settings, Pace(rate, speed), resume=resume))


class _Replay:
    def __init__(
        self,
        path: Path,
        resume_file: ResumeFile,
        national: NationalReader,
        on_progress: Callable[[ReplayProgress], None] | None,
    ) -> None:
        self._path = path
        self._resume_file = resume_file
        self._national = national
        self._on_progress = on_progress

    async def run(self, settings: KafkaSettings, pace: Pace, *, resume: bool) -> ReplayResult:
        began = time.monotonic()
        start = self._resume_file.load() if resume else Position()
        with RejectsFile(rejects_path(self._path), start.rejects_bytes) as rejects:
            async with EventProducer(settings) as producer:
                end = await self._send(PacedSender(producer, pace), rejects, start)
            self._resume_file.remove()
        return ReplayResult(
            sent=end.sent - start.sent,
            rejected=end.rejected - start.rejected,
            skipped=start.line,
            seconds=time.monotonic() - began,
            rejects_file=rejects.path if rejects.size_bytes else None,
        )

    async def _send(self, sender: PacedSender, rejects: RejectsFile, start: Position) -> Position:
        line, sent, rejected = start.line, start.sent, start.rejected

        async def checkpoint() -> Position:
            await sender.flush()
            rejects.sync()
            position = Position(line, sent, rejected, rejects.size_bytes)
            self._resume_file.store(position)
            if self._on_progress is not None:
                self._on_progress(ReplayProgress(line, sent, rejected))
            return position

        for item in read_file(self._path, self._national, after_line=start.line):
            if item.rejects:
                rejects.write(item)
                rejected += len(item.rejects)
            for record in item.records:
                await sender.add(record)
            sent += len(item.records)
            line = item.line
            if sender.checkpoint_due():
                await checkpoint()
        return await checkpoint()
