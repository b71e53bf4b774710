"""The channel `email`."""

from __future__ import annotations

import asyncio
import datetime as dt
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ioc.alerts.channels.envelope import Envelope
from ioc.alerts.channels.mail import make_mail, parse_sender
from ioc.alerts.channels.smtp_session import SmtpServer, SmtpSession, check_certificates
from schemas.alert_settings import ChannelSettings
from schemas.errors import ConfigurationError, OutcomeUnknownError

#: A mail takes some six answers of the server; a server that drips is cut off.
_ANSWERS_OF_A_MAIL = 4


class EmailChannel:
    """Mail by SMTP; a few connections, each kept over several mails."""

    name = "email"

    def __init__(
        self,
        settings: ChannelSettings,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC).astimezone(),
    ) -> None:
        """Connect nothing yet.

        Raises:
            ConfigurationError: sender, password file or certificates are wrong.
        """
        self._server = SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_timeout_seconds,
            settings.smtp_username,
            settings.smtp_secret().get_secret_value(),
            settings.smtp_ca_file,
        )
        check_certificates(self._server)
        if not self._server.password.isascii() or not self._server.username.isascii():
            raise ConfigurationError(
                "IOC_ALERTS_SMTP_USERNAME and its password may hold ASCII letters only"
            )
        self._sender = parse_sender(settings.mail_from)
        self._reply_to = parse_sender(settings.mail_reply_to) if settings.mail_reply_to else None
        self._now = now
        self._limit_seconds = settings.smtp_timeout_seconds * _ANSWERS_OF_A_MAIL
        count = settings.smtp_connections
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="smtp")
        self._turns = asyncio.Semaphore(count)
        self._free: queue.LifoQueue[SmtpSession] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(SmtpSession(self._server))

    async def send(self, envelope: Envelope) -> None:
        """Send one mail; see `Channel`."""
        mail = make_mail(envelope, self._sender, self._reply_to, self._now())
        content = mail.as_bytes()
        recipient = mail["To"].addresses[0].addr_spec
        async with self._turns:
            session = self._free.get_nowait()
            work = asyncio.get_running_loop().run_in_executor(
                self._threads, session.deliver, self._sender.addr_spec, recipient, content
            )
            try:
                await asyncio.wait_for(asyncio.shield(work), self._limit_seconds)
            except TimeoutError:
                raise OutcomeUnknownError("the mail server took too long") from None
            finally:
                if not work.done():
                    # Cancelled or too slow: the thread must not use this connection any more.
                    session.abort()
                    work.add_done_callback(_forget)
                    session = SmtpSession(self._server)
                self._free.put(session)

    async def close(self) -> None:
        """Leave the server."""
        while not self._free.empty():
            self._free.get_nowait().close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _forget(work: asyncio.Future[None]) -> None:
    """Take the result of work that nobody waits for; asyncio would log it otherwise."""
    if not work.cancelled():
        work.exception()
