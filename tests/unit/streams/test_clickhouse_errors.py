"""What is tried again, and what ends the worker: a row that fits nowhere is not sent for ever."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.exceptions import (
    DatabaseError,
    DataError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StreamClosedError,
    StreamFailureError,
)

from schemas.errors import FatalError, RetryError
from streams.clickhouse.errors import translate


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("connection reset"),
        DatabaseError("HTTP 503 of a proxy"),
        DatabaseError("too many parts", code=252),
        DatabaseError("memory limit", code=241),
        DatabaseError("read-only replica", code=242),
        StreamFailureError("half an answer"),
        StreamClosedError(),
        OSError("no route to host"),
        TimeoutError("timed out"),
    ],
    ids=repr,
)
def test_what_passes_is_tried_again(error: Exception) -> None:
    assert type(translate(error, "insert into dossiers")) is RetryError


@pytest.mark.parametrize(
    "error",
    [
        DataError("Unable to create native array for column `shard`: value out of range"),
        ProgrammingError("Insert data column count does not match column names"),
        NotSupportedError("no such type"),
        DatabaseError("unknown table", code=60),
        DatabaseError("access denied", code=497),
        DataError("too large", code=321),
    ],
    ids=repr,
)
def test_what_never_passes_ends_the_worker(error: Exception) -> None:
    translated = translate(error, "insert into dossiers")
    assert type(translated) is FatalError
    assert "insert into dossiers" in str(translated)
    assert str(error) in str(translated)


def test_without_a_word_on_what_was_done() -> None:
    assert "()" not in str(translate(DataError("value out of range")))
