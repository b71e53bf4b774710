"""One connection to a mail server, kept over several mails. Blocks: for threads."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from schemas.alert_settings import SmtpSecurity
from schemas.errors import ConfigurationError, OutcomeUnknownError, RejectError, RetryError

_ENHANCED = re.compile(rb"\d\.\d{1,3}\.\d{1,3}")
_OK = 250
_START_DATA = 354
#: A mistake of the set-up is not mended within seconds.
_SETUP_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where the mail server is and how to come in."""

    host: str
    port: int
    security: SmtpSecurity
    timeout_seconds: float
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


class SmtpSession:
    """Hands mails over, one at a time; connects when needed.

    What the server says is never repeated in an error but for its codes: servers quote addresses.
    """

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand one mail over; blocks for some answers of the server, each with its time limit.

        Raises:
            RetryError: the server is away, refuses for now, or its set-up is wrong.
            OutcomeUnknownError: it fell silent after it had got all: the mail may have arrived.
            RejectError: the server will not take this mail, or not for this address.
        """
        reused = self._smtp is not None
        try:
            self._hand_over(sender, recipient, content)
        except _GoneEarlyError as error:
            self.close()
            if not reused:
                raise RetryError(f"the mail server went away at {error}") from None
            # An idle connection was closed meanwhile; nothing of this mail was handed over.
            try:
                self._hand_over(sender, recipient, content)
            except _GoneEarlyError as again:
                self.close()
                raise RetryError(f"the mail server went away at {again}") from None

    def abort(self) -> None:
        """Cut the connection, from another thread; a call that waits on it fails at once."""
        smtp = self._smtp
        if smtp is not None and smtp.sock is not None:
            with contextlib.suppress(OSError):
                smtp.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave; never raises, may be called twice."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _hand_over(self, sender: str, recipient: str, content: bytes) -> None:
        smtp = self._smtp or self._connect()
        self._smtp = smtp
        options = [f"size={len(content)}"] if smtp.has_extn("size") else []
        # A sender that is refused for good is a mistake of the set-up: the alert waits for it to
        # be mended. Only a mail that is too large is the mail's own fault.
        self._expect("MAIL", smtp.mail, (sender, options), is_setup=True)
        self._expect("RCPT", smtp.rcpt, (recipient,))
        try:
            code, _ = smtp.docmd("DATA")
        except (smtplib.SMTPServerDisconnected, OSError):
            raise _GoneEarlyError("DATA") from None
        if code != _START_DATA:
            self._refused("DATA", code, b"")
        try:
            # Quoted by hand: from here on a silence means that nobody knows.
            smtp.send(_quoted(content) + b".\r\n")
            code, said = smtp.getreply()
        except (smtplib.SMTPServerDisconnected, OSError):
            self.close()
            raise OutcomeUnknownError("the mail server fell silent after the mail") from None
        if code < 400 and code != _OK:
            self.close()
            raise OutcomeUnknownError("the mail server answers the mail with nonsense")
        if code != _OK:
            self._refused("mail", code, said)

    def _expect(
        self,
        stage: str,
        command: Callable[..., tuple[int, bytes]],
        arguments: tuple[object, ...],
        *,
        is_setup: bool = False,
    ) -> None:
        try:
            code, said = command(*arguments)
        except (smtplib.SMTPServerDisconnected, OSError):
            raise _GoneEarlyError(stage) from None
        except (ValueError, UnicodeError):
            raise RejectError("bad_address", "this is no mail address", field="address") from None
        if code not in (250, 251):
            self._refused(stage, code, said, is_setup=is_setup)

    def _refused(self, stage: str, code: int, said: bytes, *, is_setup: bool = False) -> None:
        """Raise what a refusal means; the connection stays usable where it can."""
        enhanced = _ENHANCED.match(said)
        detail = f"{code} {enhanced.group().decode()}" if enhanced else str(code)
        if code == 421:
            self.close()
        else:
            self._reset()
        if 500 <= code < 600 and (not is_setup or code == 552):
            name = {"RCPT": "address_refused"}.get(stage, "refused")
            raise RejectError(name, f"the mail server refuses at {stage}: {detail}")
        wait = _SETUP_WAIT_SECONDS if is_setup and code >= 500 else None
        raise RetryError(
            f"the mail server does not take it now, at {stage}: {detail}", retry_after_seconds=wait
        )

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        smtp: smtplib.SMTP | None = None
        try:
            context = ssl.create_default_context(cafile=server.ca_file)
            if server.security is SmtpSecurity.TLS:
                smtp = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.timeout_seconds, context=context
                )
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
            self._smtp = smtp  # so that `abort` reaches it
            if smtp.sock is not None:
                # The last packet of a mail need not wait until the others are acknowledged.
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.security is SmtpSecurity.STARTTLS:
                # A server without it raises: nothing is ever sent in the clear instead.
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if server.username:
                smtp.login(server.username, server.password)
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError) as e:
            self._leave(smtp)
            raise RetryError(
                f"the mail server's set-up does not fit: {_kind(e)}",
                retry_after_seconds=_SETUP_WAIT_SECONDS,
            ) from None
        except smtplib.SMTPResponseException as error:
            self._leave(smtp)
            raise RetryError(f"the mail server answers {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._leave(smtp)
            raise RetryError(f"the mail server does not answer: {_kind(error)}") from None
        return smtp

    def _leave(self, smtp: smtplib.SMTP | None) -> None:
        self._smtp = None
        if smtp is not None:
            smtp.close()


class _GoneEarlyError(Exception):
    """The connection ended before all of a mail was handed over."""


def check_certificates(server: SmtpServer) -> None:
    """Raise `ConfigurationError` if the file of certificates cannot be used."""
    if server.ca_file is None:
        return
    try:
        ssl.create_default_context(cafile=server.ca_file)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(
            f"IOC_ALERTS_SMTP_CA_FILE={server.ca_file}: no certificates (PEM) there"
        ) from None


def _quoted(content: bytes) -> bytes:
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    quoted = [b"." + line if line.startswith(b".") else line for line in lines]
    text = b"\r\n".join(quoted)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _kind(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
