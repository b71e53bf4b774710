"""Reads a mapping file (YAML) and checks it; every message points to the line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ioc.mapping.model import FIELDS, As, EventRule, MappingFile, Rule
from schemas.errors import ReferenceDataError

MOST_BYTES = 256 * 1024
_NAMES = ("source", "shape", "records", "delimiter", "times", "fields", "events")
_RULE_NAMES = ("from", "constant", "as", "values")
_REQUIRED = ("dossier_id", "status", "occurred_at")
_SAMPLE = dt.datetime(2024, 9, 3, 8, 15, 30, tzinfo=dt.UTC)


def load_mapping(path: Path) -> MappingFile:
    """Return a checked mapping; blocks while reading.

    Raises:
        ReferenceDataError: the first fault, with file, line, and what is allowed.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise ReferenceDataError(str(path), 1, f"longer than {MOST_BYTES} bytes")
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(str(path), 1, f"cannot be read: {error}") from None
    return check_mapping(text, str(path))


def check_mapping(text: str, path: str = "mapping") -> MappingFile:
    """Do what `load_mapping` does, for a text."""
    return _Checker(path).check(text)


class _Checker:
    def __init__(self, path: str) -> None:
        self._path = path

    def check(self, text: str) -> MappingFile:
        try:
            # Aliases may blow a small file up; a mapping needs none.
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    raise ReferenceDataError(
                        self._path, _line_of(event.start_mark), "aliases (*) are not allowed"
                    )
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            # Where the broken part begins, which is what a person has to look at.
            mark = error.context_mark or error.problem_mark
            raise ReferenceDataError(
                self._path, _line_of(mark), f"no YAML: {error.problem}"
            ) from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise ReferenceDataError(self._path, 1, f"no YAML: {error}") from None
        if not isinstance(root, MappingNode):
            raise ReferenceDataError(self._path, 1, f"needs the names {', '.join(_NAMES)}")
        found = self._named(root, _NAMES)
        for name in ("source", "shape", "events"):
            if name not in found:
                raise self._fault(root, f'"{name}" is missing')
        shape = self._text(found["shape"])
        if shape not in ("csv", "json"):
            raise self._fault(found["shape"], f'shape: "{shape}", allowed are csv and json')
        fields = self._rules(found["fields"]) if "fields" in found else {}
        events_node = found["events"]
        if not isinstance(events_node, SequenceNode) or not events_node.value:
            raise self._fault(events_node, "events: a list of at least one event is needed")
        return MappingFile(
            source=self._filled(found["source"], "source"),
            shape="csv" if shape == "csv" else "json",
            fields=fields,
            events=tuple(self._event(node, fields) for node in events_node.value),
            times=self._times(found.get("times")),
            records=self._text(found["records"]) if "records" in found else "",
            delimiter=self._delimiter(found.get("delimiter")),
        )

    def _event(self, node: Node, fields: dict[str, Rule]) -> EventRule:
        own = self._rules(node)
        for name in _REQUIRED:
            if name not in own and name not in fields:
                raise self._fault(node, f'this event has no "{name}", nor have the fields above')
        return EventRule(own, _line(node))

    def _rules(self, node: Node) -> dict[str, Rule]:
        return {name: self._rule(name, value) for name, value in self._named(node, FIELDS).items()}

    def _rule(self, name: str, node: Node) -> Rule:
        kind, line = FIELDS[name], _line(node)
        if isinstance(node, ScalarNode):
            # A number stands for itself, a text names a column.
            if node.tag.endswith(":int"):
                return self._constant(name, node)
            return Rule((self._filled(node, name),), read_as=kind, line=line)
        if isinstance(node, SequenceNode):
            return Rule(self._places(node, name), read_as=kind, line=line)
        found = self._named(node, _RULE_NAMES)
        if ("from" in found) == ("constant" in found):
            raise self._fault(node, f'{name}: either "from" or "constant" is needed')
        if "constant" in found:
            return self._constant(name, found["constant"])
        if "as" in found:
            kind = self._kind(name, found["as"])
        return Rule(
            self._places(found["from"], name),
            read_as=kind,
            values=self._values(name, found["values"]) if "values" in found else {},
            line=line,
        )

    def _constant(self, name: str, node: Node) -> Rule:
        text = self._filled(node, name)
        if FIELDS[name] == "number":
            if not (text.isascii() and text.isdigit()):
                raise self._fault(node, f'{name}: "{text}" is no number')
            self._check_code(name, int(text), node)
            return Rule(constant=int(text), line=_line(node))
        if FIELDS[name] == "time":
            raise self._fault(node, f"{name}: a time cannot be a constant; name a column")
        return Rule(constant=text, read_as=FIELDS[name], line=_line(node))

    def _values(self, name: str, node: Node) -> dict[str, str | int]:
        if not isinstance(node, MappingNode) or not node.value:
            raise self._fault(node, f"{name}: values must say what each text means")
        meanings: dict[str, str | int] = {}
        for key, value in node.value:
            text, meaning = self._text(key), self._text(value)
            if text.strip().casefold() in meanings:
                raise self._fault(key, f'{name}: "{text}" stands here twice')
            if FIELDS[name] == "number":
                if not (meaning.isascii() and meaning.isdigit()):
                    raise self._fault(value, f'{name}: "{meaning}" is no number')
                self._check_code(name, int(meaning), value)
                meanings[text.strip().casefold()] = int(meaning)
            else:
                meanings[text.strip().casefold()] = meaning
        return meanings

    def _check_code(self, name: str, number: int, node: Node) -> None:
        most = {"status": 10, "channel": 3}.get(name)
        if most is not None and not 1 <= number <= most:
            raise self._fault(node, f"{name}: {number}, allowed are 1-{most}")

    def _kind(self, name: str, node: Node) -> As:
        text = self._text(node)
        for kind in get_args(As):
            if kind == text and (kind == FIELDS[name] or {kind, FIELDS[name]} <= {"unit", "code"}):
                chosen: As = kind
                return chosen
        allowed = "unit or code" if FIELDS[name] == "code" else FIELDS[name]
        raise self._fault(node, f'{name}: cannot be read as "{text}", only as {allowed}')

    def _places(self, node: Node, name: str) -> tuple[str, ...]:
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        if not nodes:
            raise self._fault(node, f"{name}: names no column")
        return tuple(self._filled(one, name) for one in nodes)

    def _times(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ("iso",)
        formats = self._places(node, "times")
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        for text, one in zip(formats, nodes, strict=True):
            if text == "iso":
                continue
            try:
                fits = dt.datetime.strptime(_SAMPLE.strftime(text), text).date() == _SAMPLE.date()  # noqa: DTZ007
            except ValueError:
                fits = False
            if not fits:
                raise self._fault(
                    one, f'times: "{text}" holds no whole date; write such as %d/%m/%Y %H:%M'
                )
        return formats

    def _delimiter(self, node: Node | None) -> str:
        if node is None:
            return ""
        text = self._text(node)
        if len(text) != 1:
            raise self._fault(node, f'delimiter: "{text}" is not one character')
        return text

    def _named(self, node: Node, allowed: object) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            raise self._fault(node, "names and values are needed here")
        names = list(allowed)  # type: ignore[call-overload]
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = self._text(key)
            if name not in names:
                raise self._fault(key, f'"{name}" is unknown; allowed are {", ".join(names)}')
            if name in found:
                raise self._fault(key, f'"{name}" stands here twice')
            found[name] = value
        return found

    def _filled(self, node: Node, name: str) -> str:
        text = self._text(node).strip()
        if not text:
            raise self._fault(node, f"{name}: is empty")
        return text

    def _text(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self._fault(node, "one text or number is needed here")
        return str(node.value)

    def _fault(self, node: Node, message: str) -> ReferenceDataError:
        return ReferenceDataError(self._path, _line(node), message)


def _line(node: Node) -> int:
    return _line_of(node.start_mark)


def _line_of(mark: Any) -> int:
    """Return a mark's line from 1; the first where there is none."""
    return 1 if mark is None else int(mark.line) + 1


def load_folder(folder: Path) -> Iterator[tuple[str, MappingFile]]:
    """Yield name (of the file, without its suffix) and mapping of every file of a folder.

    Raises:
        ReferenceDataError: as `load_mapping`.
    """
    for path in sorted(folder.glob("*.yaml")):
        yield path.stem, load_mapping(path)
