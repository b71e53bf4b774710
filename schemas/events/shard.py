"""Where a dossier lives: its shard and its partition.

The shard is fixed by the schema; partition counts divide it, so partitions can be added without
moving a dossier between shards.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Fixed number of shards; every partition count divides it.
SHARDS = 48
ALLOWED_PARTITION_COUNTS: tuple[int, ...] = tuple(
    n for n in range(1, SHARDS + 1) if SHARDS % n == 0
)

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Kafka's murmur2 of a key, unsigned 32 bit (as its Java client computes it)."""
    length = len(data)
    h = _SEED ^ length
    whole = length & ~3
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little") * _M & _MASK
        k = (k ^ (k >> 24)) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    rest = length - whole
    if rest:
        h = (h ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    h = (h ^ (h >> 13)) * _M & _MASK
    return h ^ (h >> 15)


def shard_of(dossier_id: str) -> int:
    """Return the shard (0-47) of a dossier; 6 µs in plain Python, so callers keep the answer."""
    return (murmur2(dossier_id.encode()) & 0x7FFFFFFF) % SHARDS


def partition_of_shard(shard: int, partitions: int) -> int:
    """Return the home partition of a shard: what Kafka's default partitioner gives for its keys."""
    return shard % partitions


def shards_of_partition(partition: int, partitions: int) -> Iterable[int]:
    """Yield the shards that live in a partition."""
    return range(partition, SHARDS, partitions)
