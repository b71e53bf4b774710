"""Give `DateTime('zone')` columns their zone back in Native answers.

ClickHouse drops the zone from a DateTime column's type for clients that state no protocol
revision, which is how chDB writes Native; clients would then show the server's zone. A
real server keeps it for the clients that we serve. Only the type's name in each block's
head changes, so a block is walked through without decoding its values.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Callable, Generator, Sequence

_MARK = b"\x08DateTime"
_DATETIME = "DateTime"
_FIXED_BYTES = {
    **dict.fromkeys(("UInt8", "Int8", "Bool", "Enum8", "Nothing"), 1),
    **dict.fromkeys(("UInt16", "Int16", "Date", "Enum16", "BFloat16"), 2),
    **dict.fromkeys(("UInt32", "Int32", "Float32", "DateTime", "Date32", "IPv4", "Time"), 4),
    **dict.fromkeys(("UInt64", "Int64", "Float64", "DateTime64", "Time64"), 8),
    **dict.fromkeys(("UInt128", "Int128", "UUID", "IPv6"), 16),
    **dict.fromkeys(("UInt256", "Int256"), 32),
}
_DECIMAL_BYTES = ((9, 4), (18, 8), (38, 16), (76, 32))
_ELEMENT_NAME = re.compile(r"(?:`(?:[^`\\]|\\.)*`|[A-Za-z_]\w*)\s+(?=[A-Z])")


class _UnknownLayoutError(Exception):
    """A type whose bytes this module cannot walk over."""


def with_zones(
    blocks: Generator[bytes, None, None], describe: Callable[[], Sequence[str]]
) -> Generator[bytes, None, None]:
    """Yield the blocks with full type names.

    Args:
        blocks: one Native block each, all of one query; closed with this generator.
        describe: returns the full types of the query's columns in their order; called at
            most once, and only when a DateTime column may be there.
    """
    types: Sequence[str] | None = None
    with contextlib.closing(blocks):
        for block in blocks:
            if types is None:
                types = describe() if _MARK in block else ()
            zoned = [i for i, name in enumerate(types) if name.startswith("DateTime(")]
            yield _rename(block, types, zoned[-1]) if zoned else block


def _rename(block: bytes, types: Sequence[str], last: int) -> bytes:
    """Write the full types into one block, up to the last column that needs it."""
    columns, position = _varint(block, 0)
    rows, position = _varint(block, position)
    if columns != len(types):
        return block
    parts: list[bytes] = []
    copied = 0
    try:
        for index in range(last + 1):
            length, position = _varint(block, position)
            position += length
            start = position
            length, position = _varint(block, position)
            written = block[position : position + length].decode()
            position += length
            if written == _DATETIME and types[index].startswith("DateTime("):
                full = types[index].encode()
                parts += [block[copied:start], bytes([len(full)]), full]
                copied = position
            if rows and index < last:
                position = _skip(written, block, _skip_prefix(written, position), rows)
    except _UnknownLayoutError:
        pass  # the columns after it keep the short name
    return b"".join((*parts, block[copied:]))


def _varint(block: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = block[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def _parse(name: str) -> tuple[str, list[str]]:
    """Split a type's name into its family and its arguments."""
    family, bracket, inner = name.partition("(")
    if not bracket:
        return family, []
    arguments, depth, start, quoted = [], 0, 0, False
    inner = inner[:-1]
    for i, sign in enumerate(inner):
        if sign == "'" and (i == 0 or inner[i - 1] != "\\"):
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "," and depth == 0:
            arguments.append(inner[start:i].strip())
            start = i + 1
    arguments.append(inner[start:].strip())
    return family, arguments


def _elements(family: str, arguments: list[str]) -> list[str]:
    if family == "Tuple":
        return [_ELEMENT_NAME.sub("", each, count=1) for each in arguments]
    return arguments


def _skip_prefix(name: str, position: int) -> int:
    """Pass what is written once before a column's rows: a version per LowCardinality."""
    family, arguments = _parse(name)
    if family == "LowCardinality":
        return position + 8
    if family in ("Array", "Nullable", "Map", "Tuple"):
        for each in _elements(family, arguments):
            position = _skip_prefix(each, position)
    return position


def _skip(name: str, block: bytes, position: int, rows: int) -> int:
    """Return where the column's values end."""
    family, arguments = _parse(name)
    if family in _FIXED_BYTES:
        return position + rows * _FIXED_BYTES[family]
    match family:
        case "String":
            for _ in range(rows):
                length = block[position]
                position += 1
                if length >= 0x80:
                    length, position = _varint(block, position - 1)
                position += length
            return position
        case "FixedString":
            return position + rows * int(arguments[0])
        case "Decimal":
            digits = int(arguments[0])
            return position + rows * next(size for most, size in _DECIMAL_BYTES if digits <= most)
        case "Nullable":
            return _skip(arguments[0], block, position + rows, rows)
        case "Array" | "Map":
            inner = rows and struct.unpack_from("<Q", block, position + 8 * (rows - 1))[0]
            position += 8 * rows
            for each in arguments:
                position = _skip(each, block, position, inner)
            return position
        case "Tuple":
            for each in _elements(family, arguments):
                position = _skip(each, block, position, rows)
            return position
        case "LowCardinality":
            return _skip_low_cardinality(arguments[0], block, position, rows)
        case _:
            raise _UnknownLayoutError(name)


def _skip_low_cardinality(inner: str, block: bytes, position: int, rows: int) -> int:
    if not rows:
        return position
    flags, keys = struct.unpack_from("<QQ", block, position)
    family, arguments = _parse(inner)
    key_type = arguments[0] if family == "Nullable" else inner
    position = _skip(key_type, block, position + 16, keys)
    return int(position + 8 + rows * (1 << (flags & 0xFF)))
