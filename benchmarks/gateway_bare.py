"""What the gateway is compared with: a FastAPI endpoint that only validates and produces.

`python -m benchmarks.gateway_bare`, told by the environment: BARE_PRODUCER is `aiokafka` (as its
documentation shows it), `kafka-python` (the same with that client), or `sharp`, which is no usual
endpoint: raw bodies, the quick reader and the gateway's own outbox, but no keys, limits, results,
audit or duplicates.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
import uvloop
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI, Request

from ioc.gateway.outbox import Outbox
from ioc.gateway.parcels import Outgoing
from ioc.kafka_client import kafka_options
from schemas.events import DossierEvent
from schemas.events.decode import decode_event
from schemas.settings import KafkaSettings

Produce = Callable[[list[tuple[bytes, bytes]]], Awaitable[None]]
_FAR = 4_000_000_000_000


def _idiomatic(produce: Produce) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/events")
    async def post_event(event: DossierEvent) -> dict[str, int]:
        await produce([(event.dossier_id.encode(), event.model_dump_json().encode())])
        return {"accepted": 1}

    @app.post("/v1/batch")
    async def post_batch(events: list[DossierEvent]) -> dict[str, int]:
        await produce([(e.dossier_id.encode(), e.model_dump_json().encode()) for e in events])
        return {"accepted": len(events)}

    return app


def _sharp(outbox: Outbox, topic: str) -> FastAPI:
    import msgspec  # noqa: PLC0415

    app = FastAPI()
    cut = msgspec.json.Decoder(list[msgspec.Raw]).decode

    async def take(items: list[bytes]) -> dict[str, int]:
        records = [Outgoing(decode_event(item, _FAR)[0], item) for item in items]
        await outbox.put(topic, records).future
        return {"accepted": len(items)}

    @app.post("/v1/events")
    async def post_event(request: Request) -> dict[str, int]:
        return await take([await request.body()])

    @app.post("/v1/batch")
    async def post_batch(request: Request) -> dict[str, int]:
        return await take([bytes(each) for each in cut(await request.body())])

    return app


async def _with_aiokafka(settings: KafkaSettings) -> Produce:
    producer = AIOKafkaProducer(
        acks="all", enable_idempotence=True, **kafka_options(settings, client_id="bare")
    )
    await producer.start()

    async def produce(records: list[tuple[bytes, bytes]]) -> None:
        sent = [await producer.send(settings.events_topic, value, key) for key, value in records]
        await asyncio.gather(*sent)

    return produce


def _with_kafka_python(settings: KafkaSettings) -> Produce:
    from kafka import KafkaProducer  # noqa: PLC0415

    producer = KafkaProducer(acks="all", **kafka_options(settings, client_id="bare"))
    loop = asyncio.get_running_loop()

    async def produce(records: list[tuple[bytes, bytes]]) -> None:
        done, missing = loop.create_future(), len(records)

        def one_is_stored(_: Any) -> None:
            nonlocal missing
            missing -= 1
            if not missing:
                loop.call_soon_threadsafe(done.set_result, None)

        def one_failed(error: BaseException) -> None:
            loop.call_soon_threadsafe(done.set_exception, error)

        for key, value in records:
            sent = producer.send(settings.events_topic, value, key)
            sent.add_callback(one_is_stored)
            sent.add_errback(one_failed)
        await done

    return produce


async def _run() -> None:
    settings = KafkaSettings()
    kind = os.environ["BARE_PRODUCER"]
    if kind == "sharp":
        outbox = Outbox(settings, max_unsaved_bytes=64 << 20, store_seconds=10)
        outbox.begin()
        while not outbox.is_ready:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        app = _sharp(outbox, settings.events_topic)
    elif kind == "kafka-python":
        app = _idiomatic(_with_kafka_python(settings))
    else:
        app = _idiomatic(await _with_aiokafka(settings))
    port = int(os.environ["BARE_PORT"])
    config = uvicorn.Config(app, port=port, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run())
