"""The names that rules, people, tables and messages share."""

from __future__ import annotations

from enum import StrEnum


class AlertRule(StrEnum):
    """What an alert says. The first four are raised by workers, the rest by the alert process."""

    RECEIPT_OVERDUE = "receipt_overdue"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LEG_OVERDUE = "leg_overdue"
    APOLOGY_DUE = "apology_due"
    NO_APOLOGY = "no_apology"
    UNIT_SHARE = "unit_share"
    UNIT_COUNT = "unit_count"
    BACKLOG = "backlog"
    SILENT_DESK = "silent_desk"

    @property
    def is_about_unit(self) -> bool:
        """Whether it is about a unit's figures, not about one dossier."""
        return self in _ABOUT_UNITS


_ABOUT_UNITS = frozenset(
    {AlertRule.UNIT_SHARE, AlertRule.UNIT_COUNT, AlertRule.BACKLOG, AlertRule.SILENT_DESK}
)


class Role(StrEnum):
    """What somebody is to a unit."""

    HANDLER_LEAD = "handler_lead"
    DESK_LEAD = "desk_lead"
    AUTHORITY_HEAD = "authority_head"
    CHAIR = "chair"
    PROVINCE_LEADER = "province_leader"
    TECHNICIAN = "technician"

    @property
    def is_leader(self) -> bool:
        """Whether this role gets digests, thresholds and escalations only."""
        return self in (Role.CHAIR, Role.PROVINCE_LEADER)


class CaseState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to act any more."""
        return self in (CaseState.RESOLVED, CaseState.WITHDRAWN)


class Cause(StrEnum):
    """Why a file is late, as people may explain it."""

    WAITS_FOR_APPLICANT = "waits_for_applicant"
    WAITS_FOR_AGENCY = "waits_for_agency"
    COMPLEX = "complex"
    STAFF = "staff"
    SYSTEM = "system"
    DONE_NOT_RECORDED = "done_not_recorded"
    OTHER = "other"
