"""A Faust transport that delivers one message for each fetched record list of a partition.

Faust spends two tasks and a wait on every message; with whole record lists for messages the
same process reads some twenty times as many records. An app uses it so::

    class App(faust.App):
        chunked_topics = frozenset({"ioc.dossier-events.v1"})

    app = App("ioc", broker="chunked://127.0.0.1:9092", **WORKER_SETTINGS)
    events = app.topic("ioc.dossier-events.v1", value_serializer="raw")

    @app.agent(events)
    async def fold(stream):
        async for event in stream.noack().events():
            chunk = event.value
            ...  # decode chunk.records, store every row that follows
            chunk.span.acknowledge()

``value_serializer="raw"`` without a value type lets the chunk pass Faust's decoder as it is,
and ``noack()`` keeps Faust from acknowledging by offset. State must be loaded before a chunk
is folded, and dropped on revocation; ``chunk.span.generation`` tells one assignment of a
partition from the next.
"""

from streams.transport.chunk import Chunk
from streams.transport.consumer import Consumer
from streams.transport.gathering import Gathering
from streams.transport.settings import WORKER_SETTINGS
from streams.transport.span import Span
from streams.transport.transport import Transport

__all__ = ["WORKER_SETTINGS", "Chunk", "Consumer", "Gathering", "Span", "Transport"]
