"""The second, independent implementation of docs/fold.md: SQL that checks every stored figure.

Nothing here imports `streams`, and no value that the worker computed is used but as the value
to be checked.
"""

from ioc.verify.result import Difference, VerifyReport
from ioc.verify.run import verify

__all__ = ["Difference", "VerifyReport", "verify"]
