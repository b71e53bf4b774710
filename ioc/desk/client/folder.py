"""Watches a folder: whatever file desk software leaves there is taken into the spool."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ioc.desk.client.errors import SettingsError
from ioc.desk.client.failpoints import reached
from ioc.desk.client.reading import Intake, TakeFile, take_file
from ioc.desk.client.spool import Spool
from schemas.desk_texts import DeskText

#: Where a file goes when all of it is in the spool, and when it cannot be read at all.
DONE_FOLDER, BAD_FOLDER = "done", "bad"
_SUFFIXES = frozenset({".ndjson", ".jsonl", ".json", ".csv"})


class _Seen(NamedTuple):
    size: int
    changed: int


class FolderWatch:
    """Looks at a folder; call `look` again and again.

    A file counts as complete when two looks find the same size and time. It is moved into `done`
    after its events are on the disk: a power cut between the two takes it once more, harmlessly.
    """

    def __init__(self, folder: Path, take: TakeFile = take_file) -> None:
        """Make the folders beside the files; `take` reads each of these.

        Raises:
            SettingsError: the folder is not there, or cannot be written.
        """
        self._folder, self._take = folder, take
        #: Why files were put aside, for whoever tells it.
        self.faults: list[SettingsError] = []
        self._seen: dict[str, _Seen] = {}
        try:
            for name in (DONE_FOLDER, BAD_FOLDER):
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise SettingsError(DeskText.NO_FILE, path=folder, reason=error.strerror) from None

    def look(self, spool: Spool) -> Intake:
        """Take what is complete, oldest first.

        Raises:
            SpoolFullError: there is no room; the file stays and is taken at a later look.
        """
        total = Intake()
        now: dict[str, _Seen] = {}
        for path in self._files():
            try:
                found = path.stat()
            except OSError:
                continue
            seen = _Seen(found.st_size, found.st_mtime_ns)
            now[path.name] = seen
            if self._seen.get(path.name) != seen:
                continue
            try:
                taken = self._take(spool, path)
            except SettingsError as error:
                self.faults.append(error)
                self._move(path, BAD_FOLDER)
                total = total._replace(bad=total.bad + 1)
                continue
            reached("before_move")
            self._move(path, DONE_FOLDER)
            total = Intake(*(a + b for a, b in zip(total, taken)))
        self._seen = now
        return total

    def _files(self) -> list[Path]:
        found = [
            path
            for path in self._folder.iterdir()
            if path.suffix.lower() in _SUFFIXES and path.is_file()
        ]
        return sorted(found, key=lambda path: path.name)

    def _move(self, path: Path, into: str) -> None:
        """Move without overwriting an older file of the same name."""
        target = self._folder / into / path.name
        number = 1
        while target.exists():
            number += 1
            target = self._folder / into / f"{path.stem}-{number}{path.suffix}"
        try:
            os.replace(path, target)  # noqa: PTH105 - replaces on Windows too
        except OSError:
            # Windows: somebody still holds the file; the next look finds it again.
            self._seen.pop(path.name, None)
