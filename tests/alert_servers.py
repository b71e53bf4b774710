"""Real servers for alerts, with faults to order: a mail server and an HTTP receiver."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for localhost and its key; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "server.pem", folder / "server.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


@dataclass
class MailFaults:
    """What the server does next; each stays until it is changed.

    Attributes:
        rcpt, data: an answer such as "451 4.3.0 later" in place of the usual one.
        drop_after_data: it takes the mail, keeps it, and cuts the connection without a word.
        drop_before_data: it cuts the connection at RCPT.
        hang: it takes the mail, keeps it, and never answers.
    """

    rcpt: str = ""
    data: str = ""
    drop_after_data: bool = False
    drop_before_data: bool = False
    hang: bool = False


class _Handler:
    def __init__(self) -> None:
        self.faults = MailFaults()
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sessions: set[int] = set()
        self.encrypted: list[bool] = []
        self.released = threading.Event()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults.drop_before_data:
            server.transport.abort()
            return "250 OK"
        if self.faults.rcpt:
            return self.faults.rcpt.replace("ADDRESS", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        import asyncio

        if self.faults.data:
            return self.faults.data
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        self.sessions.add(id(session))
        self.encrypted.append(session.ssl is not None)
        if self.faults.drop_after_data:
            server.transport.abort()
        if self.faults.hang:
            await asyncio.to_thread(self.released.wait, 60)
        return "250 OK"


class MailServer:
    """A real SMTP server on a free port of the loopback address."""

    def __init__(self, **options: Any) -> None:
        self._handler = _Handler()
        self._options = options
        self._controller: Controller | None = None
        self.port = 0

    @property
    def faults(self) -> MailFaults:
        return self._handler.faults

    @faults.setter
    def faults(self, faults: MailFaults) -> None:
        self._handler.faults = faults

    @property
    def mails(self) -> list[EmailMessage]:
        return self._handler.mails

    @property
    def recipients(self) -> list[str]:
        return self._handler.recipients

    @property
    def encrypted(self) -> list[bool]:
        return self._handler.encrypted

    @property
    def sessions(self) -> int:
        return len(self._handler.sessions)

    def start(self) -> None:
        """Listen; after a stop at the same port again."""
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as probe:
                self.port = probe.getsockname()[1]
        self._controller = Controller(
            self._handler, hostname="127.0.0.1", port=self.port, **self._options
        )
        self._controller.start()

    def stop(self) -> None:
        self._handler.released.set()
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def password_check(username: str, password: str) -> Callable[..., AuthResult]:
    """For `authenticator=` of the server."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
              ) -> AuthResult:  # fmt: skip
        given = data if isinstance(data, LoginPassword) else None
        is_right = given == LoginPassword(username.encode(), password.encode())
        return AuthResult(success=is_right, handled=False)

    return check


def server_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's TLS context and the file that its clients trust."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


@dataclass
class Posted:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpFaults:
    """What the receiver does next.

    Attributes:
        status, headers: of the answer.
        hang: it keeps the request and never answers.
        drop: it keeps the request and cuts the connection.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drop: bool = False


class Receiver:
    """A real HTTP server that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.faults = HttpFaults()
        self._end = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.posted.append(Posted(self.path, headers, body))
                faults = receiver.faults
                if faults.hang:
                    receiver._end.wait(60)
                if faults.hang or faults.drop:
                    self.close_connection = True
                    return
                self.send_response(faults.status)
                for name, value in faults.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._handler = Handler
        self._server: http.server.ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen; after a stop at the same port again."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        server.daemon_threads = True
        self._server, self._port = server, server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._end.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@contextmanager
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    try:
        yield server
    finally:
        server.stop()


def wait_until(condition: Callable[[], Any], what: str, timeout_seconds: float = 30.0) -> Any:
    deadline = time.monotonic() + timeout_seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)
