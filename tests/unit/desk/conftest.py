from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from receiver import Receiver

from ioc.desk.client import Options
from ioc.desk.client.spool import Spool


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "spool", 5_000_000)
    yield made
    made.close()


@pytest.fixture
def options(receiver: Receiver, tmp_path: Path) -> Options:
    return Options(
        url=receiver.url,
        key="a-key",
        folder=tmp_path / "spool",
        max_bytes=5_000_000,
        batch_items=7,
        retry_min_seconds=0.001,
        retry_max_seconds=0.01,
        timeout_seconds=10,
    )
