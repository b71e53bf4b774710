"""The digits that a desk prints on the receipt: known to who holds the paper, stored nowhere."""

from __future__ import annotations

import hashlib
import hmac

from pydantic import SecretStr

from schemas.errors import ConfigurationError
from schemas.reading_settings import ReadingSettings

_LEAST_SECRET = 32


class Receipts:
    """Digits of a dossier: an HMAC of its id under the province's secret."""

    def __init__(self, secret: SecretStr, digits: int) -> None:
        self._secret = secret.get_secret_value().encode()
        self._digits = digits

    @classmethod
    def of(cls, settings: ReadingSettings) -> Receipts | None:
        """Return the receipts of the settings; None where no digits are asked for.

        Raises:
            ConfigurationError: the secret is short, or its file cannot be read or by too many.
        """
        secret = settings.receipt_secret()
        if secret is None:
            return None
        if len(secret.get_secret_value()) < _LEAST_SECRET:
            raise ConfigurationError(
                f"IOC_READING_RECEIPT_KEY_FILE must hold {_LEAST_SECRET} characters at least"
            )
        return cls(secret, settings.receipt_digits)

    def digits_of(self, dossier_id: str) -> str:
        """Return what is printed on the dossier's receipt."""
        mark = hmac.digest(self._secret, b"ioc receipt\0" + dossier_id.encode(), hashlib.sha256)
        return str(int.from_bytes(mark) % 10**self._digits).zfill(self._digits)

    def fits(self, dossier_id: str, given: str) -> bool:
        """Whether these are the digits; takes the same time wherever they differ."""
        expected = self.digits_of(dossier_id)
        return hmac.compare_digest(given.strip().encode(), expected.encode())
