"""What `ioc push` and the one-file client do, without how their arguments are read."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple

from ioc.desk.client.errors import BusyError, DeskError, SpoolFullError
from ioc.desk.client.folder import FolderWatch
from ioc.desk.client.options import Options
from ioc.desk.client.reading import Intake, TakeFile, take_file, take_stream
from ioc.desk.client.rejects import mend, write_rejects
from ioc.desk.client.sender import Sender
from ioc.desk.client.spool import Spool
from ioc.desk.client.status import status_lines
from ioc.desk.client.wire import Wire
from schemas.desk_texts import DeskText

#: Exit codes.
DONE, WAITING, WRONG, REJECTED, FULL = 0, 1, 2, 3, 4
_LOOK_SECONDS = 1.0


class Order(NamedTuple):
    """What to do.

    Attributes:
        files: what to take into the spool; `-` = standard input.
        watch: a folder to take files from, until stopped.
        status: show the spool and do nothing else.
        rejects: where to write the rejected items.
        mend: a file of mended ones.
        send: False = only take, do not send.
        wait: go on until all is sent, also through outages.
        language: vi or en.
    """

    files: tuple[str, ...] = ()
    watch: Path | None = None
    status: bool = False
    rejects: Path | None = None
    mend: Path | None = None
    send: bool = True
    wait: bool = False
    language: str = "vi"


Say = Callable[[str], None]


def carry_out(
    order: Order,
    options: Options,
    say: Say,
    stop: threading.Event | None = None,
    stdin: IO[bytes] | None = None,
    take: TakeFile = take_file,
) -> int:
    """Do what is ordered and return the exit code; `take` reads files, also a folder's.

    0 all sent; 1 something waits; 2 settings are wrong; 3 something was rejected; 4 the spool is
    full. Blocks: with `watch` or `wait` until it is done or `stop` is set.
    """
    stop = stop or threading.Event()
    try:
        # Before anything is taken: a wrong address is found at once, not after the outage.
        looks_only = order.status or order.rejects is not None
        wire = Wire(options) if order.send and not looks_only else None
        spool = Spool(options.folder, options.max_bytes)
        try:
            run = _Run(order, options, say, stop, spool, wire, take)
            return run.run(stdin or sys.stdin.buffer)
        finally:
            spool.close()
    except SpoolFullError as error:
        say(error.in_language(order.language))
        return FULL
    except DeskError as error:
        say(error.in_language(order.language))
        return WRONG
    except sqlite3.Error as error:
        say(DeskText.BAD_SPOOL.in_language(order.language, folder=options.folder, reason=error))
        return WRONG


class _Run:
    def __init__(
        self,
        order: Order,
        options: Options,
        say: Say,
        stop: threading.Event,
        spool: Spool,
        wire: Wire | None,
        take: TakeFile,
    ) -> None:
        self._take = take
        self._order, self._say, self._stop = order, say, stop
        self._spool, self._wire = spool, wire
        self._sender = None if wire is None else Sender(spool, wire.send, options)

    def run(self, stdin: IO[bytes]) -> int:
        order = self._order
        if order.status:
            for line in status_lines(self._spool, order.language):
                self._say(f"{line.what}: {line.value}")
            return self._code()
        if order.rejects is not None:
            count = write_rejects(self._spool, order.rejects)
            self._tell(DeskText.REJECTS_WRITTEN, count=count, path=order.rejects)
            return DONE
        if order.mend is not None:
            mended, bad = mend(self._spool, order.mend)
            self._tell(DeskText.MENDED, count=mended, bad=bad)
        for name in order.files:
            # Lines that come one by one are events; a file of another shape is read whole.
            is_stream = name == "-" and self._take is take_file
            self._taken(
                take_stream(self._spool, stdin)
                if is_stream
                else self._take(self._spool, Path(name))
            )
        if order.watch is not None:
            return self._keep_watching(order.watch)
        if self._sender is not None:
            self._send_all()
        return self._code()

    def _keep_watching(self, folder: Path) -> int:
        watch = FolderWatch(folder, self._take)
        self._tell(DeskText.WATCHING, folder=folder)
        next_send = time.monotonic()
        while not self._stop.is_set():
            try:
                taken = watch.look(self._spool)
            except SpoolFullError as error:
                self._say(error.in_language(self._order.language))
            else:
                while watch.faults:
                    self._say(watch.faults.pop(0).in_language(self._order.language))
                if taken != Intake():
                    self._taken(taken)
            if self._sender is not None and time.monotonic() >= next_send:
                next_send = time.monotonic() + self._send()
            self._stop.wait(_LOOK_SECONDS)
        self._tell(DeskText.STOPPED)
        return self._code()

    def _send_all(self) -> None:
        while True:
            seconds = self._send()
            if not seconds or not self._order.wait or self._stop.wait(seconds):
                return

    def _send(self) -> float:
        """Send what waits; return how long to wait before the next attempt, 0 = all is sent."""
        if self._sender is None or self._wire is None or not self._spool.counts().waiting:
            return 0.0
        try:
            with self._spool.sending():
                done = self._sender.run(self._stop)
        except BusyError as error:
            self._say(error.in_language(self._order.language))
            return 5.0
        if self._wire.skew_seconds is not None:
            self._spool.note("skew_seconds", round(self._wire.skew_seconds, 1))
        waiting = self._spool.counts().waiting
        if done.sent or done.rejected:
            self._tell(
                DeskText.SENT,
                sent=done.sent,
                duplicate=done.duplicate,
                rejected=done.rejected,
                waiting=waiting,
            )
        if done.why is not None:
            reason = done.why.in_language(self._order.language)
            if done.refused:
                self._tell(DeskText.REFUSED, reason=reason, waiting=waiting)
            else:
                self._tell(
                    DeskText.WILL_RETRY,
                    reason=reason,
                    waiting=waiting,
                    seconds=f"{done.wait_seconds:.0f}",
                )
        return done.wait_seconds

    def _code(self) -> int:
        counts = self._spool.counts()
        if counts.rejected:
            self._tell(DeskText.HAS_REJECTS, count=counts.rejected)
            return REJECTED
        return WAITING if counts.waiting and self._order.send else DONE

    def _taken(self, taken: Intake) -> None:
        self._tell(DeskText.TAKEN, count=taken.taken, again=taken.again, bad=taken.bad)

    def _tell(self, text: DeskText, **values: object) -> None:
        self._say(text.in_language(self._order.language, **values))
