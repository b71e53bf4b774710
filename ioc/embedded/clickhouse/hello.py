"""The first question of clickhouse-go, which Grafana's ClickHouse plugin is built on.

Over HTTP that driver asks for name, version, revision and time zone, and reads this one
answer in the framing of protocol revision 54460: a block-info header before the block and
one byte (custom serialization: no) after each column's type. From the revision in the
answer it takes the framing of everything that follows; 0 is what chDB writes.
"""

from __future__ import annotations

import struct

_QUESTION = b"SELECT displayName(), version(), revision(), timezone()"
# From this revision on, a block's columns carry the byte about their serialization.
_CUSTOM_SERIALIZATION_REVISION = 54454
# Field 1: is_overflows = false; field 2: bucket_num = -1; field 0: end.
_BLOCK_INFO = b"\x01\x00" + b"\x02" + struct.pack("<i", -1) + b"\x00"


def is_hello(sql: bytes, client_protocol_version: str, output_format: str) -> bool:
    """Tell whether this is that driver's first question."""
    return (
        output_format == "Native"
        and client_protocol_version.isdecimal()
        and int(client_protocol_version) >= _CUSTOM_SERIALIZATION_REVISION
        and b" ".join(sql.split()) == _QUESTION
    )


def hello_block(*, version: str, timezone: str) -> bytes:
    """Return the answer: one row, with revision 0."""
    columns = [
        ("displayName()", "String", _text("ioc")),
        ("version()", "String", _text(version)),
        ("revision()", "UInt32", struct.pack("<I", 0)),
        ("timezone()", "String", _text(timezone)),
    ]
    block = [_BLOCK_INFO, bytes([len(columns), 1])]
    block += [_text(name) + _text(kind) + b"\x00" + value for name, kind, value in columns]
    return b"".join(block)


def _text(value: str) -> bytes:
    data = value.encode()
    if len(data) > 127:
        raise ValueError("longer texts need a length of several bytes")
    return bytes([len(data)]) + data
