"""A dead letter as it travels on its topic: the record sealed, the circumstances in the clear."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from streams.ports import DeadLetter
from streams.worker.sealing import Seal


class LetterRecord(BaseModel):
    """Value of a record of the dead-letters topic.

    Attributes:
        letter_id: topic/partition/offset of the unusable record: filing it twice is one letter.
        sealed: its key and value, encrypted.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    letter_id: str
    topic: str
    partition: int
    offset: int
    log_ms: int
    source: str
    code: str
    reason: str
    sealed: str


def seal_letter(letter: DeadLetter, seal: Seal) -> LetterRecord:
    """Seal a dead letter."""
    return LetterRecord(
        letter_id=f"{letter.topic}/{letter.partition}/{letter.offset}/{letter.log_ms}",
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        log_ms=letter.log_ms,
        source=letter.source,
        code=letter.code,
        reason=letter.reason,
        sealed=seal.close(letter.key, letter.value),
    )
