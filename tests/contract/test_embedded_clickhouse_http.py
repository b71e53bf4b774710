"""The parts of ClickHouse's HTTP interface that other clients than ours rely on."""

import gzip

import httpx
import pytest

from ioc.embedded.clickhouse import EmbeddedClickHouse


@pytest.fixture
def http(clickhouse: EmbeddedClickHouse) -> httpx.Client:
    return httpx.Client(
        base_url=clickhouse.url, auth=(clickhouse.username, clickhouse.password), timeout=10
    )


def test_ping_needs_no_password(clickhouse: EmbeddedClickHouse) -> None:
    answer = httpx.get(f"{clickhouse.url}/ping")
    assert (answer.status_code, answer.text) == (200, "Ok.\n")


def test_query_in_url_or_body(http: httpx.Client) -> None:
    answer = http.get("/", params={"query": "SELECT {n:UInt8} AS n FORMAT JSON", "param_n": "4"})
    assert answer.json()["data"] == [{"n": 4}]
    assert answer.headers["x-clickhouse-format"] == "JSON"
    assert answer.headers["x-clickhouse-timezone"] == "UTC"
    assert '"read_rows"' in answer.headers["x-clickhouse-summary"]
    named = http.post(
        "/", params={"query_id": "mine", "default_format": "CSV"}, content="SELECT 'a'"
    )
    assert (named.text, named.headers["x-clickhouse-query-id"]) == ('"a"\n', "mine")
    assert http.post("/", params={"query": "SELECT 1,"}, content="2").text == "1\t2\n"


def test_insert_with_rows_in_the_body(http: httpx.Client, clickhouse_database: str) -> None:
    table = f"{clickhouse_database}.t"
    http.post("/", content=f"CREATE TABLE {table} (a UInt8) ENGINE = MergeTree ORDER BY a")
    query = {"query": f"INSERT INTO {table} FORMAT CSV"}
    assert http.post("/", params=query, content="1\n2\n").status_code == 200
    packed = gzip.compress(b"3\n")
    headers = {"Content-Encoding": "gzip"}
    assert http.post("/", params=query, content=packed, headers=headers).status_code == 200
    assert http.post("/", params=query, content=b"x", headers=headers).status_code == 400
    chunks = iter([f"INSERT INTO {table} FORMAT TSV\n4".encode(), b"\n5\n"])
    assert http.post("/", content=chunks).status_code == 200
    split = {"query": f"INSERT INTO {table}"}
    assert http.post("/", params=split, content="VALUES (6)").status_code == 200
    assert http.get("/", params={"query": f"SELECT sum(a) FROM {table}"}).text == "21\n"


def test_errors_have_status_header_and_text(http: httpx.Client) -> None:
    answer = http.post("/", content="SELECT nope")
    assert answer.status_code == 404
    assert answer.headers["x-clickhouse-exception-code"] == "47"
    assert answer.text.startswith("Code: 47. DB::Exception: ")
    assert http.post("/", content="SELEC 1").status_code == 400
    assert http.get("/", params={"query": "SELECT 1", "compress": "1"}).status_code == 501
    assert http.get("/", params={"query": "SELECT 1", "no_such_setting": "1"}).status_code == 404
    assert http.get("/", params={"query": "SELECT 1", "a=1, readonly": "1"}).status_code == 400


def test_three_ways_to_say_who_one_is(clickhouse: EmbeddedClickHouse) -> None:
    name, password, query = (
        clickhouse.read_username,
        clickhouse.read_password,
        {"query": "SELECT 1"},
    )
    headers = {"X-ClickHouse-User": name, "X-ClickHouse-Key": password}
    url = {"user": name, "password": password}
    assert httpx.get(clickhouse.url, params=query, headers=headers).status_code == 200
    assert httpx.get(clickhouse.url, params=query | url).status_code == 200
    assert httpx.get(clickhouse.url, params=query, auth=(name, password)).status_code == 200
    assert httpx.get(clickhouse.url, params=query).status_code == 401
    wrong = httpx.get(clickhouse.url, params=query, auth=(name, "x"))
    assert (wrong.status_code, wrong.headers["x-clickhouse-exception-code"]) == (403, "516")


def test_answers_are_compressed_when_asked(http: httpx.Client) -> None:
    query = {"query": "SELECT number FROM numbers(10000)"}
    headers = {"Accept-Encoding": "gzip"}
    plain = http.get("/", params=query, headers=headers)
    packed = http.get("/", params=query | {"enable_http_compression": "1"}, headers=headers)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


def test_the_go_driver_of_grafana_can_shake_hands(http: httpx.Client) -> None:
    params = {"default_format": "Native", "client_protocol_version": "54460"}
    hello = http.post(
        "/", params=params, content="SELECT displayName(), version(), revision(), timezone()"
    ).content
    assert hello.startswith(
        b"\x01\x00\x02\xff\xff\xff\xff\x00\x04\x01\x0ddisplayName()\x06String\x00"
    )
    assert b"\x0arevision()\x06UInt32\x00\x00\x00\x00\x00" in hello
    # From revision 0 on: no block info, no byte after the type.
    assert (
        http.post("/", params=params, content="SELECT 1 AS x").content
        == b"\x01\x01\x01x\x05UInt8\x01"
    )
