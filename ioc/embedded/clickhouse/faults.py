"""Errors of ClickHouse as its HTTP interface reports them."""

from __future__ import annotations

import re

from schemas.errors import IocError

_CODE = re.compile(r"Code: (\d+)\. ")

SYNTAX_ERROR = 62
NOT_IMPLEMENTED = 48
READONLY = 164
REQUIRED_PASSWORD = 194
AUTHENTICATION_FAILED = 516
TOO_LARGE = 307
INCORRECT_DATA = 117
UNKNOWN = 1002

_NAMES = {
    SYNTAX_ERROR: "SYNTAX_ERROR",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    READONLY: "READONLY",
    REQUIRED_PASSWORD: "REQUIRED_PASSWORD",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    TOO_LARGE: "TOO_MANY_BYTES",
    INCORRECT_DATA: "INCORRECT_DATA",
    UNKNOWN: "UNKNOWN_EXCEPTION",
}

# The classes of ClickHouse's HTTP handler: unreadable request, unknown name, and so on.
_STATUS = {
    **dict.fromkeys((6, 26, 27, 32, 33, 38, 41, 53, 62, 69, 72, 117, 130, 131, 457), 400),
    REQUIRED_PASSWORD: 401,
    **dict.fromkeys((192, 193, 497, AUTHENTICATION_FAILED), 403),
    **dict.fromkeys((16, 46, 47, 50, 56, 60, 73, 81, 83, 115), 404),
    159: 408,
    TOO_LARGE: 413,
    NOT_IMPLEMENTED: 501,
}


class ClickHouseError(IocError):
    """A failed query, with ClickHouse's error number and its whole text.

    Attributes:
        code: ClickHouse's number of the error.
        text: what goes into the body of the answer, `Code: N. DB::Exception: …`.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    @property
    def status(self) -> int:
        """HTTP status that ClickHouse answers with for this error."""
        return _STATUS.get(self.code, 500)


def fault(code: int, message: str) -> ClickHouseError:
    """Make an error of this server in the words' form that clients parse."""
    return ClickHouseError(code, f"Code: {code}. DB::Exception: {message}. ({_NAMES[code]})")


def fault_of_engine(error: Exception) -> ClickHouseError:
    """Turn what chDB raised into a fault; it carries the engine's text unchanged."""
    text = str(error)
    start = text.find("Code: ")
    match = _CODE.search(text)
    if match is None:
        return fault(UNKNOWN, text.strip() or type(error).__name__)
    return ClickHouseError(int(match.group(1)), text[start:].strip())
