"""Settings of what the gateway lets others read."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from schemas.settings import read_secret, settings_config


class ReadingSettings(BaseSettings):
    """Looking dossiers up, lists of changes, statistics (IOC_READING_…)."""

    model_config = settings_config("IOC_READING_")

    lookups_per_second: float = Field(
        default=20.0, gt=0, description="Dossiers a second that one key may look up."
    )
    lookups_burst: int = Field(
        default=60, ge=1, description="Dossiers that one key may look up at once after a pause."
    )
    misses_per_minute: float = Field(
        default=10.0,
        gt=0,
        description="Look-ups a minute of one key from one address that may find nothing; as many "
        "at once.",
    )
    key_misses_per_minute: float = Field(
        default=60.0,
        gt=0,
        description="The same of one key from all addresses together.",
    )
    queries_per_minute: float = Field(
        default=60.0,
        gt=0,
        description="Lists and statistics a minute that one key may ask for; and as many "
        "reconciliations, of which one counts once more for every 10,000 dossiers.",
    )
    receipt_key_file: Path | None = Field(
        default=None,
        description="File with a secret of 32 characters at least (mode 0600); with it a look-up "
        "needs the digits printed on the receipt.",
    )
    receipt_digits: int = Field(
        default=6, ge=4, le=10, description="How many digits are printed on the receipt."
    )
    page_rows: int = Field(
        default=1_000, ge=1, le=10_000, description="Dossiers of one page of changes at most."
    )

    def receipt_secret(self) -> SecretStr | None:
        """Return the secret behind the receipts' digits; None = no second factor is asked for."""
        return read_secret(self.receipt_key_file) if self.receipt_key_file else None
