"""The client as a library: `push` returns when the event is safe on this machine's disk."""

from __future__ import annotations

import sqlite3
import threading
from types import TracebackType
from typing import Any

from ioc.desk.client.errors import DeskError
from ioc.desk.client.item import items_of
from ioc.desk.client.options import Options
from ioc.desk.client.sender import Progress, Sender
from ioc.desk.client.spool import Counts, Spool
from ioc.desk.client.wire import Wire

_TROUBLE_WAIT_SECONDS = 5.0


class DeskClient:
    """Takes events at once and sends them when the line allows.

    ```python
    with DeskClient(Options(url="https://ioc.example.vn", key_file=Path("key.txt"))) as desk:
        desk.push({"event_id": "1", "source": "motcua-x", "dossier_id": "…", "status": 2,
                   "occurred_at": "2024-09-03T08:15:00+07:00", "receiver": "04795"})
    ```

    Safe to share between threads.
    """

    def __init__(self, options: Options, *, background: bool = True) -> None:
        """Open the spool and, if asked, send from a thread of its own.

        Args:
            options: address, key, folder and limits.
            background: False = only `send` sends.

        Raises:
            SettingsError: address, key or folder is missing or wrong.
        """
        self._wire = Wire(options)
        self._spool = Spool(options.folder, options.max_bytes)
        self._sender = Sender(self._spool, self._wire.send, options)
        self._stop, self._news = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        if background:
            self._thread = threading.Thread(target=self._keep_sending, daemon=True)
            self._thread.start()

    def __enter__(self) -> DeskClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def push(self, document: Any) -> int:
        """Take an event, a national message, or a list of these; return how many were new.

        Never waits for the line. When it returns, they survive a power cut.

        Raises:
            SpoolFullError: there is no room; nothing was taken.
            ValueError: it is no JSON object.
        """
        taken = self._spool.add(items_of(document))
        self._news.set()
        return taken

    def send(self) -> Progress:
        """Send what waits, in the calling thread, until all is sent or the line fails.

        Raises:
            BusyError: something else sends from this spool, maybe this client's own thread.
        """
        with self._spool.sending():
            return self._sender.run(self._stop)

    def counts(self) -> Counts:
        """Return what waits and what was rejected."""
        return self._spool.counts()

    @property
    def spool(self) -> Spool:
        """The spool, for looking at rejected items."""
        return self._spool

    def close(self) -> None:
        """Stop sending after the request that is under way; what waits stays in the spool."""
        self._stop.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join()
        self._wire.close()
        self._spool.close()

    def _keep_sending(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            try:
                wait = self.send().wait_seconds
            except (DeskError, sqlite3.Error):
                # Another sender, or a disk that is full or away: what waits is still there.
                wait = _TROUBLE_WAIT_SECONDS
            if wait:
                self._stop.wait(wait)
            else:
                self._news.wait(60.0)
