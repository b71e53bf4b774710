"""The engine in this process: chDB, with a connection of its own for each request."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from ioc.embedded.clickhouse.faults import fault_of_engine
from schemas.errors import ConfigurationError

# This engine's default answers an insert before its rows are stored. Here an answer means
# that they are.
_DEFAULT_SETTINGS = {"async_insert": "0"}


@dataclass(slots=True)
class Counters:
    """What a query read and wrote."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_bytes: int = 0
    elapsed_ns: int = 0


@dataclass(slots=True)
class Session:
    """One connection with the settings, database and rights of one request.

    Every method blocks and raises `ClickHouseError`. One thread at a time.
    """

    connection: Any
    counters: Counters = field(default_factory=Counters)

    def query(self, sql: bytes, output_format: str, parameters: Mapping[str, str]) -> bytes:
        """Run a statement and return its whole answer."""
        with _faults():
            result = self.connection.query(sql, output_format, params=dict(parameters))
        self._count(result)
        return self._take(result)

    def stream(
        self, sql: bytes, output_format: str, parameters: Mapping[str, str]
    ) -> Generator[bytes, None, None]:
        """Run a SELECT and yield its answer block by block; closing it cancels the query."""
        with _faults():
            handle = self.connection.send_query(sql, output_format, params=dict(parameters))
        finished = False
        try:
            while True:
                with _faults():
                    result = self.connection.streaming_fetch_result(handle)
                if result is None or not result.size():
                    finished = True
                    return
                self._count(result)
                yield self._take(result)
        finally:
            if not finished:
                with contextlib.suppress(RuntimeError):  # it has ended by itself
                    self.connection.streaming_cancel_query(handle)

    def insert(self, sql: bytes, input_format: str, data: bytes) -> None:
        """Store rows; when this returns they are on disk as a part."""
        text = sql.decode("utf-8", "surrogateescape")
        with _faults():
            handle = self.connection.send_insert(text, input_format)
        try:
            with _faults():
                if data:
                    self.connection.insert_append(handle, data)
                result = self.connection.insert_done(handle)
        except BaseException:
            with contextlib.suppress(RuntimeError):  # the engine has dropped it already
                self.connection.insert_cancel(handle)
            raise
        self._count(result)

    def _count(self, result: Any) -> None:
        counters = self.counters
        counters.read_rows += result.storage_rows_read() or 0
        counters.read_bytes += result.storage_bytes_read() or 0
        counters.written_rows += result.rows_written() or 0
        counters.written_bytes += result.bytes_written() or 0
        counters.elapsed_ns += int((result.elapsed() or 0) * 1e9)

    def _take(self, result: Any) -> bytes:
        data: bytes = result.bytes() or b""
        self.counters.result_bytes += len(data)
        return data


class ChdbEngine:
    """The data folder, open in this process until `close`."""

    def __init__(self, folder: Path) -> None:
        """Open or create the folder.

        Raises:
            ConfigurationError: chDB is not installed or cannot open the folder.
        """
        self._chdb = _import_chdb()
        self._path = str(folder)
        try:
            # Held open: with its last connection the engine would shut down.
            self._anchor = self._chdb.connect(self._path)
        except RuntimeError as error:
            raise ConfigurationError(f"ClickHouse cannot open {folder}: {error}") from error
        session = Session(self._anchor)
        answer = session.query(b"SELECT version(), timezone()", "TabSeparated", {})
        self.version, self.timezone = answer.decode().strip().split("\t")

    @contextlib.contextmanager
    def session(
        self, *, database: str, settings: Mapping[str, str], read_only: bool
    ) -> Iterator[Session]:
        """Open a connection for one request; costs less than a millisecond.

        Args:
            database: where names without a database are looked for; "" is `default`.
            settings: the request's settings, names checked by the caller.
            read_only: lock the session, so that no statement changes data or settings.
        """
        with _faults():
            connection = self._chdb.connect(self._path)
        try:
            session = Session(connection)
            with _faults():
                chosen = {**_DEFAULT_SETTINGS, **settings}
                if read_only:  # the last one: it locks those before it
                    chosen["readonly"] = "1"
                pairs = ", ".join(f"{name} = {quote(value)}" for name, value in chosen.items())
                connection.query(f"SET {pairs}", "TabSeparated")
                if database:
                    connection.query(f"USE {quote(database, '`')}", "TabSeparated")
            yield session
        finally:
            connection.close()

    def close(self) -> None:
        """Finish and close; no session may be open any more."""
        self._anchor.close()


def quote(text: str, mark: str = "'") -> str:
    """Quote a literal (or, with a backtick, a name) for SQL."""
    return mark + text.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # the only class that chDB raises
        raise fault_of_engine(error) from error


def _import_chdb() -> ModuleType:
    try:
        from chdb import _chdb  # noqa: PLC0415 - an optional extra of half a gigabyte
    except ImportError as error:
        raise ConfigurationError(
            "the embedded ClickHouse needs the extra 'embedded': "
            "pip install 'ioc-streams[embedded]'"
        ) from error
    module: ModuleType = _chdb
    return module
