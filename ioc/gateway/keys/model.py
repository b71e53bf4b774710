"""One key: what it opens, and the text that its holder has.

The text is `ioc_<key id>_<secret>`. Its secret is 32 random bytes, so one round of SHA-256 is
enough to store: there is nothing to guess. The beginning makes keys findable in files that
should not hold them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

#: Also of a text that was cut off.
_SECRET = re.compile(r"(ioc_[0-9a-f]{12}_)[A-Za-z0-9_-]+")
_TEXT = re.compile(r"ioc_(?P<key_id>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")


class Right(StrEnum):
    """What a key may do."""

    PUSH = "push"
    LOOKUP = "lookup"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is stored: without its secret.

    Attributes:
        key_id: public name, in audit rows and lists.
        version: epoch milliseconds of the row; the newest row counts.
        label: what people call it, no personal data.
        source: the only `source` that its events may have.
        units: codes that it was issued for; sub-units are included.
        rights: what it may do.
        sandbox: whether its events go to the sandbox topic and never into figures.
        secret_hash: SHA-256 of the key's whole text, hexadecimal.
        created_at: epoch seconds; so all times below, 0 = never.
        expires_at: first second at which it does not work any more.
        revoked_at: when it was taken away.
    """

    key_id: str
    version: int
    label: str
    source: str
    units: tuple[str, ...]
    rights: frozenset[Right]
    sandbox: bool
    secret_hash: str
    created_at: int
    expires_at: int = 0
    revoked_at: int = 0

    def works(self, now: int) -> bool:
        """Whether it opens anything at this epoch second."""
        return not self.revoked_at and (not self.expires_at or now < self.expires_at)


def new_text() -> tuple[str, str]:
    """Return a new key's id and text; the text is shown once and stored nowhere."""
    key_id = secrets.token_hex(6)
    return key_id, f"ioc_{key_id}_{secrets.token_urlsafe(32)}"


def key_id_of(text: str) -> str | None:
    """Return the id in a key's text; None if it is no such text."""
    match = _TEXT.fullmatch(text)
    return None if match is None else match["key_id"]


def without_secrets(text: str) -> str:
    """Return a text in which keys are named by their ids alone; for what strangers wrote."""
    return _SECRET.sub(r"\1…", text) if "ioc_" in text else text


def hash_of(text: str) -> str:
    """Return what is stored of a key's text."""
    return hashlib.sha256(text.encode()).hexdigest()
