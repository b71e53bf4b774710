"""Which names of records a mapping does not read: what is lost on purpose or not."""

from __future__ import annotations

from ioc.mapping.model import MappingFile

#: Names that are told; nobody needs more to see what is wrong.
_MOST_NAMES = 50
_SHOWN_CHARACTERS = 128


class Unread:
    """Collects the names, each once and without its values, which may be anybody's."""

    def __init__(self, mapping: MappingFile) -> None:
        """Know what the mapping reads."""
        self._read = set(mapping.places())
        for place in mapping.places():  # a name that stands above one that is read
            names = place.split(".")
            self._read.update(".".join(names[:depth]) for depth in range(1, len(names)))
        self._names: dict[str, None] = {}

    @property
    def names(self) -> list[str]:
        """In the order in which they came."""
        return list(self._names)

    def note(self, record: object) -> None:
        """Look at one record."""
        if not isinstance(record, dict) or len(self._names) >= _MOST_NAMES:
            return
        for name in record:
            if name in self._read:
                continue
            self._names[str(name)[:_SHOWN_CHARACTERS]] = None
            if len(self._names) >= _MOST_NAMES:
                return
