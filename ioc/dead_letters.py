"""Dead letters as they are stored: listed, opened with the key, sent again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.replay.outgoing import OutgoingRecord
from ioc.replay.sender import send_records
from schemas.errors import ConfigurationError
from schemas.settings import KafkaSettings, WorkerSettings, read_secret
from streams.worker.sealing import Seal

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_CIRCUMSTANCES = "letter_id, topic, partition, source_offset, log_at, source, code, reason, state"


@dataclass(frozen=True)
class StoredLetter:
    """One dead letter, without its content.

    Attributes:
        letter_id: names topic, partition and offset of the unusable record.
        code: machine-readable reason.
        state: ``open``, ``redriven`` or ``dropped``.
    """

    letter_id: str
    topic: str
    partition: int
    source_offset: int
    log_at: dt.datetime
    source: str
    code: str
    reason: str
    state: str


def waiting_letters(
    client: Client, *, code: str = "", limit: int = 100
) -> tuple[int, list[StoredLetter]]:
    """Return how many letters are open (perhaps of one reason code) and the newest of them."""
    condition = "state = 'open' AND ({code:String} = '' OR code = {code:String})"
    parameters = {"code": code, "limit": limit}
    count = client.query(
        f"SELECT count() FROM dead_letters FINAL WHERE {condition}", parameters=parameters
    ).result_rows[0][0]
    rows = client.query(
        f"SELECT {_CIRCUMSTANCES} FROM dead_letters FINAL WHERE {condition}"
        " ORDER BY log_at DESC, letter_id LIMIT {limit:UInt32}",
        parameters=parameters,
    ).result_rows
    return int(count), [StoredLetter(*row) for row in rows]


def find_letter(client: Client, letter_id: str) -> tuple[StoredLetter, str]:
    """Return one letter in whatever state, and its sealed content.

    Raises:
        ConfigurationError: there is none of that id.
    """
    rows = client.query(
        f"SELECT {_CIRCUMSTANCES}, sealed FROM dead_letters FINAL WHERE letter_id = {{id:String}}",
        parameters={"id": letter_id},
    ).result_rows
    if not rows:
        raise ConfigurationError(f"there is no letter {letter_id}")
    return StoredLetter(*rows[0][:-1]), rows[0][-1]


def letter_seal(settings: WorkerSettings) -> Seal:
    """Return the key of the settings, ready to open letters.

    Raises:
        ConfigurationError: no key is set, it is no key, or others may read its file.
    """
    if settings.dead_letter_key_file is None:
        raise ConfigurationError(
            "no key for dead letters: set IOC_WORKER_DEAD_LETTER_KEY_FILE to the workers' key file"
        )
    return Seal(read_secret(settings.dead_letter_key_file).get_secret_value())


def redrive(client: Client, kafka: KafkaSettings, seal: Seal, letters: Sequence[str]) -> int:
    """Send letters to the events topic again, then mark them; returns their number.

    They are marked only after Kafka has them all, so a crash in between sends some twice, which
    is harmless. A record that still cannot be used comes back as a new letter.

    Raises:
        ConfigurationError: a letter is unknown, or was sealed with another key; nothing is sent.
        RetryError: Kafka or ClickHouse is away.
    """
    records = list(_opened(client, seal, letters))
    count = send_records(records, kafka)
    client.command(
        "INSERT INTO dead_letters (letter_id, topic, partition, source_offset, log_at, source,"
        " code, reason, sealed, state, version)"
        " SELECT letter_id, topic, partition, source_offset, log_at, source,"
        " code, reason, sealed, 'redriven', version + 1"
        " FROM dead_letters FINAL WHERE letter_id IN {letters:Array(String)}",
        parameters={"letters": list(letters)},
    )
    return count


def _opened(client: Client, seal: Seal, letters: Sequence[str]) -> Iterator[OutgoingRecord]:
    for letter_id in letters:
        _, sealed = find_letter(client, letter_id)
        key, value = seal.open(sealed)
        # Without a key the home is unknown: the worker that finds it forwards it.
        yield OutgoingRecord(key or b"", value or b"")
