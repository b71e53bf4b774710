"""Mail through a real SMTP server: what it promises, and what each fault of the server becomes."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from alert_servers import (
    MailFaults,
    MailServer,
    mail_server,
    password_check,
    server_context,
    wait_until,
)

from ioc.alerts.channels.email import EmailChannel
from ioc.alerts.channels.envelope import Attachment, Envelope
from schemas.alert_settings import ChannelSettings
from schemas.errors import ConfigurationError, OutcomeUnknownError, RejectError, RetryError

ADDRESS = "phuong.thinh-lang@example.vn"
NOW = dt.datetime(2024, 9, 4, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def envelope(**changes: Any) -> Envelope:
    given = {
        "message_id": "single/overdue/000.25.28.H28-240903-0003/1725613200/email",
        "address": ADDRESS,
        "subject": "Hồ sơ 000.25.28.H28-240903-0003 quá hạn 2 ngày làm việc tại Phường Thịnh Lang",
        "text": "Kính gửi …\n.một dòng bắt đầu bằng dấu chấm\nHết.\n",
    }
    return Envelope(**{**given, **changes})


@asynccontextmanager
async def channel_to(port: int, **settings: Any) -> AsyncIterator[EmailChannel]:
    given = {
        "smtp_host": "localhost",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "IOC <ioc@example.vn>",
        "smtp_timeout_seconds": 20,
        "smtp_connections": 1,
    }
    channel = EmailChannel(ChannelSettings(_env_file=None, **{**given, **settings}), lambda: NOW)
    try:
        yield channel
    finally:
        await channel.close()


async def test_a_mail_arrives_whole_and_a_repeat_can_be_told():
    file = Attachment("hồ-sơ.xlsx", "application/vnd.ms-excel", b"\x00\x01.\r\n.\n" * 400)
    with mail_server() as server:
        async with channel_to(server.port) as channel:
            first = envelope(html="<p>Quá hạn</p>", attachments=(file,))
            await channel.send(first)
            await channel.send(envelope(is_repeat=True))
            await channel.send(envelope(message_id="another"))
    mail, again, other = server.mails
    assert mail["Subject"] == envelope().subject
    assert mail["From"] == "IOC <ioc@example.vn>"
    assert mail["To"] == ADDRESS
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == envelope().text
    assert mail.get_body(("html",)).get_content().strip() == "<p>Quá hạn</p>"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "hồ-sơ.xlsx"
    assert attached.get_content() == file.content
    # The same Message-ID: a mail server or a reader can tell it; the subject says it to people.
    assert again["Message-ID"] == mail["Message-ID"] != other["Message-ID"]
    assert again["Subject"] == f"[Gửi lại, có thể trùng] {envelope().subject}"
    assert server.sessions == 1, "one connection is kept over several mails"


async def test_mail_goes_through_starttls_with_a_password_from_a_file(tmp_path: Path):
    context, trusted = server_context(tmp_path)
    secret = tmp_path / "smtp.password"
    secret.write_text("a-long-password\n", encoding="utf-8")
    secret.chmod(0o600)
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": password_check("ioc", "a-long-password"),
        "auth_required": True,
    }
    settings = {"smtp_security": "starttls", "smtp_ca_file": trusted, "smtp_username": "ioc"}
    with mail_server(**options) as server:
        async with channel_to(server.port, **settings, smtp_password_file=secret) as channel:
            await channel.send(envelope())
        assert server.encrypted == [True]
        async with channel_to(server.port, **settings, smtp_password="wrong") as channel:
            with pytest.raises(RetryError, match="535") as wrong:
                await channel.send(envelope())
        assert wrong.value.retry_after_seconds == 60, "a wrong password is no fault of the message"
        untrusted = {**settings, "smtp_ca_file": None, "smtp_password": "x"}
        async with channel_to(server.port, **untrusted) as channel:
            with pytest.raises(RetryError, match="SSLCertVerificationError"):
                await channel.send(envelope())
    assert len(server.mails) == 1


async def test_mail_goes_through_tls_from_the_first_byte(tmp_path: Path):
    context, trusted = server_context(tmp_path)
    with mail_server(ssl_context=context) as server:
        async with channel_to(server.port, smtp_security="tls", smtp_ca_file=trusted) as channel:
            await channel.send(envelope())
    assert len(server.mails) == 1


async def test_nothing_is_sent_in_the_clear_when_the_server_lacks_starttls():
    with mail_server() as server:
        async with channel_to(server.port, smtp_security="starttls") as channel:
            with pytest.raises(RetryError, match="SMTPNotSupportedError"):
                await channel.send(envelope())
    assert server.mails == []


@pytest.mark.parametrize(
    ("faults", "error", "says"),
    [
        (MailFaults(rcpt="550 5.1.1 <ADDRESS> unknown"), RejectError, "RCPT: 550 5.1.1"),
        (MailFaults(rcpt="450 4.2.1 <ADDRESS> greylisted"), RetryError, "RCPT: 450 4.2.1"),
        (MailFaults(data="452 4.3.1 full"), RetryError, "452 4.3.1"),
        (MailFaults(data="554 5.6.0 spam"), RejectError, "554 5.6.0"),
        (MailFaults(drop_before_data=True), RetryError, "RCPT"),
    ],
)
async def test_what_a_refusal_becomes(
    faults: MailFaults, error: type[Exception], says: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    with mail_server() as server:
        server.faults = faults
        async with channel_to(server.port) as channel:
            with pytest.raises(error, match=says) as raised:
                await channel.send(envelope())
            assert type(raised.value) is error, "nothing may look like an unknown outcome"
            server.faults = MailFaults()
            await channel.send(envelope())
    assert len(server.mails) == 1, "the connection, or a new one, serves the next mail"
    assert ADDRESS not in str(raised.value)
    assert raised.value.__cause__ is None
    ours = [line.getMessage() for line in caplog.records if not line.name.startswith("mail.")]
    assert not [line for line in ours if ADDRESS in line]


async def test_a_connection_cut_after_the_mail_is_an_unknown_outcome():
    with mail_server() as server:
        server.faults = MailFaults(drop_after_data=True)
        async with channel_to(server.port) as channel:
            with pytest.raises(OutcomeUnknownError):
                await channel.send(envelope())
            server.faults = MailFaults()
            await channel.send(envelope(is_repeat=True))
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_server_that_hangs_is_left_and_the_next_mail_goes():
    with mail_server() as server:
        server.faults = MailFaults(hang=True)
        async with channel_to(server.port, smtp_timeout_seconds=0.5) as channel:
            with pytest.raises(OutcomeUnknownError):
                await channel.send(envelope())
        server.faults = MailFaults()
        async with channel_to(server.port) as channel:
            await channel.send(envelope(is_repeat=True))
    assert len(server.mails) == 2


async def test_a_cancelled_mail_leaves_a_channel_that_works():
    with mail_server() as server:
        server.faults = MailFaults(hang=True)
        async with channel_to(server.port) as channel:
            sending = asyncio.create_task(channel.send(envelope()))
            await asyncio.to_thread(wait_until, lambda: server.mails, "the server has the mail")
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            server.faults = MailFaults()
            await asyncio.wait_for(channel.send(envelope(is_repeat=True)), 15)


async def test_a_server_that_went_away_comes_back():
    server = MailServer()
    server.start()
    try:
        async with channel_to(server.port) as channel:
            await channel.send(envelope())
            server.stop()
            with pytest.raises(RetryError) as away:
                await channel.send(envelope(message_id="second"))
            assert not isinstance(away.value, OutcomeUnknownError)
            server.start()
            # The kept connection is dead; the channel notices and takes a new one.
            await channel.send(envelope(message_id="second"))
    finally:
        server.stop()
    assert len(server.mails) == 2


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b\r\nBcc: c@example.vn", "a b@example.vn", "ạ@example.vn", "@"]
)
async def test_what_is_no_address_is_rejected_before_anything_is_sent(address: str):
    with mail_server() as server:
        async with channel_to(server.port) as channel:
            with pytest.raises(RejectError) as raised:
                await channel.send(envelope(address=address))
    assert raised.value.code == "bad_address"
    assert not address or address not in str(raised.value)
    assert server.mails == []


def test_an_envelope_shows_neither_address_nor_text():
    shown = repr(envelope(html="<p>Quá hạn</p>", fields=(("dossier_id", "000.25"),)))
    assert ADDRESS not in shown
    assert "Kính gửi" not in shown
    assert "000.25.28.H28-240903-0003" in shown


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"smtp_host": "mail", "mail_from": ""}, "IOC_ALERTS_MAIL_FROM"),
        ({"smtp_username": "ioc", "smtp_security": "none"}, "in the clear"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], says: str):
    with pytest.raises(ValueError, match=says):
        ChannelSettings(_env_file=None, **settings)


async def test_wrong_senders_and_certificates_stop_the_start(tmp_path: Path):
    for given in (
        {"mail_from": "ioc"},
        {"smtp_ca_file": tmp_path / "none.pem"},
        {"smtp_username": "ioc", "smtp_password": "mật khẩu", "smtp_security": "tls"},
    ):
        with pytest.raises(ConfigurationError, match="IOC_ALERTS_"):
            async with channel_to(25, **given):
                pass
