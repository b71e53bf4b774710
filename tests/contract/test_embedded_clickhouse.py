"""The embedded ClickHouse as its real client, clickhouse-connect, sees it."""

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import clickhouse_connect
import httpx
import numpy as np
import pyarrow as pa
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from warehouse_kit import connect

from ioc.embedded.clickhouse import EmbeddedClickHouse

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENT = dt.datetime(2024, 9, 3, 7, 30, 15, tzinfo=HANOI)
TABLE = """CREATE TABLE rows (
    id UInt64, dossier FixedString(4), unit LowCardinality(String),
    received DateTime('Asia/Ho_Chi_Minh'), stored DateTime64(3, 'Asia/Ho_Chi_Minh'),
    note Nullable(String), legs Array(UInt16), utc DateTime,
    kinds LowCardinality(Nullable(String))
) ENGINE = MergeTree ORDER BY id"""
NAMES = ["id", "dossier", "unit", "received", "stored", "note", "legs", "utc", "kinds"]
COLUMNS = [
    [2**64 - 1, 1],
    [b"H28a", b"H28b"],
    ["Tân Lạc", "Kỳ Sơn"],
    [MOMENT, MOMENT + dt.timedelta(days=1)],
    [MOMENT.replace(microsecond=123000), MOMENT],
    [None, "chờ 'bổ sung'"],
    [[], [1, 2, 3]],
    [MOMENT, MOMENT],
    ["x", None],
]


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[Client]:
    client = connect(clickhouse, clickhouse_database)
    yield client
    client.close()


