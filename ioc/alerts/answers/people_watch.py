"""The people of the file as it is now: whoever was taken out of it hears and answers no more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from ioc.alerts.people_book import PeopleBook
from ioc.alerts.people_file import load_people
from schemas.errors import ConfigurationError
from schemas.reference import UnitRegistry

log = logging.getLogger("ioc.alerts.people")


class PeopleWatch:
    """Reads the file anew when it changed.

    Args:
        path: of the people file.
        units: whom posts are of.
        load: reads it, with further checks; blocks.
    """

    def __init__(
        self,
        path: Path,
        units: UnitRegistry,
        load: Callable[[Path, UnitRegistry], PeopleBook] = load_people,
    ) -> None:
        """Read it. Blocks.

        Raises:
            ConfigurationError: it is missing or wrong; says where.
        """
        self._path, self._units, self._load = path, units, load
        self._seen = self._stamp()
        self._book = load(path, units)

    async def book(self) -> PeopleBook:
        """Return the people of now; those of before while the new file is wrong."""
        stamp = await asyncio.to_thread(self._stamp)
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._book = await asyncio.to_thread(self._load, self._path, self._units)
            except ConfigurationError as error:
                log.error("%s; the people of before stay", error)  # noqa: TRY400 - no trace needed
        return self._book

    def _stamp(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)
