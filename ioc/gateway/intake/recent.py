"""The events that were received lately, by the hash of their content."""

from __future__ import annotations

from collections.abc import Iterable


class Recent:
    """Remembers at least the last `most / 2` events in bounded memory.

    The hash is over the whole event with dossier, source and event id, so the same id with
    another content is not a duplicate: the fold decides between the two.
    """

    def __init__(self, most: int) -> None:
        """Remember so many at most."""
        self._half = max(1, most // 2)
        self._young: set[int] = set()
        self._old: set[int] = set()

    def __contains__(self, content_hash: int) -> bool:
        return content_hash in self._young or content_hash in self._old

    def add(self, content_hash: int) -> None:
        """Remember an event that Kafka has."""
        self._young.add(content_hash)
        if len(self._young) >= self._half:
            self._old, self._young = self._young, set()

    def load(self, content_hashes: Iterable[int]) -> None:
        """Remember events of the warehouse, the newest last."""
        for each in content_hashes:
            self.add(each)
