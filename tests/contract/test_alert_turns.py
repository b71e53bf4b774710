"""Whose turn it is to deliver, on the real engine: one of those who want it, never nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from warehouse_kit import clickhouse_settings

from ioc.alerts.store.turns import Turn
from ioc.alerts.store.warehouse import Warehouse
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.errors import ZombieError
from schemas.tables.migrate import migrate


@pytest.fixture
def warehouses(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(settings)
    migrate(server, clickhouse_database)
    server.close()
    both = [Warehouse(lambda: connect_writer(settings)) for _ in range(2)]
    yield both
    for warehouse in both:
        warehouse.close()


async def _holds(turn: Turn) -> bool:
    try:
        await turn.check()
    except ZombieError:
        return False
    return True


async def test_of_two_that_begin_together_one_delivers(warehouses) -> None:
    ties = 0
    newest = 0
    for number in range(6):
        turns = [Turn(each, f"{at}-{number}") for at, each in enumerate(warehouses)]
        taken = await asyncio.gather(*(turn.take() for turn in turns), return_exceptions=True)
        assert all(isinstance(each, int | ZombieError) for each in taken)
        assert [await _holds(turn) for turn in turns].count(True) == 1
        highest = max(turn.number for turn in turns)
        ties += highest > newest + 2
        newest = highest
    assert ties, "two that begin in the same instant take the same number at times"


async def test_a_turn_ends_with_the_next_one(warehouses) -> None:
    first, second = (Turn(each, name) for each, name in zip(warehouses, "ab", strict=True))
    await first.take()
    assert await _holds(first)
    await second.take()
    assert await _holds(second)
    assert not await _holds(first)
