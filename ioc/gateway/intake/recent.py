"""The events that were received lately: the same again, or another content under a known id."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from schemas.events import EventRecord


class Known(Enum):
    """What is remembered of an event."""

    #: Nothing.
    NEW = auto()
    #: The same event: its bytes, or all that it says.
    SAME = auto()
    #: Its id, with something else said under it.
    OTHER = auto()


class Recent:
    """Remembers at least the last `most / 2` events in bounded memory.

    Of events of an earlier process (`load`) only the bytes are known by their hash: under a known
    id another content is then new, and the fold decides between the two, always the same way.
    """

    def __init__(self, most: int) -> None:
        """Remember so many at most."""
        self._half = max(1, most // 2)
        self._young: set[int] = set()
        self._old: set[int] = set()
        #: Hash of an identity -> hash of what was said.
        self._said: dict[int, int] = {}
        self._said_before: dict[int, int] = {}

    def look(self, dossier_id: str, record: EventRecord) -> Known:
        """Say what is known of an event."""
        if record.content_hash in self._young or record.content_hash in self._old:
            return Known.SAME
        identity = _identity(dossier_id, record)
        said = self._said.get(identity)
        if said is None:
            said = self._said_before.get(identity)
            if said is None:
                return Known.NEW
        # Old data loaded later says nothing new of what was told live; told live, it does.
        same = (meaning_of(record), meaning_of(record._replace(backfill=False)))
        return Known.SAME if said in same else Known.OTHER

    def add(self, dossier_id: str, record: EventRecord) -> None:
        """Remember an event that Kafka has."""
        self._add_hash(record.content_hash)
        if len(self._said) >= self._half:
            self._said_before, self._said = self._said, {}
        self._said[_identity(dossier_id, record)] = meaning_of(record)

    def load(self, content_hashes: Iterable[int]) -> None:
        """Remember events of the warehouse, the newest last."""
        for each in content_hashes:
            self._add_hash(each)

    def _add_hash(self, content_hash: int) -> None:
        self._young.add(content_hash)
        if len(self._young) >= self._half:
            self._old, self._young = self._young, set()


def meaning_of(record: EventRecord) -> int:
    """Return a hash, of this process alone, of all that an event says.

    Other spellings of a time and another order of fields change nothing.
    """
    return hash((record[:2], record[3:]))


def _identity(dossier_id: str, record: EventRecord) -> int:
    return hash((dossier_id, record.source, record.event_id))
