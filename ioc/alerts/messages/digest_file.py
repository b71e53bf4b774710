"""The Excel file of the files behind a digest."""

from __future__ import annotations

import datetime as dt

from dashboards.panel import Unit
from ioc.alerts.channels.envelope import Attachment
from ioc.alerts.messages.wording import answered, moment, rule_name
from ioc.alerts.notice import AlertItem, Notice
from ioc.wall.period import VIETNAM
from ioc.wall.sheet import Cell, Sheet
from ioc.wall.spreadsheet import to_xlsx
from schemas.alert_texts import AlertText

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    (AlertText.DOSSIER, Unit.TEXT),
    (AlertText.RULE, Unit.TEXT),
    (AlertText.PROCEDURE, Unit.TEXT),
    (AlertText.AUTHORITY, Unit.TEXT),
    (AlertText.HANDLER, Unit.TEXT),
    (AlertText.DUE, Unit.INSTANT),
    (AlertText.LATE_DAYS, Unit.RECORDS),
    (AlertText.APOLOGY, Unit.TEXT),
    (AlertText.ANSWERS, Unit.TEXT),
)


def digest_file(notice: Notice) -> Attachment:
    """Return the workbook of a notice's files; blocks for about a millisecond a file."""
    language = notice.language
    given = notice.digest
    day = given.day if given is not None else f"{_local(notice.made_at):%Y-%m-%d}"
    facts = [(AlertText.SENT_AT.in_language(language, time=moment(notice.made_at, language)), "")]
    if given is not None:
        complete = moment(given.complete_up_to, language)
        facts.append((AlertText.COMPLETE.in_language(language, time=complete), ""))
    sheet = Sheet(
        AlertText.SHEET_TITLE.in_language(language),
        facts,
        [text.in_language(language) for text, _ in _COLUMNS],
        [unit for _, unit in _COLUMNS],
        [_row(item, language) for item in notice.items],
    )
    name = AlertText.SHEET_FILE.in_language(language, day=day)
    return Attachment(name, _MEDIA_TYPE, to_xlsx(sheet))


def _row(item: AlertItem, language: str) -> tuple[Cell, ...]:
    apology = AlertText.APOLOGY_YES if item.apologised else AlertText.APOLOGY_NO
    return (
        item.dossier_id,
        rule_name(item.rule, language),
        item.procedure_name or item.procedure,
        item.unit_name or item.unit,
        item.handler_name or item.handler,
        _local(item.due_at) if item.due_at else None,
        item.late_days,
        apology.in_language(language),
        "; ".join(answered(each, language) for each in item.answers),
    )


def _local(at: int) -> dt.datetime:
    # A spreadsheet knows no zones.
    return dt.datetime.fromtimestamp(at, VIETNAM).replace(tzinfo=None)
