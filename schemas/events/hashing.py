"""The hash that decides between two payloads of one event id."""

from __future__ import annotations

from hashlib import blake2b


def content_hash(value: bytes) -> int:
    """Return the unsigned 64-bit hash of a record's value."""
    return int.from_bytes(blake2b(value, digest_size=8).digest(), "big")
