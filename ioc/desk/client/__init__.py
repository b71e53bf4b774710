"""The desk client: standard library only, Python 3.9 or later, Windows and Linux."""

from ioc.desk.client.client import DeskClient
from ioc.desk.client.errors import BusyError, DeskError, SettingsError, SpoolFullError
from ioc.desk.client.options import Options, options_from
from ioc.desk.client.sender import Progress
from ioc.desk.client.spool import Counts

__all__ = [
    "BusyError",
    "Counts",
    "DeskClient",
    "DeskError",
    "Options",
    "Progress",
    "SettingsError",
    "SpoolFullError",
    "options_from",
]
