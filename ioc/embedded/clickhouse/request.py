"""One HTTP request, read as ClickHouse's HTTP interface defines it."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from ioc.embedded.clickhouse.faults import (
    AUTHENTICATION_FAILED,
    NOT_IMPLEMENTED,
    REQUIRED_PASSWORD,
    SYNTAX_ERROR,
    fault,
)
from ioc.embedded.clickhouse.users import Role, check

# Names of the URL that are no settings of a query: the transport's own, and some that this
# server has no use for (sessions are not kept from request to request).
_TRANSPORT = frozenset(
    {
        "query",
        "database",
        "user",
        "password",
        "query_id",
        "default_format",
        "session_id",
        "session_timeout",
        "session_check",
        "close_session",
        "quota_key",
        "role",
        "buffer_size",
        "wait_end_of_query",
        "compress",
        "decompress",
        "stacktrace",
        "client_protocol_version",
        "enable_http_compression",
        "http_zlib_compression_level",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close",
        "add_http_cors_header",
        "async_insert",
        "wait_for_async_insert",
    }
)
_SETTING_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """Everything of a request but who sent it.

    Attributes:
        text: the query, then a body's data when the query came in the URL.
        data: the body, when the query came in the URL (an insert's rows), else None.
        parameters: values of `{name:Type}` in ClickHouse's escaped text form.
        settings: for this query only.
    """

    text: bytes
    data: bytes | None
    database: str
    parameters: dict[str, str]
    settings: dict[str, str]
    default_format: str
    query_id: str
    client_protocol_version: str
    compressed_answer: bool


def authenticate(
    headers: Mapping[str, str], url: Mapping[str, str], users: Mapping[str, str]
) -> Role:
    """Return the sender's role.

    Raises:
        ClickHouseError: no name and password, or wrong ones.
    """
    name, password = _credentials(headers, url)
    if not name:
        raise fault(REQUIRED_PASSWORD, "A user name and a password are required")
    role = check(users, name, password)
    if role is None:
        raise fault(
            AUTHENTICATION_FAILED,
            f"{name}: Authentication failed: password is incorrect, "
            "or there is no user with such name",
        )
    return role


def _credentials(headers: Mapping[str, str], url: Mapping[str, str]) -> tuple[str, str]:
    if "x-clickhouse-user" in headers:
        return headers["x-clickhouse-user"], headers.get("x-clickhouse-key", "")
    kind, _, coded = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, password
    return url.get("user", ""), url.get("password", "")


def read_request(
    headers: Mapping[str, str], url: Mapping[str, str], form: Mapping[str, str], body: bytes
) -> QueryRequest:
    """Sort what came in URL, form fields and body.

    Raises:
        ClickHouseError: an option that this server does not know, or an impossible name.
    """
    fields = {**url, **form}
    for option in ("compress", "decompress"):
        if fields.get(option, "0") not in ("0", "false"):
            raise fault(
                NOT_IMPLEMENTED,
                f"{option}=1 (ClickHouse's own block compression) is not available here, "
                "use Content-Encoding and Accept-Encoding",
            )
    query = fields.get("query", "").encode("utf-8", "surrogateescape")
    settings = {
        name: value
        for name, value in fields.items()
        if name not in _TRANSPORT and not name.startswith("param_")
    }
    for name in settings:
        if not _SETTING_NAME.match(name):
            raise fault(SYNTAX_ERROR, f"'{name[:60]}' is no name of a setting")
    return QueryRequest(
        text=query or body,
        data=body if query else None,
        database=fields.get("database") or headers.get("x-clickhouse-database", ""),
        parameters={
            name.removeprefix("param_"): value
            for name, value in fields.items()
            if name.startswith("param_")
        },
        settings=settings,
        default_format=fields.get("default_format")
        or headers.get("x-clickhouse-format", "")
        or "TabSeparated",
        query_id=fields.get("query_id") or str(uuid.uuid4()),
        client_protocol_version=fields.get("client_protocol_version", ""),
        compressed_answer=fields.get("enable_http_compression", "0") in ("1", "true"),
    )
