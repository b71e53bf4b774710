"""Ties the alert process together: files, channels, warehouse, Faust."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

from faust.types import TP

from ioc.alerts.agent import add_alert_agent
from ioc.alerts.answers.links import make_links
from ioc.alerts.answers.people_watch import PeopleWatch
from ioc.alerts.channels import channel_names, make_channels
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.leader import Leader
from ioc.alerts.people_book import PeopleBook
from ioc.alerts.people_file import read_people
from ioc.alerts.rules_file import load_rules
from ioc.alerts.store.warehouse import Warehouse
from ioc.alerts.topic_watch import watch_topic
from ioc.alerts.turn import DeliveringTurn, Outfit, begin_turn
from ioc.alerts.under_test import MovedClock, check_hooks, fail_point_of
from ioc.metrics.alerts import AlertMonitor
from ioc.reference import load_reference
from ioc.warehouse import connect_writer
from schemas.alert_settings import AnswerSettings, ChannelSettings
from schemas.alerting.settings import AlertSettings
from schemas.errors import ConfigurationError
from schemas.monitor_settings import AlertPagesSettings
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.policy import PipelinePolicy
from streams.transport import WORKER_SETTINGS
from streams.worker.app import make_app
from streams.worker.clock import SystemClock

log = logging.getLogger("ioc.alerts")

_SOFTWARE_ERROR = 70
_BEAT_SECONDS = 0.25
#: Whoever has this partition of the alerts topic delivers.
_LEADING_PARTITION = 0
#: One core at most: the questions of a flood must not hold the events' inserts up.
_QUESTION_SETTINGS = {"max_threads": 1}


def make_planner(settings: AlertSettings, worker: WorkerSettings) -> tuple[Planner, Any]:
    """Read rules, people and reference data; return the planner and the reference. Blocks.

    Raises:
        ConfigurationError: a file is missing or wrong; the message names the line.
    """
    if settings.rules_file is None or settings.people_file is None:
        raise ConfigurationError(
            "no rules or no people: set IOC_ALERTS_RULES_FILE and IOC_ALERTS_PEOPLE_FILE "
            "(samples: schemas/alerting/data; check them with: ioc alerts check)"
        )
    reference = load_reference(worker)
    rules = load_rules(settings.rules_file, reference.units, reference.procedures)
    people = people_with_channels(settings.people_file, reference)
    words = Wording(reference.units, reference.procedures, reference.calendar)
    planner = Planner(Rulebook(rules), people, words, worker.due_soon_working_seconds)
    return planner, reference


def people_with_channels(path: Path, reference: Any) -> PeopleBook:
    """Read the people file and check that every channel that it names exists."""
    file, people = read_people(path, reference.units)
    known = channel_names(ChannelSettings())
    for number, person in enumerate(people):
        for channel in person.contacts:
            if channel not in known:
                raise file.error(
                    ("people", number, "contacts", channel),
                    f'there is no channel "{channel}"; there are: {", ".join(sorted(known))} '
                    "(email needs IOC_ALERT_SMTP_HOST, webhooks the channels file)",
                )
    return PeopleBook(people, reference.units)


def build() -> Any:
    """Return the Faust app of the process; nothing is connected yet.

    Raises:
        ConfigurationError: settings or files are wrong.
    """
    settings, kafka, clickhouse = AlertSettings(), KafkaSettings(), ClickHouseSettings()
    worker = WorkerSettings()
    planner, reference = make_planner(settings, worker)
    assert settings.people_file is not None  # noqa: S101 the planner was made of it
    watch = PeopleWatch(
        settings.people_file,
        reference.units,
        lambda path, _: people_with_channels(path, reference),
    )
    check_hooks(settings, kafka.bootstrap)
    fail_point = fail_point_of(settings)
    clock = SystemClock()
    moved = MovedClock(clock.now_ms, settings.clock_file)
    guard = ZombieGuard(
        clock,
        settings.session_timeout_seconds - float(WORKER_SETTINGS["broker_heartbeat_interval"]),
    )
    warehouse = Warehouse(lambda: connect_writer(clickhouse), _QUESTION_SETTINGS)
    folder = os.environ.get("IOC_ALERTS_DATA", "/tmp/ioc-alerts")  # noqa: S108
    app = make_app(
        kafka.model_copy(update={"group": kafka.alerts_group}),
        worker.model_copy(update={"session_timeout_seconds": settings.session_timeout_seconds}),
        folder,
    )

    monitor = AlertMonitor(lambda: leader.leads)
    monitor.serve(AlertPagesSettings())

    async def begin() -> DeliveringTurn:
        people = await watch.book()
        return await begin_turn(
            Outfit(
                settings=settings,
                worker=worker,
                planner=replace(planner, people=people),
                people=people,
                rules=reference.rules,
                warehouse=warehouse,
                channels=make_channels(ChannelSettings()),
                links=make_links(AnswerSettings()),
                guard=guard,
                now_ms=moved.now_ms,
                ahead_seconds=moved.ahead_seconds,
                owner=f"{socket.gethostname()}/{os.getpid()}",
                fail_point=fail_point,
                die=die,
            )
        )

    leader = Leader(begin, die)
    vital = _vital(die)

    @app.on_partitions_revoked.connect
    async def revoke(app: Any, revoked: set[TP], **_: Any) -> None:
        if TP(kafka.alerts_topic, _LEADING_PARTITION) in revoked:
            await leader.rest()

    @app.on_rebalance_complete.connect
    async def assign(app: Any, **_: Any) -> None:
        if TP(kafka.alerts_topic, _LEADING_PARTITION) in app.consumer.assignment():
            leader.lead()
        else:
            await leader.rest()
        monitor.is_ready = True
        sys.stdout.write("\nREADY\n")
        sys.stdout.flush()

    @vital
    async def keep_beating(app: Any) -> None:
        while not app.should_stop:
            guard.beat()
            monitor.beat()
            await asyncio.sleep(_BEAT_SECONDS)

    app.heart = keep_beating

    @app.task
    @vital
    async def look_at_topic(app: Any) -> None:
        await watch_topic(kafka, worker.topic_check_seconds)

    @app.task
    @vital
    async def look_at_people(app: Any) -> None:
        before = await watch.book()
        while not app.should_stop:
            await asyncio.sleep(settings.people_check_seconds)
            people = await watch.book()
            if people is not before:
                log.warning("the people file changed: %d people from now on", len(people))
                before = people
                await leader.renew()

    @app.on_before_shutdown.connect
    async def finish(app: Any, **_: Any) -> None:
        await leader.rest()

    add_alert_agent(
        app, kafka, warehouse, PipelinePolicy.of(worker), vital, fail_point, leader.wake
    )
    return app


def die(error: BaseException) -> NoReturn:
    """End the process at once with code 70; the supervisor starts it afresh."""
    log.critical("this process ends: %s", error, exc_info=error)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(_SOFTWARE_ERROR)


_Body = Callable[[Any], Awaitable[None]]


def _vital(die: Callable[[BaseException], None]) -> Callable[[_Body], _Body]:
    def wrap(body: _Body) -> _Body:
        @wraps(body)
        async def guarded(argument: Any) -> None:
            try:
                await body(argument)
            except Exception as error:  # noqa: BLE001 nothing may go on after an unknown error
                die(error)

        return guarded

    return wrap
