"""Agents of the small topics: alert records and dead letters into their tables.

A record is acknowledged after its row is stored; rows are keyed by the record's own identity, so a
record that comes twice is one row. Dead letters use Faust's stock delivery. Alerts come in chunks:
a flood of them, one by one, took half a core.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from schemas.settings import KafkaSettings
from streams.deadlines.alert import Alert
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.ports import Columns, Store
from streams.transport import Gathering
from streams.worker.letter_record import LetterRecord

_LETTERS, _LETTERS_WITHIN_SECONDS = 500, 0.2
# A row a second later keeps events from waiting behind a hundred inserts in a flood.
_ALERTS_WITHIN_SECONDS = 1.0


def add_small_topics(
    app: Any, settings: KafkaSettings, store: Store, policy: PipelinePolicy, vital: Any
) -> None:
    """Add both agents to the app; `vital` wraps their bodies."""
    alerts = app.topic(settings.alerts_topic, value_serializer="raw")
    letters = app.topic(settings.dead_letters_topic, value_serializer="raw")
    gathering = Gathering(_ALERTS_WITHIN_SECONDS)

    @app.agent(alerts)
    @vital
    async def gather_alerts(stream: Any) -> None:
        await gathering.collect(stream)

    @app.task
    @vital
    async def keep_alerts(app: Any) -> None:
        async for values in gathering.batches():
            await _keep(values, "alerts", _alert_columns, store, policy)

    @app.agent(letters)
    @vital
    async def keep_dead_letters(stream: Any) -> None:
        async for batch in stream.take_events(_LETTERS, within=_LETTERS_WITHIN_SECONDS):
            values = [event.value for event in batch]
            await _keep(values, "dead_letters", _letter_columns, store, policy)
            # Faust acknowledges the batch when it asks for the next one.


async def _keep(
    values: list[bytes],
    table: str,
    columns_of: Callable[[list[bytes]], Columns],
    store: Store,
    policy: PipelinePolicy,
) -> None:
    # Thousands at a time would keep the loop, and events with it.
    columns = await asyncio.to_thread(columns_of, values)
    if columns:

        async def write() -> None:
            await store.insert(table, columns)

        await retrying(write, policy)


def _alert_columns(values: list[bytes]) -> Columns:
    alerts = [alert for value in values if (alert := _read(Alert, value)) is not None]
    if not alerts:
        return {}
    return {
        "alert_id": [a.alert_id for a in alerts],
        "rule": [a.rule.value for a in alerts],
        "dossier_id": [a.dossier_id for a in alerts],
        "shard": [a.shard for a in alerts],
        "about_at": [a.about_at for a in alerts],
        "crossed_at": [a.crossed_at for a in alerts],
        "raised_at": [a.raised_at_ms for a in alerts],
        "receiver": [a.receiver for a in alerts],
        "authority": [a.authority for a in alerts],
        "handler": [a.handler for a in alerts],
        "leg": [a.leg for a in alerts],
        "digest": [int(a.digest) for a in alerts],
    }


def _letter_columns(values: list[bytes]) -> Columns:
    letters = [letter for value in values if (letter := _read(LetterRecord, value)) is not None]
    if not letters:
        return {}
    return {
        "letter_id": [x.letter_id for x in letters],
        "topic": [x.topic for x in letters],
        "partition": [x.partition for x in letters],
        "source_offset": [x.offset for x in letters],
        "log_at": [x.log_ms for x in letters],
        "source": [x.source for x in letters],
        "code": [x.code for x in letters],
        "reason": [x.reason for x in letters],
        "sealed": [x.sealed for x in letters],
        "state": [1 for _ in letters],
        "version": [1 for _ in letters],
    }


def _read(model: Any, value: bytes) -> Any:
    try:
        return model.model_validate_json(value)
    except ValidationError:
        # Only our own workers write these topics; a stranger's record is passed over.
        return None
