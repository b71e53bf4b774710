"""Tries a mapping on a sample, with the checks that the gateway and the worker make."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import orjson

from ioc.mapping.apply import Mapper
from ioc.mapping.checking import load_mapping
from ioc.mapping.records import records_of
from ioc.mapping.unread import Unread
from ioc.national.told import Event
from schemas.errors import ConfigurationError, RejectError
from schemas.events import decode_event
from schemas.reference import UnitRegistry


@dataclass(slots=True)
class Trial:
    """What came out; records are counted from 1.

    Attributes:
        records: how many the sample has.
        events: valid ones, with the number of their record.
        losses: what is not in them and why, with the number of the record.
        unread: names of the sample's records that the mapping does not read.
    """

    records: int = 0
    events: list[tuple[int, Event]] = field(default_factory=list)
    losses: list[tuple[int, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def try_mapping(mapping_file: Path, sample: Path, units: UnitRegistry, now_ms: int) -> Trial:
    """Return what a mapping makes of a sample.

    Raises:
        ReferenceDataError: the mapping is wrong, with its line.
        ConfigurationError: the sample cannot be read, or has another shape.
    """
    mapping = load_mapping(mapping_file)
    try:
        records = records_of(mapping, sample.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{sample}: cannot be read ({error.strerror})") from None
    except RejectError as error:
        raise ConfigurationError(f"{sample}: {error}") from None
    mapper = Mapper(mapping, units)
    trial = Trial(len(records))
    unread = Unread(mapping)
    for number, record in enumerate(records, 1):
        told = mapper.tell(record)
        unread.note(record)
        faults = [*told.losses, *([] if told.reject is None else [told.reject])]
        for event in told.events:
            try:
                decode_event(orjson.dumps(event), now_ms)
            except RejectError as error:
                faults.append(error)
            else:
                trial.events.append((number, event))
        trial.losses += [(number, f"{fault.code}: {fault}") for fault in faults]
    trial.unread = unread.names
    return trial


def mapped_events(mapping_file: Path, path: Path, units: UnitRegistry) -> list[Event]:
    """Return the events of a whole file, for `ioc push --mapping`.

    Raises:
        ConfigurationError: as `try_mapping`; or a record cannot be mapped, with its number:
            nothing of the file is sent before it was mended.
    """
    mapping = load_mapping(mapping_file)
    try:
        records = records_of(mapping, path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
    except RejectError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    mapper = Mapper(mapping, units)
    events: list[Event] = []
    for number, record in enumerate(records, 1):
        told = mapper.tell(record)
        for fault in [*told.losses, *([] if told.reject is None else [told.reject])]:
            raise ConfigurationError(f"{path}: record {number}: {fault.code}: {fault}")
        events += told.events
    return events
