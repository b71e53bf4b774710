"""Words a notice for one person and one channel."""

from __future__ import annotations

from dataclasses import replace

from ioc.alerts.channels.envelope import Attachment, Envelope
from ioc.alerts.messages import about_files, about_units
from ioc.alerts.messages.content import Content
from ioc.alerts.messages.digest import digest
from ioc.alerts.messages.digest_file import digest_file
from ioc.alerts.messages.envelope_parts import Links
from ioc.alerts.messages.mail_html import mail_html
from ioc.alerts.messages.plain_text import MOST_IN_CHAT, plain_text
from ioc.alerts.notice import Notice, NoticeKind
from ioc.alerts.people import Person
from schemas.alert_texts import AlertText

MAIL = "email"
#: A group so large that its files are better read in a table.
_MANY = 20
_WITH_FILE = frozenset({NoticeKind.DIGEST, NoticeKind.WEEKLY, NoticeKind.SUMMARY, NoticeKind.GROUP})


def render(notice: Notice, person: Person, channel: str, links: Links | None) -> Envelope:
    """Return the message, ready for a channel.

    The same notice gives the same words and links each time. Blocks: a digest's Excel file takes
    about a millisecond a file, so call it in a thread.

    Raises:
        KeyError: the person has no address for the channel.
    """
    content = _content(notice, links)
    language = notice.language
    if notice.is_urgent:
        mark = AlertText.URGENT.in_language(language)
        content = replace(content, subject=f"[{mark}] {content.subject}")
    is_mail = channel == MAIL
    html = ""
    if is_mail:
        html = mail_html(content, language, AlertText.ANSWER.in_language(language))
    return Envelope(
        message_id=message_id(notice, channel),
        address=person.contacts[channel],
        subject=content.subject,
        text=plain_text(content, None if is_mail else MOST_IN_CHAT),
        html=html,
        attachments=_files(notice) if is_mail else (),
        is_repeat=notice.is_repeat,
        language=language,
        fields=_fields(notice, content),
    )


def message_id(notice: Notice, channel: str) -> str:
    """Return the identity of a notice on a channel, in ASCII."""
    return f"{notice.notice_id}/{channel}".encode("ascii", "backslashreplace").decode()


def _content(notice: Notice, links: Links | None) -> Content:
    match notice.kind:
        case NoticeKind.SINGLE:
            return about_files.single(notice, links)
        case NoticeKind.GROUP:
            return about_files.group(notice, links)
        case NoticeKind.SUMMARY:
            return about_files.summary(notice, links)
        case NoticeKind.ESCALATION:
            return about_files.escalation(notice, links)
        case NoticeKind.WITHDRAWAL:
            return about_files.withdrawal(notice, links)
        case NoticeKind.UNIT:
            return about_units.unit(notice, links)
        case NoticeKind.TECHNICIAN:
            return about_units.technician(notice, links)
        case NoticeKind.DIGEST | NoticeKind.WEEKLY:
            return digest(notice)


def _files(notice: Notice) -> tuple[Attachment, ...]:
    if notice.kind not in _WITH_FILE or not notice.items:
        return ()
    if notice.digest is None:
        # A table of the first ones would look like one of all: the message lists the others' codes.
        is_cut = notice.total > len(notice.items)
        if is_cut or len(notice.items) < _MANY:
            return ()
    return (digest_file(notice),)


def _fields(notice: Notice, content: Content) -> tuple[tuple[str, str], ...]:
    """Return what a webhook's template may use beside the texts."""
    link = content.link or next((each.link for each in content.entries if each.link), "")
    one = notice.items[0] if len(notice.items) == 1 else None
    return (
        ("kind", notice.kind.value),
        ("short", f"{content.subject} {link}".strip()),
        ("link", link),
        ("rule", one.rule.value if one else ""),
        ("dossier_id", one.dossier_id if one else ""),
        ("unit", notice.unit),
        ("urgent", "1" if notice.is_urgent else ""),
    )
