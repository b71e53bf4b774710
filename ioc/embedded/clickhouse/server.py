"""The process of the embedded ClickHouse: `python -m ioc.embedded.clickhouse.server`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import uvicorn

from ioc.embedded.clickhouse.app import ClickHouseHttp
from ioc.embedded.clickhouse.chdb_engine import ChdbEngine
from ioc.embedded.clickhouse.users import load_or_create
from ioc.embedded.ports import LOOPBACK
from schemas.errors import ConfigurationError

_GRACEFUL_SECONDS = 10


def main() -> int:
    """Serve until SIGTERM; return 0 after a clean end, 2 when the configuration is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--users-file", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        users = load_or_create(options.users_file)
        engine = ChdbEngine(options.data_folder)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    uvicorn.run(
        ClickHouseHttp(engine, users).application(),
        host=LOOPBACK,
        port=options.port,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        log_level="warning",
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
