"""The SQLite file under the spool: how it is opened, one transaction at a time, its room.

WAL mode with `synchronous=FULL`: what a transaction wrote is on the disk when it ends, and
survives a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ioc.desk.client.errors import BusyError, SettingsError, SpoolFullError
from schemas.desk_texts import DeskText

FILE_NAME = "spool.db"
_SENDER_FILE_NAME = "sender.db"
_BUSY_TIMEOUT_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    body BLOB NOT NULL,
    digest BLOB NOT NULL,
    state INTEGER NOT NULL,
    added_at REAL NOT NULL,
    answer TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS item_digest ON item (digest);
CREATE INDEX IF NOT EXISTS item_state ON item (state, id);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value NOT NULL);
"""


class SpoolFile:
    """An open file. Safe to share between threads that hold `lock` or a `transaction`.

    Attributes:
        base: the connection; statements outside of a transaction are one each.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make it; the folder is made for its owner alone.

        Raises:
            SettingsError: folder or file cannot be used.
        """
        self._folder = folder
        self.lock = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.base = _open(folder / FILE_NAME)
            self.base.execute("PRAGMA journal_mode = WAL").fetchone()
            self.base.execute("PRAGMA synchronous = FULL")
            self.base.execute("PRAGMA journal_size_limit = 8388608")
            self.base.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(DeskText.BAD_SPOOL, folder=folder, reason=error) from None

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with self.lock:
            self.base.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one transaction; inside of another one, a part of it.

        Raises:
            SpoolFullError: the disk is full; nothing of it was written.
        """
        with self.lock:
            if self.base.in_transaction:
                yield
                return
            try:
                self.base.execute("BEGIN IMMEDIATE")
                yield
                self.base.execute("COMMIT")
            except BaseException as error:
                if self.base.in_transaction:
                    self.base.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                    raise SpoolFullError(DeskText.DISK_FULL, folder=self._folder) from None
                raise

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """Be the one sender of this folder; the operating system ends it with the process.

        Raises:
            BusyError: another process, or thread, is.
        """
        # A lock that SQLite holds works the same on every system and dies with its holder.
        lock = _open(self._folder / _SENDER_FILE_NAME)
        try:
            lock.execute("PRAGMA busy_timeout = 0")
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise BusyError(DeskText.BUSY, folder=self._folder) from None
            yield
        finally:
            lock.close()

    def note(self, name: str, value: float | str) -> None:
        """Write one fact down, over what it was."""
        with self.lock:
            self.base.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def count(self, name: str, more: int) -> None:
        """Add to a fact that is a sum; inside of a transaction."""
        self.base.execute(
            "INSERT INTO fact VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (name, more),
        )

    def facts(self) -> dict[str, Any]:
        """Return what was noted."""
        with self.lock:
            return dict(self.base.execute("SELECT name, value FROM fact").fetchall())

    def used_bytes(self) -> int:
        """Return the room that is taken, without freed pages; the caller holds the lock."""
        pages = self.base.execute("PRAGMA page_count").fetchone()[0]
        free = self.base.execute("PRAGMA freelist_count").fetchone()[0]
        size = self.base.execute("PRAGMA page_size").fetchone()[0]
        return int((pages - free) * size)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_TIMEOUT_SECONDS,
    )
