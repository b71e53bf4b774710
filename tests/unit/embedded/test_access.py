import pytest

from ioc.embedded.clickhouse.access import (
    READER_LIMITS,
    check_reader_statement,
    reader_settings,
)
from ioc.embedded.clickhouse.faults import READONLY, ClickHouseError
from ioc.embedded.clickhouse.statement import read_statement


def test_limits_are_always_there() -> None:
    assert reader_settings({}) == {name: str(limit) for name, limit in READER_LIMITS.items()}


def test_a_limit_may_be_lowered() -> None:
    assert reader_settings({"max_result_rows": "10"})["max_result_rows"] == "10"


@pytest.mark.parametrize("value", ["0", "-1", "999999", "inf", "nan", "1e9", "x"])
def test_a_longer_time_is_cut(value: str) -> None:
    limit = str(READER_LIMITS["max_execution_time"])
    assert reader_settings({"max_execution_time": value})["max_execution_time"] == limit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_result_rows", "0"),
        ("max_rows_to_read", "999999999999"),
        ("readonly", "0"),
        ("s3_max_connections", "1"),
    ],
)
def test_lifting_is_refused(name: str, value: str) -> None:
    with pytest.raises(ClickHouseError) as caught:
        reader_settings({name: value})
    assert caught.value.code == READONLY


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (1)",
        "SET readonly = 0",
        "KILL QUERY WHERE 1",
        "SELECT * FROM python ( x )",
        "SYSTEM SHUTDOWN",
        "DROP TABLE t",
    ],
)
def test_writing_is_refused(sql: str) -> None:
    with pytest.raises(ClickHouseError):
        check_reader_statement(read_statement(sql.encode()))


@pytest.mark.parametrize(
    "sql", ["SELECT 'python('", "WITH 1 AS x SELECT x", "SHOW TABLES", "(SELECT 1)"]
)
def test_reading_is_allowed(sql: str) -> None:
    check_reader_statement(read_statement(sql.encode()))
