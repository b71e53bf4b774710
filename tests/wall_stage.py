"""What a test of the wall stands on: a migrated database, fresh status rows, a running wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import wall_seed
from browser import Watched
from playwright.sync_api import Page
from wall_kit import StatusHand, Wall

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.settings import ClickHouseSettings
from schemas.tables.migrate import migrate

#: The days that the seeds are made for, compared with their last afternoon.
SEPTEMBER = "from=2024-09-01&to=2024-09-30&at=2024-09-30T17:00"
USER, PASSWORD = "truc-ban", "mat-khau-dai-1"


def clickhouse_settings(engine: EmbeddedClickHouse, database: str) -> ClickHouseSettings:
    return ClickHouseSettings(
        _env_file=None,
        url=engine.url,
        database=database,
        username=engine.username,
        password=engine.password,
    )


@contextmanager
def migrated(engine: EmbeddedClickHouse, name: str) -> Iterator[Any]:
    """A client of a migrated database with units and one life of the topic."""
    server = connect_server(clickhouse_settings(engine, name))
    migrate(server, name)
    client = connect_writer(clickhouse_settings(engine, name))
    wall_seed.seed_reference(client, name)
    wall_seed.tell_epoch(client)
    try:
        yield client
    finally:
        client.close()
        server.command(f"DROP DATABASE {name} SYNC")
        server.close()


@contextmanager
def running(wall: Wall) -> Iterator[Wall]:
    try:
        wall.start()
        yield wall
    finally:
        wall.end()


@contextmanager
def fresh_status(client: Any) -> Iterator[StatusHand]:
    hand = StatusHand(client)
    try:
        yield hand
    finally:
        hand.end()


def show(watched: Watched, wall: Wall, path: str) -> Page:
    """Open a page and wait until it shows its first frame."""
    page = watched.page
    page.goto(wall.url + path)
    page.wait_for_selector("html[data-shown]", timeout=20_000)
    return page


def sign_in(page: Page, wall: Wall, after: str = "/") -> None:
    page.goto(f"{wall.url}/login?next={after}")
    page.fill("[name=name]", USER)
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_selector("html[data-shown]", timeout=20_000)


def wait_until(page: Page, condition: str, timeout_seconds: float = 15.0) -> None:
    # As a function: the page forbids to evaluate texts.
    page.wait_for_function(f"() => ({condition})", timeout=timeout_seconds * 1000)
