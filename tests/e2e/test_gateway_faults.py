"""What was acknowledged is there, once: Kafka away, gateways killed, lines cut, clocks wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_kit import CutLine, counted, event, states
from gateway_kit import GatewayChild, KeyBox, running_gateway
from outage import AWAY_SECONDS, live_through
from pipeline_kit import Beside, own_rig
from rig import Rig, eventually

from ioc.desk.client import DeskClient, Options
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

_MEGABYTE = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def minute(
    clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beside]:
    """The minute without Kafka passes while the other tests of this file run."""
    folder = tmp_path_factory.mktemp("minute")
    beside = Beside([("minute", lambda: live_through(clickhouse, folder))], 1)
    yield beside
    beside.close()


@pytest.fixture(scope="module")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("faults")) as made:
        made.start_worker()
        yield made


@pytest.fixture(scope="module")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    with running_gateway(rig) as child:
        yield child


@pytest.fixture(scope="module")
def keys(rig: Rig, gateway: GatewayChild) -> KeyBox:
    return KeyBox(rig, lambda: gateway)


def test_a_line_that_is_cut_costs_nothing_and_counts_once(
    rig: Rig, gateway: GatewayChild, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("cut", source="motcua-dut-day")
    line = CutLine(gateway.url)
    options = Options(
        url=line.url, key=key, folder=tmp_path / "spool", batch_items=9,
        retry_min_seconds=0.01, retry_max_seconds=0.05,
    )  # fmt: skip
    try:
        with DeskClient(options) as desk:
            for number in range(120):
                desk.push(event(number, "motcua-dut-day"))
            eventually(lambda: not desk.counts().waiting, "all is sent", 120)
            assert desk.counts().rejected == 0
    finally:
        line.close()
    assert line.requests > 20
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-dut-day") == (120, 120)
    states_now = states(rig, "motcua-dut-day")
    assert len(states_now) == 40
    assert {row[0] for row in states_now.values()} == {9}


def test_two_days_without_a_gateway_and_a_clock_that_is_a_day_ahead(
    rig: Rig, keys: KeyBox, tmp_path: Path
) -> None:
    """The outage: events wait. The clock: what lies in the future is refused, mended, counted."""
    key = keys.get("outage", source="motcua-mat-mang")
    now = dt.datetime.now(dt.UTC)
    ahead = (now + dt.timedelta(days=1, hours=2)).isoformat(timespec="seconds")
    behind = (now - dt.timedelta(days=2)).isoformat(timespec="seconds")
    options = Options(
        url="http://127.0.0.1:9", key=key, folder=tmp_path / "spool",
        retry_min_seconds=0.01, retry_max_seconds=0.05,
    )  # fmt: skip
    with DeskClient(options, background=False) as desk:
        desk.push([event(number, "motcua-mat-mang", occurred_at=behind) for number in range(30)])
        desk.push(event(30, "motcua-mat-mang", occurred_at=ahead))
        for _ in range(5):
            assert desk.send().why is not None
        assert desk.counts().waiting == 31
    with (
        running_gateway(rig) as fresh,
        DeskClient(options._replace(url=fresh.url), background=False) as desk,
    ):
        eventually(lambda: not desk.send().why, "the line is back", 60)
        assert desk.counts()[:2] == (0, 1)
        (refused,) = desk.spool.rejected()
        assert refused.answer["code"] == "future_time"
        assert "đồng hồ" in refused.answer["message"]["vi"]
        mended = json.loads(refused.item.body) | {"occurred_at": behind}
        desk.spool.mend(refused.id, refused.item._replace(body=json.dumps(mended).encode()))
        assert desk.send().sent == 1
        assert desk.counts()[:2] == (0, 0)
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-mat-mang") == (31, 31)


def test_a_gateway_that_is_killed_under_the_client_loses_nothing(
    rig: Rig, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("killed", source="motcua-giet")
    options = Options(
        url="http://127.0.0.1:9", key=key, folder=tmp_path / "spool", batch_items=5,
        retry_min_seconds=0.01, retry_max_seconds=0.1,
    )  # fmt: skip
    pushed = 0
    for _ in range(2):
        # Pushed before anything sends, so that something waits when the gateway comes.
        with DeskClient(options, background=False) as desk:
            desk.push(
                [event(n % 120, "motcua-giet", event_id=f"e{pushed + n}") for n in range(200)]
            )
            pushed += 200
            before = desk.counts().waiting
        assert before >= 200
        with (
            running_gateway(rig) as child,
            DeskClient(options._replace(url=child.url)) as desk,
        ):
            eventually(lambda start=before: desk.counts().waiting < start, "it began", every=0.005)
            child.kill()
    with (
        running_gateway(rig) as child,
        DeskClient(options._replace(url=child.url)) as desk,
    ):
        desk.push(event(0, "motcua-giet", event_id=f"e{pushed}"))
        eventually(lambda: not desk.counts().waiting, "all is sent", 120)
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-giet") == (pushed + 1, pushed + 1)


def test_kafka_away_for_a_minute_and_a_gateway_killed_under_load(minute: Beside) -> None:
    """The last test of the file, which waits for what its first one began."""
    story = minute.result("minute", 600)
    assert story.away_seconds >= AWAY_SECONDS
    # Alive, and not ready, all the minute long.
    assert set(story.health) == {(503, 200)}
    assert len(story.health) > 5
    assert max(story.memory_bytes) < story.memory_bytes[0] + 50 * _MEGABYTE
    assert set(story.refusals) <= {401, 503}, story.refusals
    assert story.exit_code == 0
    assert len(story.stored) == len(set(story.stored))
    assert story.acknowledged <= set(story.stored)
    # One payload for each dossier, however often it was sent.
    assert story.payloads_of_a_dossier == 1
    assert story.counted == len(story.stored)
