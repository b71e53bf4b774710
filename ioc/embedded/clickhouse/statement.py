"""What this server must know of a statement before the engine parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# One token: blanks and comments, quoted text (with backslash and doubled quotes), a word,
# or any other single character. An unclosed quote or comment runs to the end.
_TOKEN = re.compile(
    rb"(?P<blank>\s+|--[^\n]*|#[!\s][^\n]*|/\*.*?(?:\*/|\Z))"
    rb"|(?P<quoted>'(?:[^'\\]|\\.|'')*(?:'|\Z)|\"(?:[^\"\\]|\\.|\"\")*(?:\"|\Z)"
    rb"|`(?:[^`\\]|\\.|``)*(?:`|\Z))"
    rb"|(?P<word>[A-Za-z_0-9$]+|[\x80-\xff]+)"
    rb"|(?P<sign>.)",
    re.DOTALL,
)
_OPENING, _CLOSING = (b"(", b"[", b"{"), (b")", b"]", b"}")
_ROWS = frozenset({b"SELECT", b"WITH", b"SHOW", b"DESCRIBE", b"DESC", b"EXISTS", b"EXPLAIN"})
_KEPT, _KEPT_BYTES = 256, 4096
_BEFORE_DATA = re.compile(rb"[ \t\f]*\r?\n?")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a statement, outside of quotes and comments."""

    text: bytes
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The outside of a statement.

    Attributes:
        keyword: first word in capitals, `b"SELECT"`; an opening bracket counts as SELECT.
        sql: the statement; of an insert with data only what stands before FORMAT or VALUES.
        format: name after FORMAT, or None.
        data: of an insert the bytes that follow in the same text, else None.
        tokens: its tokens (of an insert with data: up to there).
        end: where the trailing FORMAT clause or semicolon starts, or the end.
    """

    keyword: bytes
    sql: bytes
    format: str | None
    data: bytes | None
    tokens: tuple[Token, ...]
    end: int = 0

    @property
    def returns_rows(self) -> bool:
        """Whether the answer is a table, even an empty one."""
        return self.keyword in _ROWS

    def has_words(self, *words: bytes) -> bool:
        """Tell whether the words (in capitals) follow one another outside of quotes."""
        capitals = self.sql.upper()
        if not all(word in capitals for word in words):
            return False
        texts = [token.text.upper() for token in self.tokens]
        width = len(words)
        return any(tuple(texts[i : i + width]) == words for i in range(len(texts) - width + 1))


def _tokens(text: bytes) -> Iterator[Token]:
    depth = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "blank":
            continue
        token = match.group()
        if match.lastgroup == "sign" and token in _CLOSING:
            depth = max(0, depth - 1)
        shown = b"" if match.lastgroup == "quoted" else token
        yield Token(shown, match.start(), match.end(), depth)
        if match.lastgroup == "sign" and token in _OPENING:
            depth += 1


def read_statement(text: bytes) -> Statement:
    """Find keyword, format and inline data; never raises, the engine judges the syntax."""
    # Walls ask the same some ninety questions all day, and reading one takes up to a millisecond.
    if len(text) <= _KEPT_BYTES and text.lstrip()[:6].upper() != b"INSERT":
        return _read_kept(text)
    return _read(text)


def _read(text: bytes) -> Statement:
    stream = _tokens(text)
    first = next(stream, None)
    if first is None:
        return Statement(b"", text, None, None, ())
    keyword = b"SELECT" if first.text == b"(" else first.text.upper()
    if keyword == b"INSERT":
        return _read_insert(text, first, stream)
    tokens = (first, *stream)
    output_format, end = _trailing_format(tokens)
    return Statement(keyword, text, output_format, None, tokens, end)


_read_kept = lru_cache(maxsize=_KEPT)(_read)


def _read_insert(text: bytes, first: Token, stream: Iterator[Token]) -> Statement:
    tokens = [first]
    for token in stream:
        word = token.text.upper() if token.depth == 0 else b""
        if word in (b"SELECT", b"WITH"):
            tokens.extend((token, *stream))
            return Statement(b"INSERT", text, None, None, tuple(tokens))
        if word == b"VALUES":
            return Statement(
                b"INSERT", text[: token.start], "Values", text[token.end :], tuple(tokens)
            )
        if word == b"FORMAT":
            name = next(stream, token)
            start = _BEFORE_DATA.match(text, name.end)
            data = text[start.end() if start else name.end :]
            return Statement(
                b"INSERT", text[: token.start], name.text.decode(), data, tuple(tokens)
            )
        tokens.append(token)
    return Statement(b"INSERT", text.rstrip(b"; \t\r\n"), None, b"", tuple(tokens))


def _trailing_format(tokens: tuple[Token, ...]) -> tuple[str | None, int]:
    """Return the name after FORMAT, if any, and where the query before it ends."""
    words = list(tokens)
    while len(words) > 1 and words[-1].text == b";":
        words.pop()
    for i in range(len(words) - 2, 0, -1):
        keyword, name, after = words[i], words[i + 1], words[i + 2 : i + 3]
        if (
            keyword.depth == 0
            and keyword.text.upper() == b"FORMAT"
            and name.text.isalnum()
            and (not after or after[0].text.upper() == b"SETTINGS")
        ):
            return name.text.decode("ascii"), keyword.start
    return None, words[-1].end
