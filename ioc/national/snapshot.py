"""What one snapshot (`DongBoHoSoMC`) tells, by the table of docs/national-message.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from ioc.national.fields import is_no_date, local_day, moment, status_of, text, unit_code
from ioc.national.identity import snapshot_id
from ioc.national.told import Event, Told
from schemas.errors import RejectError
from schemas.reference import ProcedureRegistry, UnitRegistry

Entry = Mapping[str, Any]

#: Fields that tell when a status began; the first that is there counts.
_TIME_OF_STATUS = {
    1: ("NgayNopHoSo", "NgayTiepNhan"),
    3: ("NgayTuChoi", "NgayKetThucXuLy"),
    7: ("NgayKetThucXuLy", "NgayTra"),
    8: ("NgayKetThucXuLy", "NgayTra"),
    9: ("NgayKetThucXuLy", "NgayTra"),
    10: ("NgayTra",),
}
_TIMES = (
    "NgayNopHoSo",
    "NgayTiepNhan",
    "NgayHenTra",
    "NgayTuChoi",
    "NgayKetThucXuLy",
    "NgayTra",
)
_UNRECEIVED = (1, 3)
_ONLINE = 2
_MIDNIGHT = "T00:00:00"


class Place(NamedTuple):
    """Who sent a snapshot.

    Attributes:
        source: name of the sending system.
        receiver: the one desk that the system belongs to; None if it serves several.
    """

    source: str
    receiver: str | None = None


class SnapshotReader:
    """Reads snapshots; has no state."""

    def __init__(self, units: UnitRegistry, procedures: ProcedureRegistry | None) -> None:
        """Args: what agency names mean, and the catalogue, for fields that are not said."""
        self._units, self._procedures = units, procedures

    def read(self, entry: Entry, dossier_id: str, place: Place) -> Told:
        """Return what a snapshot tells.

        Raises:
            RejectError: the entry as a whole cannot be read.
        """
        told = Told(dossier_id)
        status = status_of(entry, "TrangThaiHoSo")
        about = self._attributes(entry, place, told, received=status not in _UNRECEIVED)
        made = _Made(entry, dossier_id, place, about, told)
        for name in _TIMES:
            if is_no_date(entry, name):
                told.lose("no_date", f"{name}: this date means none", name)
        if status in _UNRECEIVED:
            made.ending(status, None)
            return told
        received = moment(entry, "NgayTiepNhan", required=True)
        if received is None:
            raise RejectError("missing_field", "NgayTiepNhan: required", field="NgayTiepNhan")
        made.add(2, received)
        asked = [made.supplement(one) for one in _supplements(entry)]
        # 4 says no more than the receipt did; 5 is told by its list.
        if status == 6 or (status == 5 and not any(asked)):
            told.losses.append(_no_time(status))
        if status in (7, 8, 9, 10):
            made.close(status, received)
        return told

    def _attributes(self, entry: Entry, place: Place, told: Told, *, received: bool) -> Event:
        channel = text(entry, "KenhThucHien") or "1"
        if channel not in ("1", "2", "3"):
            raise RejectError(
                "bad_value",
                f'KenhThucHien: "{channel[:40]}" allowed are 1-3',
                field="KenhThucHien",
                value=channel[:40],
            )
        due = moment(entry, "NgayHenTra")
        receipt = moment(entry, "NgayTiepNhan")
        about: Event = {
            "authority": unit_code(
                self._units, entry, "DonViXuLy", place.source, _day_of_reference(entry)
            ),
            "procedure": text(entry, "MaTTHC"),
            "field": self._field(entry),
            "channel": int(channel),
            "due_at": due,
        }
        if about["authority"] is None:
            about["receiver"] = place.receiver
        if about["channel"] == _ONLINE:
            about["registered_at"] = moment(entry, "NgayNopHoSo")
        if received:
            about["received_at"] = receipt
            if due is not None and receipt is not None and local_day(due) < local_day(receipt):
                told.lose(
                    "due_before_receipt",
                    "NgayHenTra lies before NgayTiepNhan",
                    "NgayHenTra",
                    text(entry, "NgayHenTra") or "",
                )
        return {name: value for name, value in about.items() if value is not None}

    def _field(self, entry: Entry) -> str | None:
        """Return the field that is said, else that of the procedure in the catalogue."""
        said = text(entry, "MaLinhVuc")
        procedure = text(entry, "MaTTHC")
        if said is not None or self._procedures is None or procedure not in self._procedures:
            return said
        return self._procedures.get(str(procedure)).field


class _Made:
    """The events of one snapshot while they are made."""

    def __init__(
        self, entry: Entry, dossier_id: str, place: Place, about: Event, told: Told
    ) -> None:
        self._entry, self._dossier_id, self._place = entry, dossier_id, place
        self._about, self._told = about, told
        self._updating = (text(entry, "isUpdating") or "").lower() == "true"
        #: Begin of the last supplement that nobody answered.
        self._pending: str | None = None

    def add(self, status: int, at: str, said: Event | None = None) -> None:
        """Add an event; every one carries the attributes, so the newest state brings the newest."""
        carried = self._about | (said or {})
        if status == 1 and carried.get("channel") == _ONLINE:
            carried["registered_at"] = at
        self._told.events.append(
            {
                "event_id": snapshot_id(status, at, carried, updating=self._updating),
                "source": self._place.source,
                "dossier_id": self._dossier_id,
                "status": status,
                "occurred_at": at,
                **carried,
            }
        )

    def supplement(self, one: Entry) -> bool:
        """Add what one entry of the list of supplements tells; whether it says when it began."""
        asked = moment(one, "NgayBoSung", iso=True)
        answered = moment(one, "NgayTiepNhanBoSung", iso=True)
        new_due = moment(one, "NgayHenTraMoi", iso=True)
        said = {} if new_due is None else {"supplement_due_at": new_due}
        if asked is not None:
            self.add(5, asked, said if answered is None else {})
        if answered is not None:
            self.add(4, answered, said)
        elif asked is not None:
            self._pending = max(asked, self._pending or asked)
        return asked is not None

    def close(self, status: int, received: str) -> None:
        """Add the end of a dossier that was received."""
        if status in (9, 10) and text(self._entry, "NgayHenTra") is None:
            self._told.lose(
                "closed_without_due", "finished, and never had a due date", "NgayHenTra"
            )
        if status in (9, 10) and text(self._entry, "NgayTuChoi") is not None:
            self._told.lose(
                "resolved_and_refused",
                "a date of refusal, but the status says resolved",
                "NgayTuChoi",
                text(self._entry, "NgayTuChoi") or "",
            )
        if status == 10 and text(self._entry, "NgayKetThucXuLy"):
            self.ending(9, received)
        self.ending(status, received)

    def ending(self, status: int, received: str | None) -> None:
        """Add an event at the time that the message names for a status."""
        for name in _TIME_OF_STATUS[status]:
            at = moment(self._entry, name)
            if at is None:
                continue
            if received is not None:
                checked = self._checked(name, at, received)
                if checked is None:
                    return
                at = checked
                if status == 9 and self._is_still_pending(at):
                    return
            self.add(status, at)
            return
        self._told.losses.append(_no_time(status))

    def _checked(self, name: str, at: str, received: str) -> str | None:
        """Return the time of an end that does not lie before the receipt; None if it does."""
        if at >= received:
            return at
        given = text(self._entry, name) or ""
        if at[:10] == received[:10] and at[10:19] == _MIDNIGHT:
            self._told.lose("date_only", f"{name} has no time of day", name, given)
            return received
        self._told.lose("end_before_receipt", f"{name} lies before NgayTiepNhan", name, given)
        return None

    def _is_still_pending(self, at: str) -> bool:
        """Whether a 9 is really a request that waits: some systems send 5 as 9."""
        if self._pending is None:
            return False
        waits = at <= self._pending
        self._told.lose(
            "supplement_pending" if waits else "resolved_while_pending",
            "resolved, while a supplement is asked for and not answered",
            "TrangThaiHoSo",
            "9",
        )
        return waits


def _day_of_reference(entry: Entry) -> date | None:
    for name in ("NgayTiepNhan", "NgayNopHoSo", "NgayTuChoi"):
        at = moment(entry, name)
        if at is not None:
            return local_day(at)
    return None


def _supplements(entry: Entry) -> Iterator[Entry]:
    listed = entry.get("DanhSachHoSoBoSung")
    if isinstance(listed, list):
        yield from (one for one in listed if isinstance(one, dict))


def _no_time(status: int) -> RejectError:
    return RejectError(
        "no_time",
        f"the message does not say when status {status} began",
        field="TrangThaiHoSo",
        value=str(status),
    )
