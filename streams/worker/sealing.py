"""Dead letters are kept whole, but nobody reads them without the key."""

from __future__ import annotations

import base64

import orjson
from cryptography.fernet import Fernet, InvalidToken

from schemas.errors import ConfigurationError


class Seal:
    """Encrypts and opens a record's key and value (Fernet: AES-128-CBC with HMAC-SHA-256)."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key)
        except ValueError:
            raise ConfigurationError(
                "the dead-letter key is no Fernet key; make one with: ioc dead-letters new-key"
            ) from None

    def close(self, key: bytes | None, value: bytes | None) -> str:
        """Encrypt a record; the answer is text."""
        whole = [None if part is None else base64.b64encode(part).decode() for part in (key, value)]
        return self._fernet.encrypt(orjson.dumps(whole)).decode()

    def open(self, sealed: str) -> tuple[bytes | None, bytes | None]:
        """Decrypt a record.

        Raises:
            ConfigurationError: it was sealed with another key, or is damaged.
        """
        try:
            parts = orjson.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise ConfigurationError(
                "this key does not open the dead letter: it was sealed with another one"
            ) from None
        key, value = (None if part is None else base64.b64decode(part) for part in parts)
        return key, value
