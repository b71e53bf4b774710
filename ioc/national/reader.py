"""Reads the messages that desk software sends to the national portal.

What becomes of each field: docs/national-message.md. Only fields named there are looked at, so
personal ones never leave the reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ioc.national.fields import dossier_code, moment, status_of
from ioc.national.identity import progress_id
from ioc.national.snapshot import Place, SnapshotReader
from ioc.national.told import Event, Told
from schemas.errors import RejectError
from schemas.reference import ProcedureRegistry, UnitRegistry

DEFAULT_SOURCE = "dong-bo-ho-so-mc"


class NationalReader:
    """Makes events of `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`; has no state."""

    def __init__(
        self,
        units: UnitRegistry,
        source: str = DEFAULT_SOURCE,
        *,
        receiver: str | None = None,
        procedures: ProcedureRegistry | None = None,
    ) -> None:
        """Make a reader for one sending system.

        Args:
            units: what agency names mean.
            source: name of the sending system.
            receiver: the one desk that it serves, for entries that name no agency.
            procedures: the catalogue, for entries that name a procedure and no field.
        """
        self._place = Place(source, receiver)
        self._snapshots = SnapshotReader(units, procedures)

    def is_national(self, document: object) -> bool:
        """Whether a JSON value is such a message, or one of its entries."""
        return isinstance(document, dict) and (
            "MaHoSo" in document or isinstance(document.get("data"), list)
        )

    def entries(self, document: object) -> Iterator[object]:
        """Yield the entries of a document: a message, a list of messages, of entries or events.

        A message's `isUpdating` stands in its entries afterwards.
        """
        if isinstance(document, list):
            for part in document:
                yield from self.entries(part)
        elif isinstance(document, dict) and isinstance(document.get("data"), list):
            updating = document.get("isUpdating")
            for entry in document["data"]:
                if isinstance(entry, dict) and updating is not None:
                    yield {"isUpdating": updating} | entry
                else:
                    yield entry
        else:
            yield document

    def read(self, document: object) -> tuple[list[Event], list[RejectError]]:
        """Return the events that a message tells, and what of it is not in them."""
        events: list[Event] = []
        faults: list[RejectError] = []
        for entry in self.entries(document):
            told = self.tell(entry)
            events.extend(told.events)
            faults.extend(told.missing() if told.reject is None else [told.reject])
        return events, faults

    def tell(self, entry: object) -> Told:
        """Return what one entry tells; never raises."""
        dossier_id: str | None = None
        if not isinstance(entry, dict):
            return Told(reject=RejectError("not_json", "an entry is not a JSON object"))
        try:
            dossier_id = dossier_code(entry)
            if "TrangThaiHoSo" in entry or "ThoiDiemXuLy" not in entry:
                return self._snapshots.read(entry, dossier_id, self._place)
            return Told(dossier_id, [self._progress(entry, dossier_id)])
        except RejectError as error:
            return Told(dossier_id, reject=error)

    def _progress(self, entry: Mapping[str, Any], dossier_id: str) -> Event:
        status = status_of(entry, "TrangThai")
        at = moment(entry, "ThoiDiemXuLy", required=True)
        return {
            "event_id": progress_id(status, at or ""),
            "source": self._place.source,
            "dossier_id": dossier_id,
            "status": status,
            "occurred_at": at,
        }
