"""Reads the messages that desk software sends to the national portal.

What becomes of each field: docs/national-message.md. Only fields named there are looked at, so
personal ones never leave the reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ioc.replay.national_fields import moment, text, unit_code
from schemas.errors import RejectError
from schemas.reference import UnitRegistry

Entry = Mapping[str, Any]
Event = dict[str, Any]

DEFAULT_SOURCE = "dong-bo-ho-so-mc"
#: Fields that tell when a status began; the first that is there counts.
_TIME_OF_STATUS = {
    1: ("NgayNopHoSo", "NgayTiepNhan"),
    3: ("NgayTuChoi", "NgayKetThucXuLy"),
    7: ("NgayKetThucXuLy", "NgayTra"),
    8: ("NgayKetThucXuLy", "NgayTra"),
    9: ("NgayKetThucXuLy", "NgayTra"),
    10: ("NgayTra",),
}
_UNRECEIVED = (1, 3)
_ONLINE = 2


class NationalReader:
    """Makes events of `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`; has no state."""

    def __init__(self, units: UnitRegistry, source: str = DEFAULT_SOURCE) -> None:
        """Args: the units that agency names mean, and the name of the sending system."""
        self._units = units
        self._source = source

    def is_national(self, document: object) -> bool:
        """Whether a JSON value is such a message, or one of its entries."""
        return isinstance(document, dict) and (
            "MaHoSo" in document or isinstance(document.get("data"), list)
        )

    def entries(self, document: object) -> Iterator[object]:
        """Yield the entries of a document: a message, a list of messages, of entries or events."""
        if isinstance(document, list):
            for part in document:
                yield from self.entries(part)
        elif isinstance(document, dict) and isinstance(document.get("data"), list):
            yield from document["data"]
        else:
            yield document

    def read(self, document: object) -> tuple[list[Event], list[RejectError]]:
        """Return the events that a message tells, and what of it could not be understood."""
        events: list[Event] = []
        rejects: list[RejectError] = []
        for entry in self.entries(document):
            try:
                told = self._entry(entry, rejects)
            except RejectError as error:
                rejects.append(error)
            else:
                events.extend(told)
        return events, rejects

    def _entry(self, entry: object, rejects: list[RejectError]) -> list[Event]:
        if not isinstance(entry, dict):
            raise RejectError("not_json", "an entry is not a JSON object")
        if "TrangThaiHoSo" in entry or "ThoiDiemXuLy" not in entry:
            return self._snapshot(entry, rejects)
        return [self._progress(entry)]

    def _progress(self, entry: Entry) -> Event:
        status = _status(entry, "TrangThai")
        return self._event("T", entry, status, moment(entry, "ThoiDiemXuLy", required=True))

    def _snapshot(self, entry: Entry, rejects: list[RejectError]) -> list[Event]:
        status = _status(entry, "TrangThaiHoSo")
        about = self._attributes(entry, received=status not in _UNRECEIVED)
        events: list[Event] = []
        if status in _UNRECEIVED:
            self._add_status(events, entry, status, rejects, about)
            return events
        received = moment(entry, "NgayTiepNhan", required=True)
        events.append(self._event("S", entry, 2, received) | about)
        for one in _supplements(entry):
            events.extend(self._supplement(entry, one))
        if status in (4, 5, 6):
            # 4 says no more than the receipt did; 5 is told by its list.
            told = {event["status"] for event in events}
            if status == 6 or (status == 5 and 5 not in told):
                rejects.append(_no_time(status))
        elif status != 2:
            if status == 10 and text(entry, "NgayKetThucXuLy"):
                self._add_status(events, entry, 9, rejects, {})
            self._add_status(events, entry, status, rejects, {})
        return events

    def _add_status(
        self,
        events: list[Event],
        entry: Entry,
        status: int,
        rejects: list[RejectError],
        about: Event,
    ) -> None:
        for name in _TIME_OF_STATUS[status]:
            at = moment(entry, name)
            if at is not None:
                event = self._event("S", entry, status, at) | about
                if status == 1 and event["channel"] == _ONLINE:
                    event["registered_at"] = at
                events.append(event)
                return
        rejects.append(_no_time(status))

    def _supplement(self, entry: Entry, one: Entry) -> Iterator[Event]:
        asked = moment(one, "NgayBoSung", iso=True)
        answered = moment(one, "NgayTiepNhanBoSung", iso=True)
        new_due = moment(one, "NgayHenTraMoi", iso=True)
        said = {} if new_due is None else {"supplement_due_at": new_due}
        if asked is not None:
            yield self._event("S", entry, 5, asked) | (said if answered is None else {})
        if answered is not None:
            yield self._event("S", entry, 4, answered) | said

    def _attributes(self, entry: Entry, *, received: bool) -> Event:
        channel = text(entry, "KenhThucHien") or "1"
        if channel not in ("1", "2", "3"):
            raise RejectError(
                "bad_value",
                f'KenhThucHien: "{channel}" allowed are 1-3',
                field="KenhThucHien",
                value=channel,
            )
        about: Event = {
            "authority": unit_code(self._units, entry, "DonViXuLy", self._source),
            "procedure": text(entry, "MaTTHC"),
            "field": text(entry, "MaLinhVuc"),
            "channel": int(channel),
            "due_at": moment(entry, "NgayHenTra"),
        }
        if about["channel"] == _ONLINE:
            about["registered_at"] = moment(entry, "NgayNopHoSo")
        if received:
            about["received_at"] = moment(entry, "NgayTiepNhan")
        return {name: value for name, value in about.items() if value is not None}

    def _event(self, kind: str, entry: Entry, status: int, at: str | None) -> Event:
        """Return the bare event; the same fact told again has the same identity."""
        dossier_id = text(entry, "MaHoSo")
        if dossier_id is None or at is None:
            raise RejectError("missing_field", "MaHoSo: required", field="MaHoSo")
        digits = "".join(c for c in at[:19] if c.isdigit())
        return {
            "event_id": f"{kind}{status:02d}-{digits}",
            "source": self._source,
            "dossier_id": dossier_id,
            "status": status,
            "occurred_at": at,
        }


def _status(entry: Entry, name: str) -> int:
    given = text(entry, name)
    if given is None:
        raise RejectError("missing_field", f"{name}: required", field=name)
    if given not in {str(status) for status in range(1, 11)}:
        shown = given[:40]
        raise RejectError(
            "bad_status", f'{name}: "{shown}" allowed are 1-10', field=name, value=shown
        )
    return int(given)


def _supplements(entry: Entry) -> list[Entry]:
    listed = entry.get("DanhSachHoSoBoSung")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _no_time(status: int) -> RejectError:
    return RejectError(
        "no_time",
        f"the message does not say when status {status} began",
        field="TrangThaiHoSo",
        value=str(status),
    )
