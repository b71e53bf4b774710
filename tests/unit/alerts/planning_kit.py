"""A board, people and a clock for tests of single decisions."""

from __future__ import annotations

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.dossier import Dossier
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.items import Wording
from ioc.alerts.engine.planning import Planner
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people import Absence, Person, Post, Role
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import AlertRule
from schemas.alerting.rules_model import RulesFile
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.reference import ProcedureRegistry, UnitRegistry

UNITS, PROCEDURES = UnitRegistry.load(None), ProcedureRegistry.load(None)
CALENDAR = WorkingCalendar(CalendarSettings(_env_file=None))
HOUR = 3600
#: Monday 9 September 2024, 08:00 in Vietnam; then communes were below districts.
MONDAY = 1_725_843_600
UNIT, DISTRICT, PROVINCE = "04795", "148", "17"


def person(name: str, *posts: tuple[Role, str], **more: object) -> Person:
    return Person(
        name, name, "vi", tuple(Post(role, unit) for role, unit in posts),
        {"email": f"{name}@ioc.example"}, **more,
    )  # type: ignore[arg-type]  # fmt: skip


LEAD = person("lead", (Role.HANDLER_LEAD, UNIT), deputy="head")
HEAD = person("head", (Role.AUTHORITY_HEAD, UNIT))
CHAIR = person("chair", (Role.CHAIR, UNIT))
DISTRICT_CHAIR = person("district", (Role.CHAIR, DISTRICT))
LEADER = person("leader", (Role.PROVINCE_LEADER, PROVINCE))
TECHNICIAN = person("technician", (Role.TECHNICIAN, PROVINCE))
EVERYBODY = (LEAD, HEAD, CHAIR, DISTRICT_CHAIR, LEADER, TECHNICIAN)


def away(who: Person, start: int, end: int) -> Person:
    return Person(
        who.person_id, who.title, who.language, who.posts, who.contacts, who.deputy,
        (Absence(start, end),),
    )  # fmt: skip


def rules(**delivery: object) -> RulesFile:
    return RulesFile.model_validate(
        {
            "version": 1,
            "delivery": {"settle_seconds": 0, "longest_settle_seconds": 0, **delivery},
            "rules": [
                {
                    "id": "late",
                    "what": "overdue",
                    "tell": ["handler_lead"],
                    "escalate": {"after_working_hours": 8, "levels": 4},
                },
                {"id": "silent", "what": "silent_desk", "tell": ["technician"]},
            ],
        }
    )


def planner(file: RulesFile | None = None, people: tuple[Person, ...] = EVERYBODY) -> Planner:
    return Planner(
        Rulebook(file or rules()),
        PeopleBook(people, UNITS),
        Wording(UNITS, PROCEDURES, CALENDAR),
        8 * HOUR,
    )


def board(now: int = MONDAY) -> Board:
    made = Board()
    made.feeds = Feeds(now + 10**9)
    return made


def late(board: Board, name: str, crossed_at: int = MONDAY) -> Case:
    """Put a file on the board that is late."""
    case = Case(
        alert_id=f"overdue/{name}/{crossed_at - 1}", rule=AlertRule.OVERDUE, dossier_id=name,
        shard=0, unit=UNIT, handler=UNIT, receiver=UNIT, field="", procedure="", leg=0,
        about_at=crossed_at - 1, crossed_at=crossed_at, raised_ms=crossed_at * 1000, digest=False,
        seen=1,
    )  # fmt: skip
    board.put(case)
    board.dossiers[name] = Dossier(
        0, name, 1, False, True, True, False, UNIT, UNIT, UNIT, "", "", crossed_at - 1, crossed_at,
        0, False, 4, (), "desk",
    )  # fmt: skip
    return case


def plan(who: Planner, board: Board, now: int, *, arrives: bool = True):
    """What is planned now; `arrives`: and taken by a channel at once."""
    messages = who.plan(board, now, now_ms=now * 1000, resting=True).messages
    for message in messages if arrives else ():
        arrive(board, message, now)
    return messages


def arrive(board: Board, message, now: int) -> None:
    ids = [case.alert_id for case in message.cases]
    board.note_settled(ids, message.notice.person, message.notice.kind, now)


def told(messages) -> list[tuple[str, str, int]]:
    return [(m.notice.kind.value, m.notice.person, m.notice.total) for m in messages]
