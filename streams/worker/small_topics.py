"""Agents of the small topics: alert records and dead letters into their tables.

They use Faust's stock delivery. A record is acknowledged after its row is stored; rows are
keyed by the record's own identity, so a record that comes twice is one row.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from pydantic import ValidationError

from schemas.settings import KafkaSettings
from streams.deadlines.alert import Alert
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.ports import Columns, Store
from streams.worker.letter_record import LetterRecord

_LETTERS, _LETTERS_WITHIN_SECONDS = 500, 0.2
# A flood is tens of thousands of alerts: a row a second later keeps events from waiting behind a
# hundred inserts.
_ALERTS, _ALERTS_WITHIN_SECONDS = 5_000, 1.0


def add_small_topics(
    app: Any, settings: KafkaSettings, store: Store, policy: PipelinePolicy, vital: Any
) -> None:
    """Add both agents to the app; `vital` wraps their bodies."""
    alerts = app.topic(settings.alerts_topic, value_serializer="raw")
    letters = app.topic(settings.dead_letters_topic, value_serializer="raw")

    @app.agent(alerts)
    @vital
    async def keep_alerts(stream: Any) -> None:
        batches = stream.take_events(_ALERTS, within=_ALERTS_WITHIN_SECONDS)
        await _keep(batches, "alerts", _alert_columns, store, policy)

    @app.agent(letters)
    @vital
    async def keep_dead_letters(stream: Any) -> None:
        batches = stream.take_events(_LETTERS, within=_LETTERS_WITHIN_SECONDS)
        await _keep(batches, "dead_letters", _letter_columns, store, policy)


async def _keep(
    batches: AsyncIterator[list[Any]],
    table: str,
    columns_of: Callable[[list[bytes]], Columns],
    store: Store,
    policy: PipelinePolicy,
) -> None:
    async for batch in batches:
        columns = columns_of([event.value for event in batch])
        if columns:

            async def write(columns: Columns = columns) -> None:
                await store.insert(table, columns)

            await retrying(write, policy)
        # Faust acknowledges the batch when it asks for the next one.


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
