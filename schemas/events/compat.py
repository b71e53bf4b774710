"""Whether a new JSON Schema accepts everything that an old one accepted.

Desk systems are updated over years, so an event that was valid once must stay valid within one
schema version. The check is conservative: what it cannot compare (a changed pattern, a keyword
it does not know) counts as a narrowing. One narrowing is allowed on purpose: a new *optional*
field, although an old sender may by chance have sent something else under that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_ANNOTATIONS = frozenset(
    {"$id", "$schema", "$defs", "title", "description", "default", "examples", "deprecated"}
)
_COMPARED = frozenset(
    {"$ref", "anyOf", "type", "enum", "const", "required", "properties", "additionalProperties"}
    | {"items", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
)
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def incompatibilities(old: Schema, new: Schema) -> Iterator[str]:
    """Yield a sentence for everything that `old` accepted and `new` may refuse."""
    yield from _Comparison(old, new).compare(old, new, "event")


class _Comparison:
    """Two documents whose `$ref`s are resolved within themselves."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old_definitions: Schema = old.get("$defs", {})
        self._new_definitions: Schema = new.get("$defs", {})

    def compare(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        old = _resolved(old, self._old_definitions)
        new = _resolved(new, self._new_definitions)
        if "anyOf" in old or "anyOf" in new:
            yield from self._compare_branches(old, new, path)
            return
        yield from _compare_types(old, new, path)
        yield from _compare_values(old, new, path)
        yield from _compare_bounds(old, new, path)
        for keyword in ("pattern", "format"):
            if keyword in new and new[keyword] != old.get(keyword):
                yield f"{path}: {keyword} is new or changed: {new[keyword]}"
        for keyword in sorted(new.keys() - _ANNOTATIONS - _COMPARED):
            if new[keyword] != old.get(keyword):
                yield f"{path}: {keyword} is new or changed and cannot be compared"
        yield from self._compare_objects(old, new, path)
        if "items" in new:
            yield from self.compare(old.get("items", {}), new["items"], f"{path}[]")

    def _compare_branches(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        """Each old branch must be accepted by one new branch as a whole."""
        for old_branch in _branches(old):
            reasons = [list(self.compare(old_branch, branch, path)) for branch in _branches(new)]
            if not any(found == [] for found in reasons):
                yield from min(reasons, key=len)

    def _compare_objects(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        old_required = set(old.get("required", ()))
        for name in new.get("required", ()):
            if name not in old_required:
                yield f"{path}.{name}: is required now"
        properties: Schema = new.get("properties", {})
        rest = new.get("additionalProperties", True)
        for name, schema in old.get("properties", {}).items():
            if name in properties:
                yield from self.compare(schema, properties[name], f"{path}.{name}")
            elif rest is not True:
                yield f"{path}.{name}: is not allowed any more"
        old_rest = old.get("additionalProperties", True)
        if rest is False and old_rest is not False:
            yield f"{path}: unknown fields are refused now"
        elif isinstance(rest, Mapping) and old_rest is not False:
            before = {} if old_rest is True else old_rest
            yield from self.compare(before, rest, f"{path}.*")


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**definitions[str(schema["$ref"]).rpartition("/")[2]], **rest}
    return schema


def _branches(schema: Schema) -> list[Schema]:
    if "anyOf" not in schema:
        return [schema]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", *_ANNOTATIONS}}
    return [{**branch, **rest} for branch in schema["anyOf"]]


def _types(schema: Schema) -> set[str] | None:
    kind = schema.get("type")
    if kind is None:
        return None
    kinds = {kind} if isinstance(kind, str) else set(kind)
    return kinds | {"integer"} if "number" in kinds else kinds


def _compare_types(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = _types(old), _types(new)
    if after is None:
        return
    if before is None:
        yield f"{path}: must be of type {_listed(after)} now"
    elif not before <= after:
        yield f"{path}: type {_listed(before - after)} is not accepted any more"


def _allowed(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return None if values is None else list(values)


def _compare_values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = _allowed(old), _allowed(new)
    if after is None:
        return
    if before is None:
        yield f"{path}: only {_listed(after)} are accepted now"
        return
    gone = [value for value in before if value not in after]
    if gone:
        yield f"{path}: {_listed(gone)} is not accepted any more"


def _compare_bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for keywords, sign in ((_UPPER, 1), (_LOWER, -1)):
        for keyword in keywords:
            if keyword not in new:
                continue
            if keyword not in old:
                if not _implied(old, keyword, new[keyword], sign):
                    yield f"{path}: {keyword} is {new[keyword]} now"
            elif sign * new[keyword] < sign * old[keyword]:
                yield f"{path}: {keyword} is {new[keyword]} now, was {old[keyword]}"


def _implied(old: Schema, keyword: str, limit: float, sign: int) -> bool:
    """Whether the old schema's other kind of bound is at least as narrow."""
    if keyword in ("maximum", "minimum"):
        other = "exclusiveMaximum" if sign > 0 else "exclusiveMinimum"
        return other in old and sign * old[other] <= sign * limit
    if keyword in ("exclusiveMaximum", "exclusiveMinimum"):
        other = "maximum" if sign > 0 else "minimum"
        return other in old and sign * old[other] < sign * limit
    return keyword.startswith("min") and limit == 0


def _listed(values: Any) -> str:
    return ", ".join(sorted(map(str, values)))
