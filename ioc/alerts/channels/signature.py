"""Signatures of webhooks: HMAC-SHA256 over the time and the body.

A receiver computes the same over the header `X-IOC-Timestamp`, a dot and the body as it came, and
compares in constant time; it refuses times that are minutes away, so that a recorded request
cannot be played again later.
"""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP_HEADER = "X-IOC-Timestamp"
SIGNATURE_HEADER = "X-IOC-Signature"
#: How far the two clocks may differ, seconds.
TOLERANCE_SECONDS = 300
_VERSION = "v1="


def sign(key: bytes, at: int, body: bytes) -> str:
    """Return the value of `X-IOC-Signature` for a body that is sent at `at`, epoch seconds."""
    digest = hmac.new(key, str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"{_VERSION}{digest}"


def verify(key: bytes, timestamp: str, signature: str, body: bytes, now: int) -> bool:
    """Whether a request was signed with the key within the last minutes. Never raises."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    expected = sign(key, int(timestamp), body)
    return hmac.compare_digest(signature.encode(), expected.encode())
