"""Every error of the project, in one hierarchy that says what to do with it.

A caller decides by class alone: `RejectError` goes to the dead letters (or back to the
sender), `RetryError` is tried again, `FatalError` ends the process so that its supervisor
starts it afresh.
"""

from __future__ import annotations


class IocError(Exception):
    """Base of every error that this project raises on purpose."""


class RejectError(IocError):
    """One message is wrong; repeating it cannot help.

    Attributes:
        code: stable machine-readable reason, e.g. ``bad_status``.
        field: name of the offending field, or ``""``.
        value: what stood there, shortened; never a personal field.
    """

    def __init__(self, code: str, message: str, *, field: str = "", value: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.value = value


class RetryError(IocError):
    """Something outside is away for now; the same call may succeed later.

    Attributes:
        retry_after_seconds: how long to wait at least, or None to use the caller's backoff.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknownError(RetryError):
    """It may have been done or not: the answer was lost. A second attempt may be a repeat."""


class FatalError(IocError):
    """The process must end: going on would risk wrong figures."""


class ConfigurationError(FatalError):
    """Settings or files are wrong; the message names the place and the cure."""


class SchemaTooNewError(FatalError):
    """The warehouse was migrated by a newer release than this one."""


class ZombieError(FatalError):
    """This process may have lost its partitions without noticing."""


class ReferenceDataError(ConfigurationError):
    """A file of units, procedures or days is wrong; names file, line and column."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
