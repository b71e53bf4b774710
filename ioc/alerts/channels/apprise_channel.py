"""The channel `apprise`: some hundred other services, by the addresses of that library."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ioc.alerts.channels.envelope import Envelope
from schemas.alert_texts import AlertText
from schemas.errors import OutcomeUnknownError, RejectError

_AT_ONCE = 4
#: They read files or run programs of this machine; a message has no business there.
_FORBIDDEN = frozenset({"file", "exec", "script", "syslog", "dbus", "gnome", "macosx", "windows"})


class AppriseChannel:
    """Whatever Apprise reaches, e.g. `tgram://token/chat`; files are left out.

    The library says only whether it worked, not why not: each failure may have been a success
    whose answer was lost, so every further attempt is marked as a repeat.
    """

    name = "apprise"

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="apprise")
        self._turns = asyncio.Semaphore(_AT_ONCE)
        # It logs addresses, and they hold tokens.
        logging.getLogger("apprise").disabled = True

    async def send(self, envelope: Envelope) -> None:
        """Send one message; see `Channel`."""
        async with self._turns:
            work = asyncio.get_running_loop().run_in_executor(self._threads, self._notify, envelope)
            try:
                worked = await asyncio.wait_for(work, self._timeout_seconds)
            except TimeoutError:
                raise OutcomeUnknownError("the service took too long") from None
        if not worked:
            raise OutcomeUnknownError("the service did not take it")

    async def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _notify(self, envelope: Envelope) -> bool:
        import apprise  # noqa: PLC0415 - half a second that those without it save

        scheme = envelope.address.partition(":")[0].strip().lower()
        service: Any = None
        if scheme not in _FORBIDDEN:
            service = apprise.Apprise.instantiate(envelope.address)
        if service is None:
            raise RejectError("bad_address", "Apprise knows no such address", field="address")
        sender = apprise.Apprise()
        sender.add(service)
        subject = envelope.subject
        if envelope.is_repeat:
            subject = f"[{AlertText.REPEAT.in_language(envelope.language)}] {subject}"
        answer = sender.notify(
            body=envelope.text,
            title=subject,
            body_format=apprise.NotifyFormat.TEXT,
            interpret_escapes=False,
        )
        return bool(answer)
