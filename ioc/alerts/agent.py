"""The Faust agent on the alerts topic: every record becomes a case before it is acknowledged.

Its group is its own, so that workers and alert processes read the topic side by side, and several
alert processes share its partitions. A record that comes again, also in a replay of a year or
from a topic that was made anew, is the same case: its row has version 1, and whatever was decided
about the case since has a larger one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from ioc.alerts.store.cases import case_columns, case_of_alert
from ioc.alerts.store.warehouse import Warehouse
from schemas.settings import KafkaSettings
from streams.deadlines import Alert
from streams.pipeline.failpoints import FailPoint
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.retry import retrying
from streams.transport import Gathering

_WITHIN_SECONDS = 0.2


def add_alert_agent(
    app: Any,
    kafka: KafkaSettings,
    warehouse: Warehouse,
    policy: PipelinePolicy,
    vital: Any,
    fail_point: FailPoint,
    on_stored: Callable[[], None],
) -> None:
    """Add the agent.

    Args:
        app: a Faust app of the group of alert processes.
        kafka: names of the topics.
        warehouse: takes the cases.
        policy: waits while ClickHouse is away; nothing is acknowledged meanwhile.
        vital: wraps the body so that an error ends the process.
        fail_point: for tests.
        on_stored: called after every stored batch.
    """
    alerts = app.topic(kafka.alerts_topic, value_serializer="raw")
    gathering = Gathering(_WITHIN_SECONDS)

    @app.agent(alerts)
    @vital
    async def gather_alerts(stream: Any) -> None:
        await gathering.collect(stream)

    @app.task
    @vital
    async def keep_cases(app: Any) -> None:
        async for values in gathering.batches():
            columns = await asyncio.to_thread(columns_of, values)
            fail_point("before-case")

            async def store(columns: dict[str, list[Any]] = columns) -> None:
                await warehouse.insert("alert_cases", columns)

            await retrying(store, policy)
            fail_point("after-case")
            on_stored()
            # The batch is acknowledged when the next one is asked for.


def columns_of(values: list[bytes]) -> dict[str, list[Any]]:
    """Return the cases of some records as columns; a stranger's record is passed over."""
    alerts: dict[str, Alert] = {}
    for value in values:
        try:
            alert = Alert.model_validate_json(value)
        except ValidationError:
            continue  # only our own workers write this topic
        alerts[alert.alert_id] = alert
    return case_columns(case_of_alert(alert) for alert in alerts.values())
