import pytest

from ioc.embedded.clickhouse.statement import read_statement


@pytest.mark.parametrize(
    ("text", "keyword", "output_format", "query"),
    [
        (b"select 1", b"SELECT", None, b"select 1"),
        (b"SELECT 1 FORMAT JSON", b"SELECT", "JSON", b"SELECT 1 "),
        (b"SELECT 1\n FORMAT Native ; ", b"SELECT", "Native", b"SELECT 1\n "),
        (b"-- FORMAT CSV\nSELECT 'FORMAT CSV' -- FORMAT CSV", b"SELECT", None, None),
        (b"SELECT format FROM t", b"SELECT", None, None),
        (b"SELECT (SELECT 1 FORMAT x)", b"SELECT", None, None),
        (b"/* INSERT */ (SELECT 1) FORMAT CSV", b"SELECT", "CSV", None),
        (b"SELECT 1 FORMAT CSV SETTINGS max_threads = 1;", b"SELECT", "CSV", b"SELECT 1"),
        (b"  show tables", b"SHOW", None, None),
        (b"", b"", None, None),
        ("SELECT 'đúng hạn'' FORMAT JSON' AS `FORMAT JSON`".encode(), b"SELECT", None, None),
    ],
)
def test_finds_keyword_and_trailing_format(
    text: bytes, keyword: bytes, output_format: str | None, query: bytes | None
) -> None:
    statement = read_statement(text)
    assert (statement.keyword, statement.format) == (keyword, output_format)
    assert statement.data is None
    if query is not None:
        assert text[: statement.end].rstrip() == query.rstrip()


@pytest.mark.parametrize(
    ("text", "sql", "input_format", "data"),
    [
        (
            b"INSERT INTO t FORMAT Native\n\x01\x00 FORMAT",
            b"INSERT INTO t",
            "Native",
            b"\x01\x00 FORMAT",
        ),
        (
            b"INSERT INTO t (a, `FORMAT x`) FORMAT CSV\r\n\n1",
            b"INSERT INTO t (a, `FORMAT x`)",
            "CSV",
            b"\n1",
        ),
        (b"insert into t values (1, 'a;b')", b"insert into t", "Values", b" (1, 'a;b')"),
        (
            b"INSERT INTO t SETTINGS x = 1 FORMAT JSONEachRow {}",
            b"INSERT INTO t SETTINGS x = 1",
            "JSONEachRow",
            b"{}",
        ),
        (b"INSERT INTO t (a)", b"INSERT INTO t (a)", None, b""),
    ],
)
def test_parts_an_insert_from_its_rows(
    text: bytes, sql: bytes, input_format: str | None, data: bytes
) -> None:
    statement = read_statement(text)
    assert (statement.sql.strip(), statement.format, statement.data) == (sql, input_format, data)


def test_an_insert_from_a_query_brings_no_rows() -> None:
    statement = read_statement(b"INSERT INTO t (a) SELECT 1 FORMAT CSV")
    assert statement.data is None
    assert not statement.returns_rows


def test_words_in_quotes_and_comments_do_not_count() -> None:
    assert read_statement(b"SELECT 1 INTO  OUTFILE 'x'").has_words(b"INTO", b"OUTFILE")
    assert not read_statement(b"SELECT 'INTO OUTFILE' /* INTO OUTFILE */").has_words(
        b"INTO", b"OUTFILE"
    )
