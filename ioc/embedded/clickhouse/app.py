"""ClickHouse's HTTP interface as an ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ioc.embedded.clickhouse import encoding
from ioc.embedded.clickhouse.chdb_engine import ChdbEngine
from ioc.embedded.clickhouse.execute import Answer, execute
from ioc.embedded.clickhouse.faults import NOT_IMPLEMENTED, TOO_LARGE, ClickHouseError, fault
from ioc.embedded.clickhouse.merge_priority import keep_merges_behind
from ioc.embedded.clickhouse.request import QueryRequest, authenticate, read_request
from ioc.embedded.clickhouse.spread_parts import keep_parts_spread
from ioc.embedded.clickhouse.users import Role
from ioc.metrics.registry import make_registry
from ioc.metrics.routes import monitoring_routes

_log = logging.getLogger(__name__)
MAX_BODY_BYTES = 256 * 1024 * 1024
_THREADS = 32
_EXCEPTION_TAG = "iocembeddedclick"  # sixteen characters, as clients expect


class ClickHouseHttp:
    """The handlers, with the engine and the accounts that they serve."""

    def __init__(self, engine: ChdbEngine, users: Mapping[str, str]) -> None:
        """Serve an open engine; `close` belongs to this object from now on."""
        self._engine = engine
        self._users = users
        self._is_closing = False
        # The engine works outside of the interpreter's lock, so a long query in one thread
        # holds up nobody; each thread waits for at most one query.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="query")

    def application(self) -> Starlette:
        """Return the ASGI application; its shutdown closes the engine."""

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            keepers = [
                asyncio.create_task(keep_merges_behind()),
                asyncio.create_task(keep_parts_spread(self._engine.folder)),
            ]
            yield
            for keeper in keepers:
                keeper.cancel()
            await asyncio.to_thread(self.close)

        return Starlette(
            routes=[
                Route("/ping", self.ping),
                Route("/replicas_status", self.ping),
                Route("/", self.query, methods=["GET", "POST"]),
                *monitoring_routes(self.ready, make_registry(self.ready)),
            ],
            lifespan=lifespan,
        )

    def ready(self) -> tuple[bool, dict[str, object]]:
        """Return whether the engine is open, and which it is."""
        return not self._is_closing, {"clickhouse": self._engine.version}

    def close(self) -> None:
        """Wait for running queries and close the engine."""
        self._is_closing = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._engine.close()

    async def ping(self, _: Request) -> Response:
        """Answer as ClickHouse does, whatever else is going on."""
        return PlainTextResponse("Ok.\n")

    async def query(self, request: Request) -> Response:
        """Run a query; every error has ClickHouse's form."""
        headers = {"X-ClickHouse-Server-Display-Name": "ioc"}
        try:
            url = dict(request.query_params)
            role = authenticate(request.headers, url, self._users)
            if not url.get("query") and request.method == "GET" and not _has_body(request):
                return PlainTextResponse("Ok.\n")
            asked = await _read(request, url)
            headers["X-ClickHouse-Query-Id"] = asked.query_id
            headers["X-ClickHouse-Timezone"] = self._engine.timezone
            started = time.monotonic_ns()
            answer = await self._in_thread(asked, role)
            answer.counters.elapsed_ns = time.monotonic_ns() - started
            return await self._respond(request, asked, answer, headers)
        except ClickHouseError as error:
            headers["X-ClickHouse-Exception-Code"] = str(error.code)
            if error.status == 401:
                headers["WWW-Authenticate"] = 'Basic realm="ClickHouse"'
            return PlainTextResponse(
                self._with_version(error.text) + "\n", error.status, headers=headers
            )
        except ClientDisconnect:
            return Response(status_code=499)

    async def _in_thread(self, asked: QueryRequest, role: Role) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, execute, self._engine, asked, role)

    async def _respond(
        self, request: Request, asked: QueryRequest, answer: Answer, headers: dict[str, str]
    ) -> Response:
        if answer.format is not None:
            headers["X-ClickHouse-Format"] = answer.format
        media_type = _MEDIA_TYPES.get(answer.format or "", "application/octet-stream")
        if answer.rest is not None:
            headers["X-ClickHouse-Exception-Tag"] = _EXCEPTION_TAG
            body = self._blocks(answer.head, answer.rest)
            return StreamingResponse(body, headers=headers, media_type=media_type)
        headers["X-ClickHouse-Summary"] = _summary(answer)
        content = answer.head
        chosen = encoding.choose(
            request.headers.get("accept-encoding", ""), asked.compressed_answer
        )
        if chosen and encoding.worth_compressing(content):
            content = await asyncio.to_thread(encoding.compress, content, chosen)
            headers["Content-Encoding"] = chosen
        return Response(content, headers=headers, media_type=media_type)

    async def _blocks(self, head: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        try:
            yield head
            while (
                block := await loop.run_in_executor(self._threads, next, rest, None)
            ) is not None:
                yield block
        except ClickHouseError as error:
            # The status has gone out; clients look for this mark at the end.
            yield _late_exception(self._with_version(error.text))
        finally:
            await asyncio.shield(loop.run_in_executor(self._threads, _close, rest))

    def _with_version(self, text: str) -> str:
        return text if "(version " in text else f"{text} (version {self._engine.version})"


_MEDIA_TYPES = {
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TabSeparatedWithNames": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8",
    "CSVWithNames": "text/csv; charset=UTF-8",
    "": "text/plain; charset=UTF-8",
}


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get(
        "content-length", "0"
    ) not in ("", "0")


async def _read(request: Request, url: dict[str, str]) -> QueryRequest:
    form: dict[str, str] = {}
    body = b""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_part_size=MAX_BODY_BYTES) as fields:
            for name, value in fields.items():
                if not isinstance(value, str):
                    raise fault(NOT_IMPLEMENTED, "External tables are not available here")
                form[name] = value
    else:
        parts: list[bytes] = []
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > MAX_BODY_BYTES:
                raise fault(TOO_LARGE, f"The body is larger than {MAX_BODY_BYTES} bytes")
            parts.append(part)
        body = b"".join(parts)
        packed = request.headers.get("content-encoding", "").lower()
        if packed and body:
            body = await asyncio.to_thread(encoding.decompress, body, packed)
    return read_request(request.headers, url, form, body)


def _summary(answer: Answer) -> str:
    counters = asdict(answer.counters) | {"total_rows_to_read": answer.counters.read_rows}
    return orjson.dumps({name: str(value) for name, value in counters.items()}).decode()


def _late_exception(text: str) -> bytes:
    message = text.encode()
    tag = _EXCEPTION_TAG.encode()
    return b"\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n" % (
        tag,
        message,
        len(message) + 1,
        tag,
    )


def _close(blocks: Iterator[bytes]) -> None:
    close = getattr(blocks, "close", None)
    if close is not None:
        close()
