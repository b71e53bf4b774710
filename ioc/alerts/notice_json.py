"""Notices as the JSON that the ledger keeps."""

from __future__ import annotations

import msgspec

from ioc.alerts.notice import Notice

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Notice)


def notice_to_json(notice: Notice) -> str:
    """Return the text that `notice_from_json` reads back as an equal notice."""
    return _encoder.encode(notice).decode()


def notice_from_json(text: str) -> Notice:
    """Read a notice back.

    Raises:
        msgspec.ValidationError: it is no notice of this release.
    """
    return _decoder.decode(text)
