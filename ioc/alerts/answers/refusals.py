"""Words for refusals."""

from __future__ import annotations

from ioc.alerts.answers.given import MAX_NOTE_LENGTH
from schemas.answer_texts import AnswerText
from schemas.errors import RejectError

#: After a while the warehouse may be back.
RETRY_SECONDS = 10
#: Whatever is wrong with a link, it is said in the same words: nobody learns which guess was close.
DEAD_CODES = frozenset({"bad_link", "expired", "gone", "used"})


def said(error: RejectError, language: str, days: int) -> str:
    """Return what a refusal says; `days` is the longest silence."""
    if error.code in DEAD_CODES:
        return AnswerText.DEAD_LINK.in_language(language)
    text = AnswerText.__members__.get(error.code.upper(), AnswerText.BAD_REQUEST)
    if text is AnswerText.NOTE_TOO_LONG:
        return text.in_language(language, n=MAX_NOTE_LENGTH)
    if text is AnswerText.SILENCE_TOO_LONG:
        return text.in_language(language, n=days)
    return text.in_language(language)
