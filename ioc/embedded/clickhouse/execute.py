"""Run one request on the engine; everything here blocks and belongs in a thread."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator, Mapping

import orjson

from ioc.embedded.clickhouse.access import check_reader_statement, reader_settings
from ioc.embedded.clickhouse.chdb_engine import ChdbEngine, Counters, Session
from ioc.embedded.clickhouse.faults import NOT_IMPLEMENTED, SYNTAX_ERROR, fault
from ioc.embedded.clickhouse.hello import hello_block, is_hello
from ioc.embedded.clickhouse.native_zones import with_zones
from ioc.embedded.clickhouse.request import QueryRequest
from ioc.embedded.clickhouse.statement import Statement, read_statement
from ioc.embedded.clickhouse.users import Role

# Formats without head and foot: their blocks one after another are the whole answer.
_STREAMED_FORMATS = frozenset({"Native", "TabSeparated", "TSV", "CSV", "JSONEachRow", "RowBinary"})
_STREAMED = (b"SELECT", b"WITH")
_HELD_BYTES = 1024 * 1024
# What leaves nothing behind in its connection: no setting, no other database, no temporary table.
_TRACELESS = frozenset({b"SELECT", b"WITH", b"INSERT"})
# How a body starts that goes on with the INSERT of the URL instead of being its rows.
_CONTINUATION = re.compile(rb"\s*(FORMAT|VALUES|SELECT|WITH|SETTINGS)\b", re.IGNORECASE)


@dataclasses.dataclass(slots=True)
class Answer:
    """The answer of a query.

    Attributes:
        format: name of its format, or None when the statement returns no table.
        head: its first bytes; all of them when `rest` is None.
        rest: what follows, block by block; it must be read to its end or closed.
        counters: complete when `rest` is None.
    """

    format: str | None
    head: bytes
    rest: Iterator[bytes] | None
    counters: Counters


def execute(engine: ChdbEngine, request: QueryRequest, role: Role) -> Answer:
    """Run the request and return at least the first megabyte of its answer.

    Raises:
        ClickHouseError: the request is not allowed, or the engine refused it.
    """
    statement = _whole_statement(request)
    _check(statement)
    settings = request.settings
    if role is Role.READER:
        check_reader_statement(statement)
        settings = reader_settings(settings)
    output_format = statement.format or request.default_format
    if is_hello(statement.sql, request.client_protocol_version, output_format):
        block = hello_block(version=engine.version, timezone=engine.timezone)
        return Answer("Native", block, None, Counters())
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(
            engine.session(
                database=request.database,
                settings=settings,
                read_only=role is Role.READER,
                keep=statement.keyword in _TRACELESS,
            )
        )
        if statement.data is not None:
            _insert(session, statement, statement.data, request)
            return Answer(None, b"", None, session.counters)
        shown = output_format if statement.returns_rows else None
        if statement.keyword in _STREAMED and output_format in _STREAMED_FORMATS:
            blocks = session.stream(statement.sql, output_format, request.parameters)
            if output_format == "Native":
                blocks = with_zones(
                    blocks, lambda: _column_types(engine, statement, request, settings)
                )
            stack.enter_context(contextlib.closing(blocks))
            head, more = _take_head(blocks)
            if not more:
                return Answer(shown, head, None, session.counters)
            rest = _closing(blocks, stack.pop_all())
            return Answer(shown, head, rest, session.counters)
        body = session.query(statement.sql, output_format, request.parameters)
        return Answer(shown, body, None, session.counters)


def _column_types(
    engine: ChdbEngine, statement: Statement, request: QueryRequest, settings: Mapping[str, str]
) -> list[str]:
    """Ask for the types of a SELECT's columns.

    On a connection of its own: the query's is busy with the answer.
    """
    sql = b"DESCRIBE TABLE (" + statement.sql[: statement.end] + b"\n)"
    with engine.session(database=request.database, settings=settings, read_only=True) as session:
        answer = session.query(sql, "JSONCompactEachRow", request.parameters)
    return [orjson.loads(line)[1] for line in answer.splitlines()]


def _whole_statement(request: QueryRequest) -> Statement:
    """Read the statement; a body behind a URL's query is its rows or its second half."""
    statement = read_statement(request.text)
    if not request.data:
        return statement
    if statement.data is not None:
        if statement.format is None and _CONTINUATION.match(request.data):
            return read_statement(request.text + b"\n" + request.data)
        return dataclasses.replace(statement, data=statement.data + request.data)
    return read_statement(request.text + b"\n" + request.data)


def _check(statement: Statement) -> None:
    if not statement.keyword:
        raise fault(SYNTAX_ERROR, "Empty query")
    if statement.has_words(b"INTO", b"OUTFILE") or statement.has_words(b"FROM", b"INFILE"):
        raise fault(NOT_IMPLEMENTED, "INTO OUTFILE and FROM INFILE are not allowed over HTTP")
    ends = [i for i, token in enumerate(statement.tokens) if token.text == b";"]
    if ends and ends[0] < len(statement.tokens) - len(ends):
        raise fault(SYNTAX_ERROR, "Multi-statements are not allowed")


def _insert(session: Session, statement: Statement, data: bytes, request: QueryRequest) -> None:
    stated = request.default_format
    input_format = statement.format or ("Values" if stated == "TabSeparated" else stated)
    if input_format == "Values" and request.parameters:
        # Only the engine's own parser puts parameters into VALUES.
        session.query(statement.sql + b" VALUES " + data, "TabSeparated", request.parameters)
        return
    session.insert(statement.sql, input_format, data)


def _take_head(blocks: Iterator[bytes]) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    held = 0
    for block in blocks:
        parts.append(block)
        held += len(block)
        if held >= _HELD_BYTES:
            return b"".join(parts), True
    return b"".join(parts), False


def _closing(blocks: Iterator[bytes], stack: contextlib.ExitStack) -> Iterator[bytes]:
    with stack:
        yield from blocks
