"""Reads files again and moves their alerts to where the facts put them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ioc.alerts.delivery.checking import still_true
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.judging import judge, needs_history
from ioc.alerts.notice import Notice
from ioc.alerts.service.recorder import Recorder
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.facts import read_changed, read_histories
from ioc.alerts.store.ledger import Delivery
from streams.fold import FoldRules

_DAY_SECONDS = 86_400


class FileJudge:
    """Judges the alerts of files: new ones, those about to be told, and all others in turns."""

    def __init__(self, shared: Shared, recorder: Recorder, rules: FoldRules) -> None:
        self._shared = shared
        self._recorder = recorder
        self._rules = rules
        self._swept = ""

    async def judge(self, dossier_ids: Iterable[str]) -> None:
        """Compare some files with their alerts; what changed is stored."""
        ids = set(dossier_ids)
        if not ids:
            return
        shared = self._shared
        dossiers = await read_changed(shared.warehouse, ids, shared.board.dossiers)
        now = shared.now
        doubtful = {
            dossier_id
            for dossier_id, dossier in dossiers.items()
            for alert_id in shared.board.of_dossier.get(dossier_id, ())
            if needs_history(shared.board.cases[alert_id], dossier, now)
        }
        histories = await read_histories(shared.warehouse, doubtful) if doubtful else {}
        changed: list[Case] = []
        async with shared.lock:
            board = shared.board
            for dossier_id, dossier in dossiers.items():
                if dossier_id not in board.of_dossier:
                    continue
                board.dossiers[dossier_id] = dossier
                events = histories.get(dossier_id)
                for alert_id in board.of_dossier[dossier_id]:
                    case = board.cases[alert_id]
                    if judge(board, case, dossier, events, self._rules, now):
                        changed.append(case)
        await self._recorder.cases(changed)

    async def prepare(self, deliveries: Sequence[Delivery]) -> Sequence[Notice | None]:
        """Read the files behind some messages again; see `LanePorts.prepare`."""
        shared = self._shared
        cases = [
            case
            for each in deliveries
            for alert_id in each.alert_ids
            if (case := shared.board.cases.get(alert_id)) is not None
        ]
        await self.judge(case.dossier_id for case in cases if case.dossier_id)
        async with shared.lock:
            checked = [
                still_true(shared.planner, shared.board, each, shared.now) for each in deliveries
            ]
        await self._recorder.cases(case for _, changed in checked for case in changed)
        return [notice for notice, _ in checked]

    async def sweep(self, files: int) -> None:
        """Judge the next so many files; after the last one, forget what can change no more."""
        ids = sorted(each for each in self._shared.board.of_dossier if each > self._swept)[:files]
        self._swept = ids[-1] if ids else ""
        await self.judge(ids)
        if not ids:
            await self._forget()

    async def _forget(self) -> None:
        shared = self._shared
        oldest = shared.now - shared.planner.rules.file.delivery.watch_days * _DAY_SECONDS
        async with shared.lock:
            for case in list(shared.board.cases.values()):
                if case.state.is_closed and case.closed_at < oldest:
                    shared.board.drop(case.alert_id)