@pytest.fixture
def reader(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[Client]:
    client = connect(clickhouse, clickhouse_database, reader=True)
    yield client
    client.close()


@pytest.mark.parametrize("compress", [True, False, "gzip", "lz4", "zstd"])
def test_columns_come_back_as_they_went_in(
    clickhouse: EmbeddedClickHouse, clickhouse_database: str, compress: bool | str
) -> None:
    client = clickhouse_connect.get_client(
        host=clickhouse.host,
        port=clickhouse.port,
        username=clickhouse.username,
        password=clickhouse.password,
        database=clickhouse_database,
        compress=compress,
    )
    client.command(TABLE)
    summary = client.insert("rows", COLUMNS, column_names=NAMES, column_oriented=True)
    assert summary.written_rows == 2
    answer = client.query("SELECT * FROM rows ORDER BY id DESC")
    assert answer.column_names == tuple(NAMES)
    first, second = answer.result_rows
    assert first[:3] == (2**64 - 1, b"H28a", "Tân Lạc")
    assert (first[3], first[3].tzinfo.key) == (MOMENT, "Asia/Ho_Chi_Minh")
    assert first[4] == MOMENT.replace(microsecond=123000)
    assert first[5:7] == (None, [])
    assert first[7] == dt.datetime(2024, 9, 3, 0, 30, 15)  # noqa: DTZ001 - the server's zone
    assert second[5:7] == ("chờ 'bổ sung'", [1, 2, 3])
    assert (first[8], second[8]) == ("x", None)
    client.close()


def test_a_zone_survives_behind_every_kind_of_column(client: Client) -> None:
    """Native drops DateTime's zone; the server puts it back and must not lose its way."""
    sql = """SELECT number AS n, toString(number) AS s, repeat('x', 200) AS long,
        toLowCardinality(toNullable('đ')) AS lc, [toLowCardinality('a'), 'b'] AS a_lc,
        [[number], []] AS nested, map('k', number) AS m, (number, 'đ') AS tup,
        CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS named, toNullable(1.5) AS nf,
        toDecimal64(1.25, 2) AS d, toFixedString('ab', 3) AS fs, generateUUIDv4() AS u,
        CAST('b', 'Enum8(\\'a, (\\' = 1, \\'b\\' = 2)') AS e, toDate('2024-09-01') AS day,
        toDateTime('2024-09-01 08:00:00', 'Asia/Ho_Chi_Minh') + number AS t1,
        'DateTime' AS text, toDateTime('2024-09-01 08:00:00', 'Asia/Tokyo') AS t2
        FROM numbers(200000)"""
    rows = client.query(sql).result_rows
    assert len(rows) == 200_000
    last = rows[-1]
    start = dt.datetime(2024, 9, 1, 8, tzinfo=HANOI)
    assert last[15] == start + dt.timedelta(seconds=199_999)
    assert last[15].tzinfo.key == "Asia/Ho_Chi_Minh"
    assert last[17].tzinfo.key == "Asia/Tokyo"
    assert last[13:15] == ("b", dt.date(2024, 9, 1))


def test_parameters_are_bound(client: Client) -> None:
    nasty = "a'b\\c\n`\t{x:String}; DROP TABLE rows -- đ"
    values = {"text": nasty, "list": ["x", "y'"], "n": 7, "at": MOMENT, "name": "n"}
    row = client.query(
        "SELECT {text:String}, {list:Array(String)}, {n:UInt64}, {at:DateTime}, {name:Identifier}"
        " FROM (SELECT 5 AS n)",
        parameters=values,
    ).first_row
    assert row[:3] == (nasty, ["x", "y'"], 7)
    assert row[4] == 5


def test_long_parameters_travel_as_a_form(client: Client) -> None:
    ids = [f"H28-{i:06}" for i in range(5000)]
    client.form_encode_query_params = True
    found = client.query("SELECT length({ids:Array(String)})", parameters={"ids": ids})
    assert found.first_row == (5000,)


def test_arrow_numpy_and_raw(client: Client) -> None:
    client.command("CREATE TABLE t (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
    client.insert_arrow("t", pa.table({"a": pa.array([1, 2], pa.uint32()), "s": ["x", "ở"]}))
    client.raw_insert("t", ["a", "s"], b"3\tz\n4\tw\n", fmt="TabSeparated")
    client.raw_insert("t", ["a", "s"], iter([b"5,", b"v\n"]), fmt="CSV")
    client.command("INSERT INTO t VALUES", data="(6, 'u;')")
    client.command("INSERT INTO t VALUES (7, 'FORMAT CSV'), (4+4, concat('a', 'b'))")
    client.command("INSERT INTO t VALUES ({a:UInt32}, {s:String})", parameters={"a": 9, "s": "'"})
    client.command("INSERT INTO t SELECT number + 10, 'n' FROM numbers(2)")
    assert client.query_np("SELECT a FROM t ORDER BY a").ravel().tolist() == list(range(1, 12))
    assert client.query_arrow("SELECT max(a) AS m FROM t").column("m").to_pylist() == [11]
    assert client.raw_query("SELECT s FROM t WHERE a IN (2, 6, 8, 9) ORDER BY a", fmt="TSV") == (
        "ở\nu;\nab\n\\'\n".encode()
    )
    assert client.query("SELECT a FROM t LIMIT 0").column_names == ("a",)
    assert client.query("SELECT a FROM t WHERE a > 99").result_rows == []


def test_settings_and_database_hold_for_one_request(client: Client) -> None:
    ask = "SELECT getSetting('max_block_size'), getSetting('async_insert')"
    assert client.query(ask, settings={"max_block_size": 17}).first_row == (17, False)
    assert client.query(ask).first_row != (17, False)
    assert client.command("SELECT currentDatabase()") == client.database


def test_nothing_is_left_behind_for_the_next_request(client: Client) -> None:
    """Connections to the engine are used again."""
    ask = "SELECT getSetting('max_block_size'), currentDatabase()"
    usual = client.query(ask).first_row
    assert usual[1] == client.database
    for leaving in (
        "SET max_block_size = 17",
        "USE system",
        "CREATE TEMPORARY TABLE gone (a UInt32)",
        "SELECT 1 SETTINGS max_block_size = 17",
        "SELECT {a:UInt32}",
        "SELECT throwIf(1)",
    ):
        with contextlib.suppress(DatabaseError):
            client.command(leaving, parameters={"a": 17})
        assert client.query(ask).first_row == usual, leaving
        for lost in ("SELECT * FROM gone", "SELECT {a:UInt32}"):
            with pytest.raises(DatabaseError, match=r"UNKNOWN_TABLE|UNKNOWN_QUERY_PARAMETER"):
                client.query(lost)


def test_errors_carry_code_and_text(client: Client) -> None:
    with pytest.raises(DatabaseError, match=r"Code: 60\. DB::Exception: .*UNKNOWN_TABLE") as caught:
        client.query("SELECT * FROM nowhere")
    assert caught.value.code == 60
    with pytest.raises(DatabaseError, match="Multi-statements"):
        client.command("SELECT 1; SELECT 2")
    with pytest.raises(DatabaseError, match="OUTFILE"):
        client.command("SELECT 1 INTO OUTFILE '/tmp/never-written'")
    with pytest.raises(DatabaseError, match="UNKNOWN_DATABASE"):
        client.command("SELECT 1", settings={"database": "nowhere"})
    client.command("CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a")
    with pytest.raises(DatabaseError, match="CANNOT_PARSE"):
        client.raw_insert("t", ["a"], b"1\nx\n", fmt="TabSeparated")
    assert client.command("SELECT count() FROM t") == 0


def test_an_error_after_the_first_rows_is_seen(client: Client) -> None:
    sql = "SELECT number, throwIf(number = 400000, 'too late') FROM numbers(10000000)"
    with pytest.raises(StreamFailureError, match="too late"):
        _ = client.query(sql).result_rows
    assert client.query("SELECT 1").first_row == (1,)


def test_a_reader_who_goes_away_leaves_nothing_behind(
    clickhouse: EmbeddedClickHouse, client: Client
) -> None:
    """An unread answer must end its query: it holds a connection to the engine."""
    running = (
        "SELECT count() FROM system.processes"
        " WHERE query LIKE '%numbers(500000000)%' AND query NOT LIKE '%processes%'"
    )
    with httpx.stream(
        "POST",
        clickhouse.url,
        auth=(clickhouse.username, clickhouse.password),
        content="SELECT number FROM numbers(500000000) FORMAT Native",
    ) as answer:
        chunks = answer.iter_bytes()
        assert next(chunks)
        assert client.command(running) == 1
    deadline = time.monotonic() + 10
    while client.command(running) != 0:
        assert time.monotonic() < deadline, "the query outlived its reader"
        time.sleep(0.02)


def test_a_slow_query_holds_up_nobody(clickhouse: EmbeddedClickHouse, client: Client) -> None:
    slow = connect(clickhouse)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(slow.query, "SELECT sleepEachRow(1) FROM numbers(2)")
        started = time.monotonic()
        waited = []
        while not running.done() and time.monotonic() - started < 1:
            before = time.monotonic()
            assert client.ping()
            assert client.query("SELECT 1").first_row == (1,)
            waited.append(time.monotonic() - before)
        assert not running.done()
        assert np.median(waited) < 0.2
        running.result()
    slow.close()


def test_a_reader_only_reads(
    clickhouse: EmbeddedClickHouse, client: Client, reader: Client
) -> None:
    client.command("CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a")
    client.insert("t", [[1], [2]], column_names=["a"])
    assert reader.query("SELECT sum(a) FROM t").first_row == (3,)
    assert reader.query("SELECT getSetting('max_execution_time')").first_row[0] == 30
    for refused in (
        "INSERT INTO t VALUES (3)",
        "DROP TABLE t",
        "ALTER TABLE t DELETE WHERE 1",
        "OPTIMIZE TABLE t",
        "SET readonly = 0",
        "KILL QUERY WHERE 1",
        "SELECT 1 SETTINGS max_execution_time = 0",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    ):
        with pytest.raises(DatabaseError) as caught:
            reader.command(refused)
        assert caught.value.code == 164, refused
    with pytest.raises(DatabaseError):
        reader.insert("t", [[3]], column_names=["a"])
    assert client.command("SELECT count() FROM t") == 2


def test_wrong_credentials_are_refused(clickhouse: EmbeddedClickHouse) -> None:
    for name, password in (("ioc", "no"), ("ioc_read", clickhouse.password), ("default", "")):
        with pytest.raises(DatabaseError) as caught:
            clickhouse_connect.get_client(
                host=clickhouse.host, port=clickhouse.port, username=name, password=password
            )
        assert caught.value.code == 516


def test_an_insert_of_many_compressed_blocks_is_stored_whole(
    clickhouse: EmbeddedClickHouse, clickhouse_database: str
) -> None:
    """Clients send each block as a frame of its own; only the first one was unpacked once."""
    for compression in ("lz4", "zstd", "gzip", False):
        client = clickhouse_connect.get_client(
            host=clickhouse.host,
            port=clickhouse.port,
            username=clickhouse.username,
            password=clickhouse.password,
            database=clickhouse_database,
            compress=compression,
        )
        client.command(
            "CREATE OR REPLACE TABLE many (a UInt64, s String) ENGINE = MergeTree ORDER BY a"
        )
        rows = 60_000
        summary = client.insert(
            "many",
            [list(range(rows)), [f"x{i}" * 40 for i in range(rows)]],
            column_names=["a", "s"],
            column_oriented=True,
        )
        assert summary.written_rows == rows
        assert client.query("SELECT count(), sum(a) FROM many").result_rows == [
            (rows, rows * (rows - 1) // 2)
        ]
        client.close()
