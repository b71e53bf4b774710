"""The durable spool: what the desk gave and the gateway has not answered for yet.

One SQLite file in WAL mode with `synchronous=FULL`: when `add` returns, the items are on the disk
and survive a power cut. Several processes may add at once; one at a time sends (`sending`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ioc.desk.client.errors import BusyError, SettingsError, SpoolFullError
from ioc.desk.client.failpoints import reached
from ioc.desk.client.item import Item, Kind
from schemas.desk_texts import DeskText

FILE_NAME = "spool.db"
_SENDER_FILE_NAME = "sender.db"
_WAITING, _REJECTED = 0, 1
_BUSY_TIMEOUT_SECONDS = 30.0
#: Room that a row takes beside its body: digest, two indexes, numbers, slack of the pages.
_ROW_BYTES = 160
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
_ADD = """
INSERT INTO item (kind, body, digest, state, added_at, answer) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (digest) DO UPDATE SET state = 0, answer = NULL WHERE state = 1 AND excluded.state = 0
"""


class Waiting(NamedTuple):
    """One item of the spool."""

    id: int
    item: Item


class Rejected(NamedTuple):
    """One item that the gateway, or the reader, refused; `answer` says why."""

    id: int
    item: Item
    answer: dict[str, Any]


class Counts(NamedTuple):
    """What the spool holds.

    Attributes:
        oldest_at: when the oldest waiting item came, epoch seconds by this machine's clock.
        used_bytes: room that is taken on the disk, without what freed pages leave.
    """

    waiting: int
    rejected: int
    oldest_at: float | None
    used_bytes: int


class Spool:
    """A spool in a folder. Safe to share between threads; every call is one transaction."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Open or make the spool.

        Args:
            folder: made if it is not there, for its owner alone.
            max_bytes: room that items may take; a call that would pass it is refused whole.

        Raises:
            SettingsError: folder or file cannot be used.
        """
        self.folder, self.max_bytes = folder, max_bytes
        self._lock = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._base = self._open(folder / FILE_NAME)
            self._base.execute("PRAGMA journal_mode = WAL").fetchone()
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("PRAGMA journal_size_limit = 8388608")
            self._base.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(DeskText.BAD_SPOOL, folder=folder, reason=error) from None

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with self._lock:
            self._base.close()

    # -- accepting ------------------------------------------------------------------------

    def add(self, items: Iterable[Item]) -> int:
        """Take items in their order, all or none; return how many were not there already.

        An item equal to one that waits is not taken twice; one equal to a rejected item makes
        that one wait again.

        Raises:
            SpoolFullError: they would need more room than is left; none was taken.
        """
        return self._insert((item, None) for item in items)

    def add_rejected(self, item: Item, answer: dict[str, Any]) -> None:
        """Keep something that cannot be sent as it is, with the reason."""
        self._insert([(item, answer)])

    def _insert(self, items: Iterable[tuple[Item, dict[str, Any] | None]]) -> int:
        now = time.time()
        rows = [
            (
                int(item.kind),
                item.body,
                hashlib.blake2b(item.body, digest_size=16, key=bytes([item.kind])).digest(),
                _WAITING if answer is None else _REJECTED,
                now,
                None if answer is None else json.dumps(answer, ensure_ascii=False),
            )
            for item, answer in items
        ]
        needed = sum(len(row[1]) + _ROW_BYTES for row in rows)
        with self._lock:
            used = self._used_bytes()
            if used + needed > self.max_bytes:
                raise SpoolFullError(
                    DeskText.FULL,
                    used=f"{used / 1_000_000:.1f}",
                    limit=f"{self.max_bytes / 1_000_000:.1f}",
                )
            with self._transaction():
                before = self._base.total_changes
                self._base.executemany(_ADD, rows)
                taken = self._base.total_changes - before
                reached("before_accept")
        reached("after_accept")
        return taken

    # -- sending --------------------------------------------------------------------------

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the one sender of this spool; the operating system ends it with the process.

        Raises:
            BusyError: another process is.
        """
        # A lock that SQLite holds works the same on every system and dies with its holder.
        lock = self._open(self.folder / _SENDER_FILE_NAME)
        try:
            lock.execute("PRAGMA busy_timeout = 0")
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise BusyError(DeskText.BUSY, folder=self.folder) from None
            yield
        finally:
            lock.close()

    def batch(self, most_items: int, most_bytes: int) -> list[Waiting]:
        """Return the oldest waiting items of one kind, in order; at least one if any waits."""
        found: list[Waiting] = []
        total = 0
        with self._lock:
            rows = self._base.execute(
                "SELECT id, kind, body FROM item WHERE state = 0 ORDER BY id LIMIT ?",
                (most_items,),
            )
            for number, kind, body in rows:
                total += len(body)
                if found and (total > most_bytes or kind != found[0].item.kind):
                    break
                found.append(Waiting(number, Item(Kind(kind), body)))
            rows.close()
        return found

    def settle(
        self, done: Sequence[int], rejected: Sequence[tuple[int, dict[str, Any]]], known: int = 0
    ) -> None:
        """Forget what the gateway has, keep what it refused with the reason; one transaction.

        Args:
            done: ids of the items that the gateway holds.
            rejected: ids and answers of the refused ones.
            known: how many of `done` the gateway had before.
        """
        reached("before_settle")
        with self._transaction():
            self._base.executemany("DELETE FROM item WHERE id = ?", [(number,) for number in done])
            self._base.executemany(
                "UPDATE item SET state = 1, answer = ? WHERE id = ?",
                [(json.dumps(answer, ensure_ascii=False), number) for number, answer in rejected],
            )
            self._count("sent", len(done))
            self._count("known", known)
            if done:
                self.note("last_sent_at", time.time())
        reached("after_settle")

    # -- rejected ones --------------------------------------------------------------------

    def rejected(self) -> Iterator[Rejected]:
        """Yield what was refused, oldest first."""
        last = 0
        while True:
            with self._lock:
                rows = self._base.execute(
                    "SELECT id, kind, body, answer FROM item WHERE state = 1 AND id > ?"
                    " ORDER BY id LIMIT 200",
                    (last,),
                ).fetchall()
            if not rows:
                return
            for number, kind, body, answer in rows:
                last = number
                yield Rejected(number, Item(Kind(kind), body), json.loads(answer or "{}"))

    def mend(self, number: int, item: Item) -> bool:
        """Put a mended item into the place of a rejected one, waiting; False if there is none."""
        with self._lock, self._transaction():
            gone = self._base.execute("DELETE FROM item WHERE id = ? AND state = 1", (number,))
            if not gone.rowcount:
                return False
            self._insert([(item, None)])
        return True

    # -- looking --------------------------------------------------------------------------

    def counts(self) -> Counts:
        """Return what is there; takes milliseconds also with many items."""
        with self._lock:
            waiting, oldest = self._base.execute(
                "SELECT count(*), min(id) FROM item WHERE state = 0"
            ).fetchone()
            rejected = self._base.execute("SELECT count(*) FROM item WHERE state = 1").fetchone()
            since = self._base.execute(
                "SELECT added_at FROM item WHERE id = ?", (oldest,)
            ).fetchone()
            return Counts(
                waiting, rejected[0], since[0] if since else None, max(0, self._used_bytes())
            )

    def note(self, name: str, value: float | str) -> None:
        """Remember one fact for `status`, such as the last fault."""
        with self._lock:
            self._base.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def facts(self) -> dict[str, Any]:
        """Return what was noted."""
        with self._lock:
            return dict(self._base.execute("SELECT name, value FROM fact").fetchall())

    # -- inside ---------------------------------------------------------------------------

    def _open(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(
            str(path),
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_TIMEOUT_SECONDS,
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction; inside of another one, a part of it."""
        with self._lock:
            if self._base.in_transaction:
                yield
                return
            try:
                self._base.execute("BEGIN IMMEDIATE")
                yield
                self._base.execute("COMMIT")
            except BaseException as error:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                    raise SpoolFullError(DeskText.DISK_FULL, folder=self.folder) from None
                raise

    def _count(self, name: str, more: int) -> None:
        self._base.execute(
            "INSERT INTO fact VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (name, more),
        )

    def _used_bytes(self) -> int:
        pages = self._base.execute("PRAGMA page_count").fetchone()[0]
        free = self._base.execute("PRAGMA freelist_count").fetchone()[0]
        size = self._base.execute("PRAGMA page_size").fetchone()[0]
        return int((pages - free) * size)
