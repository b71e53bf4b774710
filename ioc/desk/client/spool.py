"""The durable spool: what the desk gave and the gateway has not answered for yet.

When `add` returns, the items are on the disk and survive a power cut (`spool_file.py`). Several
processes may add at once; one at a time sends (`sending`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ioc.desk.client.errors import SpoolFullError
from ioc.desk.client.failpoints import reached
from ioc.desk.client.item import Item, Kind
from ioc.desk.client.spool_file import SpoolFile
from schemas.desk_texts import DeskText

_WAITING, _REJECTED = 0, 1
#: Room that a row takes beside its body: digest, two indexes, numbers, slack of the pages.
_ROW_BYTES = 160
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
        self._file = SpoolFile(folder)
        self._lock, self._base = self._file.lock, self._file.base

    def close(self) -> None:
        """Close the file; what is in it stays."""
        self._file.close()

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
            used = self._file.used_bytes()
            if used + needed > self.max_bytes:
                raise SpoolFullError(
                    DeskText.FULL,
                    used=f"{used / 1_000_000:.1f}",
                    limit=f"{self.max_bytes / 1_000_000:.1f}",
                )
            with self._file.transaction():
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
        with self._file.only_sender():
            yield

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
        with self._file.transaction():
            self._base.executemany("DELETE FROM item WHERE id = ?", [(number,) for number in done])
            self._base.executemany(
                "UPDATE item SET state = 1, answer = ? WHERE id = ?",
                [(json.dumps(answer, ensure_ascii=False), number) for number, answer in rejected],
            )
            self._file.count("sent", len(done))
            self._file.count("known", known)
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
        with self._lock, self._file.transaction():
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
                waiting, rejected[0], since[0] if since else None, max(0, self._file.used_bytes())
            )

    def note(self, name: str, value: float | str) -> None:
        """Remember one fact for `status`, such as the last fault."""
        self._file.note(name, value)

    def facts(self) -> dict[str, Any]:
        """Return what was noted."""
        return self._file.facts()
