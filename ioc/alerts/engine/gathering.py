"""From what people are to hear to messages: gathered, grouped, kept within a rate."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.items import Wording
from ioc.alerts.notice import MOST_CODES, Notice, NoticeKind
from ioc.alerts.people_book import Recipient
from schemas.alerting.names import AlertRule
from schemas.alerting.rules_model import Delivery

#: Items that one message words. Wording a file costs about a millisecond: a flood is hundreds of
#: messages. The codes of the others are listed as they are.
MOST_ITEMS = 50
MOST_ITEMS_OF_MANY = 20


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that one person is to hear; `level` 0 = not a step up."""

    case: Case
    recipient: Recipient
    kind: NoticeKind
    urgent: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """One message with the cases that it is about; `due_ms`: when the oldest was due."""

    notice: Notice
    cases: tuple[Case, ...]
    levels: tuple[int, ...]
    due_ms: int


def gather(
    board: Board,
    pending: dict[str, list[Pending]],
    delivery: Delivery,
    words: Wording,
    now: int,
) -> list[Planned]:
    """Make the messages that go now; what must wait stays owed.

    A person's alerts gather for a moment, so that a flood comes as one message. Beyond the rate,
    one summary tells all that is owed, and nothing more goes until the rate allows it, but for what
    takes an accusation back and what is urgent.
    """
    messages: list[Planned] = []
    for person in sorted(pending):
        entries = pending[person]
        ready = [entry.case.ready_at for entry in entries]
        settled = now - max(ready) >= delivery.settle_seconds
        if not settled and now - min(ready) < delivery.longest_settle_seconds:
            continue
        recent = _recent(board, person, now, delivery)
        left = delivery.rate.messages - len(recent)
        groups = _groups(entries, delivery.group_above)
        if len(groups) > left:
            if any(was_summary for _, was_summary in recent):
                groups = [group for group in groups if _cannot_wait(*group)]
            else:
                groups = _summarised(groups, max(left, 0))
        for kind, group in groups:
            messages.append(_message(board, kind, group, words, now))
            board.sent.setdefault(person, deque()).append((now, kind is NoticeKind.SUMMARY))
    # Those about the same files next to each other: files are read again for several at a time.
    return sorted(messages, key=_by_files)


def _by_files(message: Planned) -> tuple[bool, str]:
    return message.notice.kind is not NoticeKind.WITHDRAWAL, message.cases[0].alert_id


def _recent(board: Board, person: str, now: int, delivery: Delivery) -> Sequence[tuple[int, bool]]:
    recent = board.sent.get(person)
    if recent is None:
        return ()
    while recent and recent[0][0] <= now - delivery.rate.per_hours * 3600:
        recent.popleft()
    return recent


def _groups(entries: list[Pending], above: int) -> list[tuple[NoticeKind, list[Pending]]]:
    # Steps up of different height stay apart: the message's identity says which step it was.
    by_kind: dict[tuple[NoticeKind, int], list[Pending]] = {}
    for entry in entries:
        by_kind.setdefault((entry.kind, entry.level), []).append(entry)
    groups: list[tuple[NoticeKind, list[Pending]]] = []
    for (kind, _), same in by_kind.items():
        if kind is NoticeKind.SINGLE and len(same) > above:
            groups.append((NoticeKind.GROUP, same))
        elif len(same) > above:
            groups.append((kind, same))
        else:
            groups += [(kind, [entry]) for entry in same]
    # What takes an accusation back goes first.
    return sorted(groups, key=lambda group: group[0] is not NoticeKind.WITHDRAWAL)


def _summarised(
    groups: list[tuple[NoticeKind, list[Pending]]], left: int
) -> list[tuple[NoticeKind, list[Pending]]]:
    # Withdrawals are never told as a summary: the wording must say what is withdrawn.
    kept = [group for group in groups if group[0] is NoticeKind.WITHDRAWAL]
    rest = [group for group in groups if group[0] is not NoticeKind.WITHDRAWAL]
    room = max(0, left - len(kept) - 1)
    tail = [entry for _, group in rest[room:] for entry in group]
    return kept + rest[:room] + ([(NoticeKind.SUMMARY, tail)] if tail else [])


def _cannot_wait(kind: NoticeKind, group: list[Pending]) -> bool:
    return kind is NoticeKind.WITHDRAWAL or any(entry.urgent for entry in group)


def _message(
    board: Board, kind: NoticeKind, group: list[Pending], words: Wording, now: int
) -> Planned:
    group = sorted(group, key=lambda entry: (entry.case.crossed_at, entry.case.alert_id))
    first = group[0].recipient
    cases = tuple(entry.case for entry in group)
    worded = MOST_ITEMS if len(cases) <= MOST_ITEMS else MOST_ITEMS_OF_MANY
    notice = Notice(
        kind=kind,
        notice_id=notice_id(kind, first.person.person_id, cases, group[0].level),
        person=first.person.person_id,
        role=first.role,
        unit=first.unit,
        unit_name=words.unit_name(first.unit),
        language=first.person.language,
        made_at=now,
        items=tuple(words.item(board, case, now) for case in cases[:worded]),
        others=other_codes(cases[worded:]),
        total=len(cases),
        counts=rule_counts(cases),
        deputy_for=first.deputy_for,
        is_urgent=any(entry.urgent for entry in group),
    )
    due_ms = min(case.due_ms for case in cases)
    return Planned(notice, cases, tuple(entry.level for entry in group), due_ms)


def other_codes(cases: Iterable[Case]) -> tuple[str, ...]:
    """Return the codes of files that a message does not word, each once, at most `MOST_CODES`."""
    codes = dict.fromkeys(case.dossier_id for case in cases if case.dossier_id)
    return tuple(codes)[:MOST_CODES]


def rule_counts(cases: Iterable[Case]) -> tuple[tuple[AlertRule, int], ...]:
    """Return how many cases are of which rule, most first."""
    return tuple(Counter(case.rule for case in cases).most_common())


def notice_id(kind: NoticeKind, person: str, cases: Iterable[Case], level: int = 0) -> str:
    """Return the identity of a message: the same alerts to the same person have the same one."""
    parts = sorted(f"{case.alert_id}~{case.round}" for case in cases)
    told = hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
    return f"{kind}/{person}/{level}/{told}"
