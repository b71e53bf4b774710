"""Where an interrupted replay goes on."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Position:
    """How far a replay certainly came: everything up to the line is in Kafka.

    Attributes:
        line: last line of which Kafka has every event.
        sent: events up to there.
        rejected: rejects up to there.
        rejects_bytes: size of the rejects file then.
    """

    line: int = 0
    sent: int = 0
    rejected: int = 0
    rejects_bytes: int = 0


class ResumeFile:
    """A small file beside the replayed one, replaced whole and synced each time."""

    def __init__(self, path: Path, target: str) -> None:
        """Prepare; nothing is touched yet.

        Args:
            path: the replayed file.
            target: broker and topic; a position counts for one target alone.
        """
        self.path = path.with_name(path.name + ".resume.json")
        self._source = path
        self._target = target

    def load(self) -> Position:
        """Return the stored position; the beginning if there is none that fits.

        It fits if the file still begins with the same bytes and is not shorter (a growing file
        may go on) and the target is the same.
        """
        try:
            stored = json.loads(self.path.read_bytes())
            head = self._head(stored["head_bytes"])
            if stored["target"] != self._target or stored["head"] != head:
                return Position()
            if self._source.stat().st_size < stored["size_bytes"]:
                return Position()
            return Position(**stored["position"])
        except (OSError, ValueError, KeyError, TypeError):
            # Sending all again is harmless, so a broken file costs time alone.
            return Position()

    def store(self, position: Position) -> None:
        """Store a position; after a crash either this one or the one before is there."""
        size = self._source.stat().st_size
        head_bytes = min(size, _HEAD_BYTES)
        content = {
            "target": self._target,
            "size_bytes": size,
            "head_bytes": head_bytes,
            "head": self._head(head_bytes),
            "position": asdict(position),
        }
        new = self.path.with_name(self.path.name + ".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def remove(self) -> None:
        """Forget the position, because the whole file is sent."""
        self.path.unlink(missing_ok=True)

    def _head(self, length: int) -> str:
        with self._source.open("rb") as file:
            return blake2b(file.read(length), digest_size=16).hexdigest()
