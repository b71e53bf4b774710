"""Reads files of another shape into the spool, by a mapping file: `ioc push --mapping`."""

from __future__ import annotations

from pathlib import Path

from ioc.desk.client.errors import SettingsError
from ioc.desk.client.item import Item, Kind, to_line
from ioc.desk.client.reading import Intake, TakeFile
from ioc.desk.client.spool import Spool
from ioc.mapping.checking import load_mapping
from ioc.mapping.trial import mapped_events
from schemas.desk_texts import DeskText
from schemas.errors import ConfigurationError
from schemas.reference import UnitRegistry


def take_by_mapping(mapping: Path, units: UnitRegistry) -> TakeFile:
    """Return what takes a file by a mapping, whole or not at all, as `take_file` does otherwise.

    The source is left to the gateway, which puts the key's: the one that the mapping names serves
    the reading of agencies' names, and another desk's key would be refused with it.

    Raises:
        ReferenceDataError: the mapping is wrong, with its line.
    """
    load_mapping(mapping)

    def take(spool: Spool, path: Path) -> Intake:
        try:
            events = mapped_events(mapping, path, units)
        except ConfigurationError as error:
            raise SettingsError(DeskText.NOT_TAKEN, reason=error) from None
        items = [
            Item(Kind.EVENT, to_line({n: value for n, value in event.items() if n != "source"}))
            for event in events
        ]
        taken = spool.add(items)
        return Intake(taken, len(items) - taken)

    return take
