"""YAML files whose mistakes are told with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import ReferenceDataError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

#: Far above any province's people; a larger file is not ours.
_MAX_BYTES = 8 << 20


class LinedFile:
    """A YAML file: its plain data, and the line on which each part of it begins.

    Attributes:
        path: for messages.
        data: dicts, lists and scalars.
    """

    def __init__(self, path: Path) -> None:
        """Read the file; blocks.

        Raises:
            ReferenceDataError: it cannot be read, is no YAML, or names a key twice.
        """
        self.path = path
        self._lines: dict[Place, int] = {(): 1}
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ReferenceDataError(str(path), 1, "is larger than 8 MB")
            text = path.read_text(encoding="utf-8-sig")
            # Compose resolves no tag and builds no object; the data is made below.
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "is no YAML"
            raise ReferenceDataError(str(path), mark.line + 1 if mark else 1, problem) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ReferenceDataError(str(path), 1, f"cannot be read: {error}") from None
        self._scalars = yaml.SafeLoader("")
        self.data: Any = None if node is None else self._build(node, ())

    def line_of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest part around it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def error(self, place: Place, message: str) -> ReferenceDataError:
        """Return the error to raise about a place."""
        return ReferenceDataError(str(self.path), self.line_of(place), message)

    def parse(self, model: type[Model]) -> Model:
        """Return the data as a model.

        Raises:
            ReferenceDataError: the first mistake, with its line.
        """
        if not isinstance(self.data, dict):
            raise self.error((), "must be a mapping of names to values")
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            places = [(self._place(each["loc"]), each) for each in error.errors()]
            place, first = min(places, key=lambda pair: self.line_of(pair[0]))
            where = ".".join(str(part) for part in place)
            raise self.error(place, f"{where}: {_sentence(first)}") from None

    def _place(self, loc: tuple[str | int, ...]) -> Place:
        # Pydantic puts names of union members between; they are no part of the file.
        place: Place = ()
        for part in loc:
            if (*place, part) in self._lines:
                place = (*place, part)
            elif part is loc[-1]:
                return (*place, part)
        return place

    def _build(self, node: yaml.Node, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            built: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if key in built:
                    raise ReferenceDataError(
                        str(self.path), key_node.start_mark.line + 1, f'"{key}" stands here twice'
                    )
                self._lines[(*place, key)] = key_node.start_mark.line + 1
                built[key] = self._build(value_node, (*place, key))
            return built
        if isinstance(node, yaml.SequenceNode):
            return [self._build(each, (*place, n)) for n, each in enumerate(node.value)]
        return self._scalars.construct_object(node)


def _sentence(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "there is no such entry; look at the schema for those that are"
    if error["type"] == "missing":
        return "is missing"
    text: str = error["msg"]
    return text.removeprefix("Value error, ")
