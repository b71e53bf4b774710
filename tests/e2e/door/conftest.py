"""What the tests of the door share: a worker, a gateway, and a minute without Kafka."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gateway_kit import GatewayChild, KeyBox, running_gateway
from pipeline_kit import Beside, own_rig
from rig import Rig

from door.desk_kit import MAPPING
from door.outage import live_through
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka


@pytest.fixture(scope="package", autouse=True)
def minute(
    request: pytest.FixtureRequest,
    clickhouse: EmbeddedClickHouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Beside | None]:
    """The minute without Kafka passes while the other tests of this folder run."""
    if not any("test_outage.py" in item.nodeid for item in request.session.items):
        yield None
        return
    folder = tmp_path_factory.mktemp("minute")
    beside = Beside([("minute", lambda: live_through(clickhouse, folder))], 1)
    yield beside
    beside.close()


@pytest.fixture(scope="package")
def rig(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("door")) as made:
        made.start_worker()
        yield made


@pytest.fixture(scope="package")
def gateway(rig: Rig) -> Iterator[GatewayChild]:
    (rig.folder / "abc.yaml").write_text(MAPPING, "utf-8")
    with running_gateway(rig, IOC_MAPPING_FOLDER=str(rig.folder)) as child:
        yield child


@pytest.fixture(scope="package")
def keys(rig: Rig, gateway: GatewayChild) -> KeyBox:
    return KeyBox(rig, lambda: gateway)
