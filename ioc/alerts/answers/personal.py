"""Whether a text seems to hold personal data: long numbers and mail addresses.

Telephone and identity numbers have nine digits or more, also when written in groups. Codes of
dossiers and dates are taken out first: people write them into explanations, and they are no
personal data.
"""

from __future__ import annotations

import re
import unicodedata

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"(?:\d[\s.\-()/]*){9,}")
#: Codes like 000.25.28.H28-240903-0003 and H44.100-240903-0003.
_CODE = re.compile(
    r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.)?H\d{2}(?:\.\d+)*-\d{6}-\d{4,6}(?!\d)", re.I
)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}([/.\-])\d{1,2}\1\d{4}|\d{4}-\d{2}-\d{2})(?!\d)")


def holds_personal_data(text: str) -> bool:
    """Whether somebody should take something out before the text is stored."""
    plain = unicodedata.normalize("NFKC", text)
    if _MAIL.search(plain):
        return True
    return bool(_NUMBER.search(_DATE.sub(" ngày ", _CODE.sub(" hồ sơ ", plain))))
