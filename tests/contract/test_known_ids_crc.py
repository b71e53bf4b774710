"""The filter of known ids is filled with numbers that ClickHouse computes."""

from __future__ import annotations

from unicodedata import normalize
from zlib import crc32

import clickhouse_connect
import numpy as np

from ioc.embedded.clickhouse import EmbeddedClickHouse
from streams.state import KnownIds

IDS = [
    "000.25.28.H28-240901-0003",
    "H44.100-260701-00017",
    "Hồ sơ số 1 – Phường Tân Thịnh",
    normalize("NFC", "Đà Bắc/ữợậẵ"),
    normalize("NFD", "Đà Bắc/ữợậẵ"),
    "",
    "x" * 200,
]


def test_crc32_is_the_same_on_both_sides(clickhouse: EmbeddedClickHouse) -> None:
    """A difference would make known dossiers look new, and their history would be lost."""
    client = clickhouse_connect.get_client(
        host=clickhouse.host,
        port=clickhouse.port,
        username=clickhouse.username,
        password=clickhouse.password,
    )
    try:
        rows = client.query(
            "SELECT CRC32(arrayJoin({ids:Array(String)}))", parameters={"ids": IDS}
        ).result_rows
    finally:
        client.close()
    numbers = [row[0] for row in rows]
    assert numbers == [crc32(one.encode()) for one in IDS]
    known = KnownIds()
    known.load(np.array(numbers, dtype=np.uint32))
    assert all(known.may_hold(one) for one in IDS)
    assert not known.may_hold("nobody's")
