"""A filter that knows cheaply that a dossier id is new, so that no look-up is needed for it."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

#: 2^23 bits = 1 MiB a shard: at 200,000 ids (10 million in 48 shards) 0.2 % of the new ids are
#: looked up for nothing.
_BITS = 1 << 23
_MASK = _BITS - 1


class KnownIds:
    """A Bloom filter over CRC-32, which ClickHouse computes too (`CRC32`), so that a shard's ids
    are loaded as numbers instead of texts. No false negatives.
    """  # noqa: D205

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, dossier_id: str) -> None:
        """Remember an id."""
        one, other = _places(crc32(dossier_id.encode()))
        self._bits[one >> 3] |= 1 << (one & 7)
        self._bits[other >> 3] |= 1 << (other & 7)

    def may_hold(self, dossier_id: str) -> bool:
        """Whether the id may be known; False is certain."""
        bits = self._bits
        one, other = _places(crc32(dossier_id.encode()))
        return bool(bits[one >> 3] >> (one & 7) & bits[other >> 3] >> (other & 7) & 1)

    def load(self, checksums: npt.NDArray[np.uint32]) -> None:
        """Remember many ids by their CRC-32."""
        numbers = checksums.astype(np.uint64)
        view = np.frombuffer(self._bits, dtype=np.uint8)
        for bits in (numbers & _MASK, numbers * _SPREAD % _PRIME & _MASK):
            np.bitwise_or.at(view, bits >> 3, (1 << (bits & 7)).astype(np.uint8))


_SPREAD = 2_654_435_761
_PRIME = 4_294_967_291


def _places(checksum: int) -> tuple[int, int]:
    return checksum & _MASK, checksum * _SPREAD % _PRIME & _MASK
