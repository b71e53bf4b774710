"""A worker process: `python -m ioc.worker`, configured wholly by the environment.

Prints `READY` once its partitions are loaded. It answers `/health/live`, `/health/ready` and
`/metrics` on IOC_WORKER_HEALTH_PORT from its first second on. Ends with 0 after
SIGTERM or Ctrl-C, with another code after any error: its supervisor starts it afresh, and it goes
on where the last committed offset is.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import Any, NoReturn

from ioc.job import make_job
from ioc.metrics.worker_monitor import WorkerMonitor
from ioc.reference import load_reference
from ioc.topics import topic_id, topic_identity
from ioc.warehouse import connect_writer
from schemas.errors import ConfigurationError, RetryError, ZombieError
from schemas.monitor_settings import WorkerPagesSettings
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings, read_secret
from streams.pipeline.failpoints import kill_at
from streams.transport import WORKER_SETTINGS
from streams.worker.app import add_agents, make_app
from streams.worker.collector import calm_collector
from streams.worker.epochs import register_epoch
from streams.worker.rules_in_force import register_rules
from streams.worker.sealing import Seal

log = logging.getLogger("ioc.worker")

# Kafka counts a session from the last heartbeat that it got, which may be this much older than
# the last beat of the guard.
HEARTBEAT_SECONDS = float(WORKER_SETTINGS["broker_heartbeat_interval"])

# EX_SOFTWARE of sysexits.h
_SOFTWARE_ERROR = 70


def main() -> None:
    """Run a worker until it is told to stop."""
    from faust.worker import Worker  # noqa: PLC0415 half a second, only when really running

    app = build()
    worker = Worker(app, loglevel="WARNING", redirect_stdouts=False, quiet=True)
    # aiokafka writes several debug lines a record; even those that nobody reads cost time.
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    calm_collector()
    code = 0
    try:
        worker.execute_from_commandline()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    # Everything is stored and closed; taking a gigabyte of objects apart would take seconds.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)


def build() -> Any:
    """Connect what can be connected before Faust starts, and tie everything together.

    Blocks until Kafka and ClickHouse answer.

    Raises:
        ConfigurationError: settings, topics or reference data are wrong, or older than those
            that are in force.
    """
    kafka, clickhouse, worker = KafkaSettings(), ClickHouseSettings(), WorkerSettings()
    monitor = WorkerMonitor()
    monitor.serve(WorkerPagesSettings())
    topic = kafka.events_topic
    identity = _patiently(lambda: topic_identity(kafka))
    alerts_id = _patiently(lambda: topic_id(kafka, kafka.alerts_topic))
    client = _patiently(lambda: connect_writer(clickhouse))
    reference = load_reference(worker)
    rules = reference.rules.fingerprint
    _patiently(lambda: register_rules(client, rules))
    epoch = _patiently(lambda: register_epoch(client, topic, identity[0], identity[1], rules))
    client.close()

    def tell_wait(error: RetryError, seconds: float) -> None:
        monitor.note_wait()
        log.warning("%s; trying again in %.1f s", error, seconds)

    app = make_app(kafka, worker, str(worker.data))
    job = make_job(
        kafka,
        clickhouse,
        worker,
        _seal(worker),
        reference=reference,
        partitions=identity[1],
        epoch=epoch,
        grace_seconds=HEARTBEAT_SECONDS,
        fail_point=kill_at(worker.fail_point),
        on_wait=tell_wait,
        on_stored=monitor.note_group,
    )
    monitor.watch(job)

    def check_topic() -> None:
        try:
            if topic_identity(kafka) != identity:
                raise ZombieError(f"the topic {topic} was made anew or grew: start again")
            # Its consumer would go on at the old offsets and pass over what lies below them.
            if topic_id(kafka, kafka.alerts_topic) not in ("", alerts_id):
                raise ZombieError(f"the topic {kafka.alerts_topic} was made anew: start again")
        except RetryError as error:
            log.warning("cannot look at the topic: %s", error)

    add_agents(
        app,
        kafka,
        worker,
        job.pipeline,
        job.store,
        job.refresher,
        monitor.beating(job.guard.beat),
        monitor.tell_ready,
        check_topic,
        monitor.status,
        die,
    )
    return app


def die(error: BaseException) -> NoReturn:
    """End the process at once with code 70; the supervisor starts it afresh."""
    log.critical("this worker ends: %s", error, exc_info=error)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(_SOFTWARE_ERROR)


def _seal(worker: WorkerSettings) -> Seal:
    if worker.dead_letter_key_file is None:
        raise ConfigurationError(
            "no key for dead letters: set IOC_WORKER_DEAD_LETTER_KEY_FILE "
            "(make a key with: ioc dead-letters new-key FILE)"
        )
    return Seal(read_secret(worker.dead_letter_key_file).get_secret_value())


def _patiently(call: Any) -> Any:
    wait_seconds = 0.2
    while True:
        try:
            return call()
        except RetryError as error:
            log.warning("%s; trying again in %.1f s", error, wait_seconds)
            time.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, 5.0)


if __name__ == "__main__":
    main()
