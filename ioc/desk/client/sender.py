"""Empties the spool: in order, batch by batch, for as long as the line is there."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ioc.desk.client.answer import Meaning, Refused, Taken, TooMuch, Wait
from ioc.desk.client.backoff import Backoff
from ioc.desk.client.errors import DeskError
from ioc.desk.client.item import Item
from ioc.desk.client.options import Options
from ioc.desk.client.spool import Spool, Waiting
from schemas.desk_texts import DeskText

#: Outcomes of an item that the gateway holds.
_HELD = frozenset({"accepted", "duplicate"})
#: How long a daemon waits after the gateway refused the sender itself.
REFUSED_WAIT_SECONDS = 300.0


class Progress(NamedTuple):
    """What a run did.

    Attributes:
        why: what stopped it, None when nothing waits any more.
        wait_seconds: how long to wait before the next run; 0 = nothing waits.
        refused: the gateway refuses this sender; more attempts do not help by themselves.
    """

    sent: int = 0
    duplicate: int = 0
    rejected: int = 0
    why: DeskError | None = None
    wait_seconds: float = 0.0
    refused: bool = False


class Sender:
    """Sends what waits. One at a time for a spool: hold `spool.sending()` around it.

    Order: only one request is under way, it holds the oldest items, and what it left unanswered
    goes first in the next one; so events of a dossier go out in the order in which they came.
    """

    def __init__(
        self, spool: Spool, send: Callable[[Sequence[Item]], Meaning], options: Options
    ) -> None:
        """Args: the spool, what carries a batch to the gateway, and the limits."""
        self._spool, self._send, self._options = spool, send, options
        self._backoff = Backoff(options.retry_min_seconds, options.retry_max_seconds, random.random)
        self._most_items = options.batch_items

    def run(self, stop: threading.Event | None = None) -> Progress:
        """Send until nothing waits, the line fails, or `stop` is set."""
        done = Progress()
        while stop is None or not stop.is_set():
            batch = self._spool.batch(self._most_items, self._options.batch_bytes)
            if not batch:
                break
            meaning = self._send([waiting.item for waiting in batch])
            if isinstance(meaning, Taken):
                done = self._settle(batch, meaning, done)
            elif isinstance(meaning, TooMuch):
                done = self._less(batch, meaning, done)
            elif isinstance(meaning, Refused):
                self._fault(meaning.why)
                return done._replace(
                    why=meaning.why, wait_seconds=REFUSED_WAIT_SECONDS, refused=True
                )
            else:
                done = self._wait(meaning, done)
            if done.why is not None:
                return done
        return done

    def _settle(self, batch: Sequence[Waiting], taken: Taken, done: Progress) -> Progress:
        held: list[int] = []
        refused: list[tuple[int, dict[str, Any]]] = []
        known = 0
        for waiting, result in zip(batch, taken.results):
            outcome = result.get("outcome")
            if outcome in _HELD:
                held.append(waiting.id)
                known += outcome == "duplicate"
            elif outcome == "rejected":
                refused.append((waiting.id, _answer(result)))
        self._spool.settle(held, refused, known)
        done = done._replace(
            sent=done.sent + len(held),
            duplicate=done.duplicate + known,
            rejected=done.rejected + len(refused),
        )
        unsaved = taken.retry_after_seconds is not None
        if unsaved or not (held or refused):
            return self._wait(
                Wait(DeskError(DeskText.NOTHING_SAVED), taken.retry_after_seconds), done
            )
        self._backoff.reset()
        self._most_items = min(self._options.batch_items, self._most_items * 2)
        return done

    def _less(self, batch: Sequence[Waiting], refusal: TooMuch, done: Progress) -> Progress:
        if len(batch) > 1:
            self._most_items = max(1, len(batch) // 2)
            return done
        self._spool.settle([], [(batch[0].id, refusal.answer)])
        return done._replace(rejected=done.rejected + 1)

    def _wait(self, meaning: Wait, done: Progress) -> Progress:
        self._fault(meaning.why)
        seconds = self._backoff.next_seconds(meaning.retry_after_seconds)
        return done._replace(why=meaning.why, wait_seconds=seconds)

    def _fault(self, why: DeskError) -> None:
        self._spool.note("last_fault_at", time.time())
        self._spool.note("last_fault_vi", why.in_language("vi"))
        self._spool.note("last_fault_en", why.in_language("en"))


def _answer(result: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "code", "field", "value", "message", "cure", "server_time", "request_id", "index",
    )  # fmt: skip
    return {name: result[name] for name in names if result.get(name) not in (None, "")}
