"""The engine in this process: chDB, with a connection of its own for each request."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
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
# Walls ask short questions again and again with other values: to compile their expressions to
# machine code took a third of the CPU time and made none of them faster. A second thread for a
# panel's few thousand rows costs a tenth of it, and the boards' other queries wait for that core.
_READING_SETTINGS = {
    "max_threads": "1",
    "compile_expressions": "0",
    "compile_aggregate_expressions": "0",
    "compile_sort_description": "0",
}
# To open a connection and to set it up takes a millisecond, a fifth of a small insert.
_MOST_IDLE = 16


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

    Attributes:
        connection: of chDB.
        counters: of all that it ran.
        is_cut: an answer was not read to its end.
    """

    connection: Any
    counters: Counters = field(default_factory=Counters)
    is_cut: bool = False

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
                self.is_cut = True
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
        self.folder = folder
        self._path = str(folder)
        # Connections that nobody uses with the statements that set them up, the last one used last.
        self._idle: deque[tuple[tuple[str, ...], Any]] = deque()
        self._idle_lock = threading.Lock()
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
        self, *, database: str, settings: Mapping[str, str], read_only: bool, keep: bool = False
    ) -> Iterator[Session]:
        """Give a connection for one request.

        Args:
            database: where names without a database are looked for; "" is `default`.
            settings: the request's settings, names checked by the caller.
            read_only: lock the session, so that no statement changes data or settings.
            keep: what the request runs leaves nothing behind in its connection (settings, another
                database, temporary tables), so that another one of the same kind may have it.
        """
        chosen = {**_DEFAULT_SETTINGS, **settings}
        if read_only:  # `readonly` is the last one: it locks those before it
            chosen = {**_READING_SETTINGS, **chosen, "readonly": "1"}
        pairs = ", ".join(f"{name} = {quote(value)}" for name, value in chosen.items())
        statements = (f"SET {pairs}", *([f"USE {quote(database, '`')}"] if database else []))
        connection = self._take_idle(statements) or self._connect(statements)
        session = Session(connection)
        is_sound = False
        try:
            yield session
            is_sound = keep and not session.is_cut
        finally:
            if is_sound:
                self._put_idle(statements, connection)
            else:
                connection.close()

    def _connect(self, statements: tuple[str, ...]) -> Any:
        with _faults():
            connection = self._chdb.connect(self._path)
            try:
                for statement in statements:
                    connection.query(statement, "TabSeparated")
            except RuntimeError:
                connection.close()
                raise
        return connection

    def _take_idle(self, statements: tuple[str, ...]) -> Any:
        with self._idle_lock:
            for at in range(len(self._idle) - 1, -1, -1):
                if self._idle[at][0] == statements:
                    connection = self._idle[at][1]
                    del self._idle[at]
                    return connection
        return None

    def _put_idle(self, statements: tuple[str, ...], connection: Any) -> None:
        with self._idle_lock:
            self._idle.append((statements, connection))
            surplus = self._idle.popleft()[1] if len(self._idle) > _MOST_IDLE else None
        if surplus is not None:
            surplus.close()

    def close(self) -> None:
        """Finish and close; no session may be open any more."""
        while self._idle:
            self._idle.pop()[1].close()
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
