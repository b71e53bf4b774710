"""The file of rejected lines beside a replayed one."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from ioc.replay.item import Item
from ioc.replay.reasons import reason_of


def rejects_path(path: Path) -> Path:
    """Return where the rejects of a file go."""
    return path.with_name(path.name + ".rejects.ndjson")


class RejectsFile:
    """Appends rejects; made, readable by its owner alone, when the first one comes.

    The original lines may hold personal data, so nobody else may read the file and no log
    quotes it.
    """

    def __init__(self, path: Path, keep_bytes: int) -> None:
        """Prepare; nothing is touched yet.

        Args:
            path: the rejects file.
            keep_bytes: what an interrupted replay had written for certain; the rest goes.
        """
        self.path = path
        self._keep_bytes = keep_bytes
        self._file: int | None = None
        self.size_bytes = keep_bytes

    def __enter__(self) -> Self:
        """Take away what the lines that are read again had left."""
        present = self.path.stat().st_size if self.path.exists() else 0
        self.size_bytes = min(self._keep_bytes, present)
        if self.size_bytes < present:
            os.truncate(self.path, self.size_bytes)
        if not self.size_bytes:
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)

    def write(self, item: Item) -> None:
        """Write one line for every reject of an item."""
        for error in item.rejects:
            reason = reason_of(error)
            line = {
                "line": item.line,
                "code": reason.code,
                "reason_vi": reason.vi,
                "reason_en": reason.en,
                "field": reason.field,
                "original": item.original.decode("utf-8", "replace"),
            }
            data = orjson.dumps(line) + b"\n"
            if self._file is None:
                self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.fchmod(self._file, 0o600)
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            self.size_bytes += len(data)

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        if self._file is not None:
            os.fsync(self._file)
