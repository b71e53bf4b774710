"""A small JSON file of hashes that only its owner may read: commands change it, servers read it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import ConfigurationError

_Content = TypeVar("_Content", bound=BaseModel)
_OTHERS = 0o077


class PrivateFile(Generic[_Content]):
    """One file and its model."""

    def __init__(
        self, path: Path, model: type[_Content], empty: Callable[[], _Content], holds: str
    ) -> None:
        """Read nothing yet.

        Args:
            path: need not exist.
            model: what its JSON must be.
            empty: makes the content of a file that is not there.
            holds: what errors say is in it, such as "wall users".
        """
        self._path, self._model, self._empty, self._holds = path, model, empty, holds
        self._seen: tuple[int, int, int] | None = None
        self._content = empty()

    def read(self) -> _Content:
        """Return what is in it, read anew only when it changed; costs a look at the folder.

        Raises:
            ConfigurationError: others may read it, or it is no such file.
        """
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if self._seen is not None:
                self._seen, self._content = None, self._empty()
            return self._content
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen != self._seen:
            self._content, self._seen = self._load(), seen
        return self._content

    @contextlib.contextmanager
    def changing(self) -> Iterator[_Content]:
        """Give the content to change, and put it in place whole: readers see all of it or none.

        Waits for others who change it. Raises as `read` does.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._beside(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            content = self._load() if self._path.exists() else self._empty()
            yield content
            fresh = self._beside(".new")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content.model_dump_json(indent=1) + "\n")
            fresh.replace(self._path)
        finally:
            os.close(lock)

    def _load(self) -> _Content:
        path = self._path
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            raise ConfigurationError(
                f"{path} holds hashes of {self._holds} but others may read it; "
                f"run: chmod 600 {path.name}"
            )
        try:
            return self._model.model_validate_json(path.read_bytes())
        except ValidationError:
            raise ConfigurationError(f"{path} is no file of {self._holds}") from None

    def _beside(self, ending: str) -> Path:
        return self._path.with_name(self._path.name + ending)
