"""Notices that the alerts topic was made anew.

A consumer would go on at its old offsets and pass over what the new topic holds below them.
"""

from __future__ import annotations

import asyncio
import logging

from ioc.topics import topic_id
from schemas.errors import ConfigurationError, RetryError, ZombieError
from schemas.settings import KafkaSettings

log = logging.getLogger("ioc.alerts")


async def watch_topic(kafka: KafkaSettings, every_seconds: float) -> None:
    """Compare the topic's id again and again.

    Raises:
        ZombieError: it is another topic than at the start: begin anew.
    """
    known = ""
    while True:
        try:
            found = await asyncio.to_thread(topic_id, kafka, kafka.alerts_topic)
        except (RetryError, ConfigurationError) as error:
            log.warning("cannot look at the topic: %s", error)
        else:
            if found and known and found != known:
                raise ZombieError(f"the topic {kafka.alerts_topic} was made anew: start again")
            known = found or known
        await asyncio.sleep(every_seconds)
