"""Deadlines that pass while the pipeline runs: told in time, once, and only when true."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from live_events import accepted, now, overdue_id, resolved
from pipeline_kit import own_rig
from rig import Rig, eventually

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from ioc.verify import verify

#: Without "due soon" (a working day ahead), so that only lateness itself is told.
SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "4"}
#: Crossing to row: a tick (0.25 s), Kafka, a batch of the small topic (0.2 s), an insert.
WITHIN_SECONDS = 4.0


@pytest.fixture
def rig(kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig:
        yield rig


def alerts(rig: Rig) -> list[str]:
    """Ids in the table, each once."""
    return [row[0] for row in rig.rows("SELECT alert_id FROM alerts FINAL ORDER BY alert_id")]


def alerts_in_topic(rig: Rig) -> list[str]:
    """Ids of all records in the topic; a crash may have sent one twice."""
    topic = rig.kafka_settings.alerts_topic
    consumer = KafkaConsumer(bootstrap_servers=rig.kafka.bootstrap, auto_offset_reset="earliest")
    try:
        places = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        left = sum(consumer.end_offsets(places).values())
        ids: list[str] = []
        while len(ids) < left:
            for records in consumer.poll(timeout_ms=5_000).values():
                ids += [json.loads(record.value)["alert_id"] for record in records]
        return ids
    finally:
        consumer.close()


def seconds_until(at: dt.datetime) -> float:
    return (at - dt.datetime.now(dt.UTC)).total_seconds()


def wait_past(at: dt.datetime, seconds: float) -> None:
    """Wait until an instant lies so many seconds back."""
    eventually(lambda: seconds_until(at) < -seconds, "the time has passed", 60)


def test_a_deadline_is_told_in_time_and_once(rig: Rig) -> None:
    """No further event comes: the clock alone makes the file late."""
    worker = rig.start_worker()
    due = now() + dt.timedelta(seconds=8)
    names = [f"DUE-{number}" for number in range(12)]
    expected = sorted(overdue_id(name, due) for name in names)
    rig.replay(accepted(name, due) for name in names)
    rig.replay(accepted(name, due) for name in ("DONE-1", "DONE-2"))
    rig.settle()
    rig.replay(resolved(name) for name in ("DONE-1", "DONE-2"))
    rig.settle()
    assert seconds_until(due) > 0, "the machine was too slow for this test"
    assert alerts(rig) == [], "nobody is late before the due time"
    # Late is the first second after the due time.
    late_from = due + dt.timedelta(seconds=1)
    eventually(lambda: alerts(rig) == expected, "the alerts", 20, every=0.02)
    assert -seconds_until(late_from) < WITHIN_SECONDS
    ((first, raised),) = rig.rows(
        "SELECT min(crossed_at), max(toUnixTimestamp64Milli(raised_at)) FROM alerts FINAL"
    )
    assert first == int(late_from.timestamp())
    assert 0 <= raised / 1000 - late_from.timestamp() < 1.0, "raised within a second"
    assert rig.rows("SELECT DISTINCT rule, digest FROM alerts") == [("overdue", 0)]
    # Restarted, in order and by a crash, it knows what was told.
    assert worker.stop() == 0
    worker = rig.start_worker()
    worker.kill()
    worker = rig.start_worker()
    # A later deadline proves that the new worker judges; then it has judged the old ones too.
    later = now() + dt.timedelta(seconds=2)
    rig.replay([accepted("LATER", later)])
    expected = sorted([*expected, overdue_id("LATER", later)])
    eventually(lambda: alerts(rig) == expected, "the later alert", 30)
    assert sorted(alerts_in_topic(rig)) == expected, "nobody is told twice"
    assert worker.stop() == 0


def test_a_deadline_that_passed_while_nobody_watched_is_told_at_the_start(rig: Rig) -> None:
    due = now() + dt.timedelta(seconds=12)
    names = [f"MISSED-{number}" for number in range(5)]
    worker = rig.start_worker()
    rig.replay(accepted(name, due) for name in [*names, "DONE-MEANWHILE"])
    rig.settle()
    assert worker.stop() == 0
    assert seconds_until(due) > 0, "the machine was too slow for this test"
    assert alerts(rig) == []
    # Finished in time, but nobody has read that yet when the deadline passes.
    rig.replay([resolved("DONE-MEANWHILE")])
    wait_past(due, 1)
    assert alerts(rig) == []
    worker = rig.start_worker()
    expected = sorted(overdue_id(name, due) for name in names)
    eventually(lambda: len(alerts(rig)) >= len(expected), "the missed alerts", 30)
    rig.settle()
    assert alerts(rig) == expected, "and nobody else's"
    assert worker.stop() == 0


def test_a_worker_that_was_away_for_long_tells_singly_what_was_known_in_time(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    """After a weekend without a worker all of Friday's files went into the digest, told to nobody.
    What came only long after its deadline goes there, whoever finds it."""
    settings = {**SETTINGS, "IOC_WORKER_DIGEST_AFTER_SECONDS": "6"}
    with own_rig(kafka, clickhouse, tmp_path, env=settings) as rig:
        # It looks at no deadline; the next one finds all of them.
        worker = rig.start_worker(IOC_WORKER_TICK_SECONDS="3600")
        long_past = now()
        wait_past(long_past, 8)
        due = now() + dt.timedelta(seconds=6)
        rig.replay([accepted("KNOWN", due), accepted("CAME-LATE", long_past)])
        rig.settle()
        assert seconds_until(due) > 0, "the machine was too slow for this test"
        # Of what came before the deadline another word comes long after it.
        wait_past(due, 9)
        rig.replay([accepted("KNOWN", due, event_id="again", status=4)])
        rig.settle()
        assert worker.stop() == 0
        assert alerts(rig) == []
        worker = rig.start_worker()
        told = "SELECT dossier_id, digest FROM alerts FINAL WHERE rule = 'overdue'"
        eventually(lambda: len(rig.rows(told)) == 2, "both alerts", 60)
        assert dict(rig.rows(told)) == {"KNOWN": 0, "CAME-LATE": 1}
        assert worker.stop() == 0


def test_a_new_date_moves_the_deadline(rig: Rig) -> None:
    """The apology's date is what the alert is about; the old date is not told any more."""
    worker = rig.start_worker()
    due, new = now() + dt.timedelta(seconds=4), now() + dt.timedelta(seconds=9)
    rig.replay([accepted("MOVED", due)])
    apology = {"issued_at": now().isoformat(), "new_due_at": new.isoformat()}
    rig.replay([accepted("MOVED", due, event_id="MOVED-apology", apology=apology)])
    eventually(lambda: alerts(rig), "the alert", 30)
    assert alerts(rig) == [overdue_id("MOVED", new)]
    assert seconds_until(new) < 0
    assert worker.stop() == 0


