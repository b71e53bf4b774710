"""A key for whoever tries the system out: made once by `ioc up`, in a file of its owner's."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right, hash_of, key_id_of
from ioc.gateway.keys.store import read_keys
from ioc.own_files import load_units
from ioc.warehouse import connect_writer
from schemas.settings import ClickHouseSettings, WorkerSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SOURCE = "demo"


def ensure_first_key(
    settings: ClickHouseSettings, path: Path, write: Callable[[str], object], language: str
) -> bool:
    """Make a key for the whole province unless the file's works; return whether one was made.

    Blocks for some tenths of a second.

    Args:
        settings: where keys are stored.
        path: the file.
        write: stores a text in it.
        language: of errors.

    Raises:
        RetryError: the warehouse does not answer.
    """
    client = connect_writer(settings)
    try:
        if _works(path, client):
            return False
        units = load_units(WorkerSettings())
        provinces = [unit.code for unit in units if unit.parent is None]
        made = KeyAdmin(client, units, language).create(
            Wish(SOURCE, provinces, Right, label="ioc up")
        )
        write(made.text)
        return True
    finally:
        client.close()


def _works(path: Path, client: Client) -> bool:
    try:
        text = path.read_text().strip()
    except OSError:
        return False
    key_id, now = key_id_of(text), int(time.time())
    return any(
        key.key_id == key_id and key.secret_hash == hash_of(text) and key.works(now)
        for key in read_keys(client)
    )
