"""From a record to the events that it tells, by a mapping. Pure; never guesses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from ioc.mapping.model import EventRule, MappingFile, Rule
from ioc.national.fields import dossier_code
from ioc.national.told import Event, Told
from schemas.calendar.local_time import UTC_OFFSET_SECONDS
from schemas.errors import RejectError
from schemas.reference import UnitRegistry

Record = Mapping[str, Any]
_LOCAL = dt.timezone(dt.timedelta(seconds=UTC_OFFSET_SECONDS))
_SHOWN_CHARACTERS = 40
#: Names that the contract needs in every event.
_NEEDED = ("dossier_id", "status", "occurred_at")


class Mapper:
    """Applies one mapping; has no state."""

    def __init__(self, mapping: MappingFile, units: UnitRegistry, source: str = "") -> None:
        """Args: the mapping, what agency names mean, and a source instead of the mapping's."""
        self._mapping, self._units = mapping, units
        self._source = source or mapping.source

    def tell(self, record: object) -> Told:
        """Return what one record tells; never raises.

        An event whose time is not there is not told. A value that cannot be read rejects its
        event and marks the record as one to be mended; the record's other events are told.
        """
        if not isinstance(record, Mapping):
            return Told(reject=RejectError("not_json", "a record is not a JSON object"))
        told = Told(_dossier_id(self._mapping, record))
        faults: list[RejectError] = []
        for rule in self._mapping.events:
            try:
                event = self._event(rule, record)
            except RejectError as error:
                faults.append(error)
            else:
                if event is not None:
                    told.events.append(event)
        if not faults and not told.events:
            places = self._time_places()
            faults.append(RejectError("missing_field", "no event has a time", field=places))
        if faults:
            told.reject, *told.losses = faults
        return told

    def _event(self, rule: EventRule, record: Record) -> Event | None:
        rules = {**self._mapping.fields, **rule.fields}
        at = self._value("occurred_at", rules["occurred_at"], record)
        if at is None:
            return None
        # Names changed hands: a unit is who bore its name when it happened.
        day = _local_day(at)
        said = {
            name: value
            for name, each in rules.items()
            if (value := self._value(name, each, record, day)) is not None
        }
        for name in _NEEDED:
            if name not in said:
                places = ", ".join(rules[name].places)
                raise RejectError("missing_field", f"{name} ({places}): required", field=places)
        said["dossier_id"] = dossier_code({"MaHoSo": said["dossier_id"]})
        # Not of the source: a table has the same ids by the gateway's route and by `ioc push`.
        said.setdefault("event_id", _event_id(said))
        said["source"] = self._source
        return said

    def _value(self, name: str, rule: Rule, record: Record, day: dt.date | None = None) -> Any:
        if rule.constant is not None:
            if name in _UNITS:
                return self._unit(rule, str(rule.constant), name, day)
            return rule.constant
        for place in rule.places:
            given = _text(_at(record, place))
            if given is None:
                continue
            return self._read(rule, given, place, day)
        return None

    def _read(self, rule: Rule, given: str, place: str, day: dt.date | None) -> Any:
        if rule.values:
            try:
                return rule.values[given.casefold()]
            except KeyError:
                raise _bad("bad_value", place, given) from None
        if rule.read_as == "time":
            return self._time(given, place)
        if rule.read_as == "number":
            if not (given.isascii() and given.isdigit() and len(given) < 16):
                raise _bad("bad_value", place, given)
            return int(given)
        if rule.read_as in ("unit", "code"):
            return self._unit(rule, given, place, day)
        return given

    def _unit(self, rule: Rule, given: str, place: str, day: dt.date | None) -> str:
        try:
            if rule.read_as == "unit":
                return self._units.by_name(given, source=self._source, day=day).code
            return self._units.get(given).code
        except RejectError as error:
            raise _bad(error.code, place, given) from None

    def _time(self, given: str, place: str) -> str:
        for form in self._mapping.times:
            try:
                parsed = (
                    dt.datetime.fromisoformat(given)
                    if form == "iso"
                    else dt.datetime.strptime(given, form)  # noqa: DTZ007 - local, as below
                )
            except ValueError:
                continue
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=_LOCAL)).isoformat()
        raise _bad("unreadable_time", place, given)

    def _time_places(self) -> str:
        rules = [{**self._mapping.fields, **one.fields} for one in self._mapping.events]
        return ", ".join(place for one in rules for place in one["occurred_at"].places)[:120]


_UNITS = frozenset({"receiver", "authority", "handler"})


def _local_day(at: Any) -> dt.date | None:
    """Return the local day of a time; None if it is no time, which others say."""
    try:
        moment = dt.datetime.fromisoformat(str(at))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=_LOCAL)).astimezone(_LOCAL).date()


def _dossier_id(mapping: MappingFile, record: Record) -> str | None:
    rule = mapping.fields.get("dossier_id") or mapping.events[0].fields.get("dossier_id")
    for place in rule.places if rule is not None else ():
        given = _text(_at(record, place))
        if given is not None:
            return given[:128]
    return None


def _event_id(said: Event) -> str:
    """Return the identity of what is said: the same record tells the same event again."""
    digest = blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    digits = "".join(c for c in str(said["occurred_at"])[:19] if c.isdigit())
    return f"{int(said['status']):02d}M-{digits}-{digest}"


def _at(record: Record, place: str) -> Any:
    """Return what stands at a name, or at a dotted path of names."""
    if place in record:
        return record[place]
    value: Any = record
    for name in place.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _bad(code: str, place: str, given: str) -> RejectError:
    shown = given[:_SHOWN_CHARACTERS]
    return RejectError(code, f'{place}: "{shown}"', field=place, value=shown)
