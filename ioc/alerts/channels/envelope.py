"""What is handed to a channel: one message for one address."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; channels that carry none leave it out.

    Attributes:
        name: as the reader sees it, with its ending.
        media_type: e.g. ``application/vnd.openxmlformats-officedocument.spreadsheetml.sheet``.
        content: its bytes.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one address, fully worded.

    It is the only place where an address and a text meet; neither is ever logged, stored or put
    into an exception. `repr` shows the identity alone.

    Attributes:
        message_id: deterministic; the same message has the same id however often it is sent, so
            that a receiver can tell a repeat. ASCII.
        address: as the channel reads it: a mail address, a telephone number, a URL of Apprise.
        subject: one line, without the mark of a repeat.
        text: the whole message as plain text, lines of any length.
        html: the same for mail, or ``""``.
        attachments: files; may be empty.
        is_repeat: an earlier attempt may have arrived; the channel says so in the message.
        language: ``vi`` or ``en``, for what the channel itself adds.
        fields: further values for a webhook's template, e.g. ``dossier_id``; no personal data.
    """

    message_id: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    is_repeat: bool = False
    language: str = "vi"
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
