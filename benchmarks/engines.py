"""Both engines in a temporary folder, for as long as a run takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka


@dataclass(frozen=True)
class Engines:
    """Running engines, and the folder that goes away with them."""

    folder: Path
    kafka: EmbeddedKafka
    clickhouse: EmbeddedClickHouse
    dead_letter_key: Path


@contextmanager
def running_engines() -> Iterator[Engines]:
    """Start both on the loopback address; they and their data are gone on leaving."""
    with tempfile.TemporaryDirectory(prefix="ioc-bench-") as name:
        folder = Path(name)
        key = folder / "dead-letters.key"
        key.touch(mode=0o600)
        key.write_bytes(Fernet.generate_key())
        with (
            EmbeddedKafka(folder / "kafka") as kafka,
            EmbeddedClickHouse(folder / "clickhouse") as clickhouse,
        ):
            yield Engines(folder, kafka, clickhouse, key)
