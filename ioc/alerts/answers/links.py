"""Signed addresses at which one person answers one alert, or all alerts of one message.

The address itself is the permission, as long as it lasts: it names person, role and alert, so it
must not be passed on. It is made from the notice alone: a message that is sent again has the same
address.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

from schemas.alert_settings import AnswerSettings
from schemas.alerting.names import Role
from schemas.errors import ConfigurationError, RejectError
from schemas.settings import read_secret

#: Path of the pages below the public address.
PATH = "/a/"
_SALT = "ioc.alerts.answers.links.v1"
_MIN_KEY_LENGTH = 32
_MAX_TOKEN_LENGTH = 2_000


class Scope(StrEnum):
    """What an address is about."""

    ALERT = "a"
    NOTICE = "n"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an address permits, once its signature was checked.

    Attributes:
        subject: alert id or notice id, as the scope says.
        expires_at: epoch seconds.
        ticket_id: same address, same id.
    """

    scope: Scope
    person: str
    role: Role
    subject: str
    expires_at: int
    ticket_id: str


class LinkSigner:
    """Makes and reads the tokens of addresses."""

    def __init__(self, key: str) -> None:
        """Sign with a key.

        Raises:
            ConfigurationError: it is too short.
        """
        if len(key) < _MIN_KEY_LENGTH:
            raise ConfigurationError(
                f"the key of the links needs at least {_MIN_KEY_LENGTH} characters"
            )
        self._serializer = URLSafeSerializer(
            key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256}
        )

    def sign(self, scope: Scope, person: str, role: str, subject: str, expires_at: int) -> str:
        """Return the token; the same input gives the same token."""
        return str(self._serializer.dumps([scope.value, person, role, subject, expires_at]))

    def read(self, token: str, now: int) -> Ticket:
        """Return what a token permits.

        Raises:
            RejectError: `expired`, or `bad_link` for everything that was not signed here.
        """
        if len(token) > _MAX_TOKEN_LENGTH:
            raise RejectError("bad_link", "this is no link of ours")
        try:
            scope, person, role, subject, expires_at = self._serializer.loads(token)
            ticket = Ticket(
                Scope(scope), person, Role(role), subject, int(expires_at), ticket_id(token)
            )
        except (BadData, ValueError, TypeError):
            raise RejectError("bad_link", "this is no link of ours") from None
        # Base64 leaves bits unused: the same signature has several spellings, and a second spelling
        # would be a second link.
        made = self.sign(ticket.scope, person, ticket.role.value, subject, ticket.expires_at)
        if not hmac.compare_digest(made.encode(), token.encode()):
            raise RejectError("bad_link", "this is no link of ours")
        if now >= ticket.expires_at:
            raise RejectError("expired", "the link has expired")
        return ticket


class AnswerLinks:
    """The `Links` of messages."""

    def __init__(self, signer: LinkSigner, public_url: str, link_hours: float) -> None:
        self._signer = signer
        self._address = public_url.rstrip("/") + PATH
        self._seconds = int(link_hours * 3600)

    def of_alert(self, person: str, role: str, alert_id: str, made_at: int) -> str:
        """Return the address for one alert."""
        return self._make(Scope.ALERT, person, role, alert_id, made_at)

    def of_notice(self, person: str, role: str, notice_id: str, made_at: int) -> str:
        """Return the address for all alerts of a message."""
        return self._make(Scope.NOTICE, person, role, notice_id, made_at)

    def _make(self, scope: Scope, person: str, role: str, subject: str, made_at: int) -> str:
        expires_at = made_at + self._seconds
        return self._address + self._signer.sign(scope, person, role, subject, expires_at)


def ticket_id(token: str) -> str:
    """Return a short identity of a token, from which the token cannot be found."""
    return hashlib.sha256(token.encode()).hexdigest()[:24]


def read_key(settings: AnswerSettings) -> str:
    """Return the key that signs links.

    Raises:
        ConfigurationError: none is named, or others may read it.
    """
    path: Path | None = settings.key_file
    if path is None:
        raise ConfigurationError("IOC_ANSWERS_KEY_FILE is not set; make one: ioc alerts new-key")
    return read_secret(path).get_secret_value()


def make_links(settings: AnswerSettings) -> AnswerLinks | None:
    """Return what makes the addresses of messages; None where no public address is set.

    Raises:
        ConfigurationError: an address without a usable key.
    """
    if not settings.public_url:
        return None
    return AnswerLinks(LinkSigner(read_key(settings)), settings.public_url, settings.link_hours)
