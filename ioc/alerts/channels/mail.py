"""Makes a mail of an envelope."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from ioc.alerts.channels.envelope import Envelope
from schemas.alert_texts import AlertText
from schemas.errors import ConfigurationError, RejectError

_ID_LENGTH = 32
#: RFC 5321: dot-atoms on both sides, 254 characters; no quoted texts, no addresses of machines.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_MAX_ADDRESS_LENGTH = 254


def parse_sender(text: str) -> Address:
    """Return the sender of the settings; raises `ConfigurationError`."""
    name, spec = parseaddr(text)
    try:
        return Address(display_name=name, addr_spec=_plain(spec))
    except ValueError:
        raise ConfigurationError(
            "IOC_ALERTS_MAIL_FROM and IOC_ALERTS_MAIL_REPLY_TO look like: IOC <ioc@example.vn>"
        ) from None


def mail_id(message_id: str, domain: str) -> str:
    """Return the Message-ID: the same for the same message, so that a repeat can be told."""
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:_ID_LENGTH]
    return f"<{digest}@{domain}>"


def make_mail(
    envelope: Envelope, sender: Address, reply_to: Address | None, now: dt.datetime
) -> EmailMessage:
    """Return the mail, ready to be sent.

    Raises:
        RejectError: `bad_address`; the address is not in the error.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = _recipient(envelope.address)
    if reply_to is not None:
        mail["Reply-To"] = reply_to
    mail["Subject"] = _subject(envelope)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = mail_id(envelope.message_id, sender.domain)
    # RFC 3834: nobody's holiday notice should answer a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    # Base64: Vietnamese text passes servers that take seven bits only.
    mail.set_content(envelope.text, cte="base64")
    if envelope.html:
        mail.add_alternative(envelope.html, subtype="html", cte="base64")
    for each in envelope.attachments:
        main, _, sub = each.media_type.partition("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    return mail


def _recipient(text: str) -> Address:
    try:
        return Address(addr_spec=_plain(text.strip()))
    except ValueError:
        raise RejectError("bad_address", "this is no mail address", field="address") from None


def _plain(spec: str) -> str:
    if not _ADDRESS.fullmatch(spec) or len(spec) > _MAX_ADDRESS_LENGTH:
        raise ValueError("no mail address")
    return spec


def _subject(envelope: Envelope) -> str:
    subject = " ".join(envelope.subject.split())
    if not envelope.is_repeat:
        return subject
    return f"[{AlertText.REPEAT.in_language(envelope.language)}] {subject}"
