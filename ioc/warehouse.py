"""Makes the clickhouse-connect clients of this process.

Every insert waits until its rows are stored (`async_insert=0`): a client that hears "done"
earlier could acknowledge events whose rows are still in the server's memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from schemas.errors import ConfigurationError, RetryError
from schemas.settings import ClickHouseSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_DEFAULT_PORTS = {"http": 8123, "https": 8443}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_CONNECT_TIMEOUT_SECONDS = 5
# https://clickhouse.com/docs: UNKNOWN_DATABASE, ACCESS_DENIED, AUTHENTICATION_FAILED, …
_UNKNOWN_DATABASE = 81
_REFUSED = frozenset({192, 193, 194, 516})


def connect_writer(settings: ClickHouseSettings) -> Client:
    """Connect as the user that may write, in the project's database.

    Blocks for up to some seconds. The client has no session: several threads may use it at once.

    Raises:
        ConfigurationError: address, user, password or database are wrong.
        RetryError: the server does not answer.
    """
    return _connect(
        settings, settings.username, settings.secret().get_secret_value(), settings.database
    )


def connect_reader(settings: ClickHouseSettings) -> Client:
    """Connect as the read-only user of walls and reports; otherwise as `connect_writer`."""
    return _connect(
        settings,
        settings.read_username,
        settings.read_secret().get_secret_value(),
        settings.database,
    )


def connect_server(settings: ClickHouseSettings) -> Client:
    """Connect as the writer without a database, which may not exist yet: for migrations."""
    return _connect(
        settings, settings.username, settings.secret().get_secret_value(), "__default__"
    )


def _connect(settings: ClickHouseSettings, username: str, password: str, database: str) -> Client:
    import clickhouse_connect  # noqa: PLC0415 - 0.3 s that most commands do not need
    from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415

    scheme, host, port = split_url(settings.url)
    where = f"{scheme}://{host}:{port}"
    try:
        return clickhouse_connect.get_client(
            interface=scheme,
            host=host,
            port=port,
            username=username,
            password=password,
            database=database,
            connect_timeout=_CONNECT_TIMEOUT_SECONDS,
            send_receive_timeout=settings.timeout_seconds,
            # A session would let the server refuse a second query of this process.
            autogenerate_session_id=False,
            # On one machine a core is dearer than the bytes.
            compress=host not in _LOOPBACK,
            settings={"async_insert": 0},
            client_name="ioc",
            dedicated_pool=True,
        )
    except Error as error:
        if error.code in _REFUSED:
            raise ConfigurationError(
                f"ClickHouse at {where} refuses the user {username!r}; "
                "check IOC_CLICKHOUSE_USERNAME and the password (or its file)"
            ) from None
        if error.code == _UNKNOWN_DATABASE:
            raise ConfigurationError(
                f"ClickHouse at {where} has no database {database!r}; run: ioc migrate"
            ) from None
        if error.code is not None:
            raise ConfigurationError(f"ClickHouse at {where} answers: {error}") from error
        raise RetryError(f"ClickHouse at {where} does not answer: {error}") from error
    except OSError as error:
        raise RetryError(f"ClickHouse at {where} does not answer: {error}") from error


def split_url(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of the settings' URL; raises `ConfigurationError`."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    default = _DEFAULT_PORTS.get(parts.scheme)
    wrong = parts.path.strip("/") or parts.query or parts.username or port == -1
    if default is None or not parts.hostname or wrong:
        raise ConfigurationError(
            "IOC_CLICKHOUSE_URL must look like http://host:8123 (user and password have "
            "settings of their own)"
        )
    return parts.scheme, parts.hostname, port or default