def test_old_data_alerts_nobody_singly(rig: Rig) -> None:
    """A month loaded today is late by the hundred: nobody is woken up for it."""
    worker = rig.start_worker()
    rig.replay(outgoing(scenario("small").events()))
    rig.settle()
    ((overdue,),) = rig.rows("SELECT count() FROM dossiers FINAL WHERE live AND alarm_at != 0")
    assert overdue > 20
    # A live file's deadline after them proves that the old ones were judged before it.
    due = now() + dt.timedelta(seconds=2)
    rig.replay([accepted("LIVE", due)])
    eventually(lambda: overdue_id("LIVE", due) in alerts(rig), "the live alert", 30)
    singly = rig.rows("SELECT alert_id FROM alerts FINAL WHERE digest = 0")
    assert singly == [(overdue_id("LIVE", due),)]
    assert worker.stop() == 0


def test_old_data_goes_into_the_digest_when_its_source_is_not_waited_for(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    """Once the wait is over every late file is told once, all of them in the digest."""
    settings = {**SETTINGS, "IOC_WORKER_SOURCE_WAIT_SECONDS": "0"}
    with own_rig(kafka, clickhouse, tmp_path, env=settings) as rig:
        worker = rig.start_worker()
        rig.replay(outgoing(scenario("small").events()))
        rig.settle()
        late = {
            name
            for (name,) in rig.rows(
                "SELECT dossier_id FROM dossiers FINAL WHERE live AND alarm_at != 0"
            )
        }
        told = "SELECT dossier_id FROM alerts FINAL WHERE rule IN ('overdue', 'receipt_overdue')"
        eventually(lambda: {name for (name,) in rig.rows(told)} == late, "the digest", 60)
        assert rig.rows("SELECT DISTINCT digest FROM alerts") == [(1,)]
        in_topic = alerts_in_topic(rig)
        assert len(in_topic) == len(set(in_topic))
        assert worker.stop() == 0


def test_what_is_loaded_later_alerts_nobody_singly(rig: Rig) -> None:
    """As the gateway promises for `?backfill=true`, also across a restart: histories tell it."""
    worker = rig.start_worker()
    due = now() + dt.timedelta(seconds=25)
    rig.replay(
        [
            accepted("LOADED", due, backfill=True),
            accepted("LOADED-TWICE", due, backfill=True),
            accepted("LOADED-TWICE", due, event_id="again", backfill=True),
            accepted("LOADED-AND-LIVE", due, backfill=True),
            accepted("LIVE", due),
            accepted("LIVE-AND-LOADED", due),
            accepted("LIVE-AND-LOADED", due, backfill=True, channel=1),  # the same event id
        ]
    )
    rig.settle()
    assert worker.stop() == 0
    assert seconds_until(due) > 0, "the machine was too slow for this test"
    at = now().isoformat()
    rig.replay([accepted("LOADED-AND-LIVE", due, event_id="live", status=4, occurred_at=at)])
    # It judges nothing before it has read that; the deadline may have passed by then.
    worker = rig.start_worker()
    rig.settle()
    expected = {
        "LIVE": 0, "LIVE-AND-LOADED": 0, "LOADED": 1, "LOADED-AND-LIVE": 0, "LOADED-TWICE": 1,
    }  # fmt: skip
    stored = "SELECT dossier_id, {} FROM {} FINAL ORDER BY dossier_id"
    assert dict(rig.rows(stored.format("backfill", "dossiers"))) == expected
    told = stored.format("digest", "alerts")
    eventually(lambda: len(rig.rows(told)) >= len(expected), "the alerts", 60)
    assert dict(rig.rows(told)) == expected
    report = verify(rig.client, database=rig.database)
    assert report.difference_count == 0, report.differences
    assert worker.stop() == 0
