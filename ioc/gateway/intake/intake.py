"""Takes the events of a request in: checks each, saves the good ones together, answers each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ioc.gateway.audit.ledger import Ledger
from ioc.gateway.clock import Clock
from ioc.gateway.intake.fields import mendable, read_fields
from ioc.gateway.intake.owners import Owners
from ioc.gateway.intake.prepare import Prepared, Rules, prepare
from ioc.gateway.intake.recent import Known, Recent, meaning_of
from ioc.gateway.intake.result import ItemOutcome, ItemResult, Options, Outcome, rejected
from ioc.gateway.keys.caller import Caller
from ioc.gateway.outbox import Outbox
from ioc.gateway.parcels import Outgoing
from schemas.errors import RetryError
from schemas.events import EventRecord
from schemas.settings import KafkaSettings

Item = bytes | Mapping[str, Any]

#: Events after which others may have their turn: some milliseconds.
_ITEMS_AT_A_TIME = 250


class Intake:
    """The way of events from a request to Kafka; used by every route that takes some.

    Attributes:
        owners: whose dossiers they are.
    """

    def __init__(
        self,
        kafka: KafkaSettings,
        outbox: Outbox,
        owners: Owners,
        recent: Recent,
        ledger: Ledger,
        clock: Clock,
        rules: Rules,
    ) -> None:
        self._kafka = kafka
        self._outbox = outbox
        self.owners = owners
        self._recent = recent
        self._ledger = ledger
        self._clock = clock
        self._rules = rules

    async def submit(self, caller: Caller, items: Sequence[Item], options: Options) -> Outcome:
        """Take events in; return one result for each, in their order.

        Waits until Kafka has what was accepted (acks=all), or `store_seconds`. Never raises for
        what is wrong with an event, nor when Kafka is away: these are `unsaved` then.

        Args:
            caller: decides source, units and topic.
            items: events as JSON text or objects; each may be anything at all.
            options: how to take them.
        """
        results: list[ItemResult | None] = [None] * len(items)
        good = await self._prepare(caller, items, options, results)
        if good and not caller.covers_province:
            good = await self._check_owners(caller, good, results)
        if options.dry_run:
            for place, event in good:
                results[place] = _about(event, ItemOutcome.VALID)
        else:
            await self._save(caller, good, results)
        done = [each for each in results if each is not None]
        self._ledger.count_items(caller, options, done)
        return Outcome(done)

    async def _prepare(
        self,
        caller: Caller,
        items: Sequence[Item],
        options: Options,
        results: list[ItemResult | None],
    ) -> list[tuple[int, Prepared]]:
        good: list[tuple[int, Prepared]] = []
        now_ms = self._clock.now_ms()
        for place, item in enumerate(items):
            if place and not place % _ITEMS_AT_A_TIME:
                await asyncio.sleep(0)
            value = item if isinstance(item, bytes) else orjson.dumps(item)
            event = prepare(value, caller, self._rules, now_ms, backfill=options.backfill)
            if isinstance(event, ItemResult):
                results[place] = event
                continue
            known = Known.NEW
            if not caller.is_sandbox:
                known = self._recent.look(event.dossier_id, event.record)
            if known is Known.NEW:
                good.append((place, event))
            elif known is Known.SAME:
                results[place] = _about(event, ItemOutcome.DUPLICATE, "duplicate")
            else:
                results[place] = _reused(event)
        return good

    async def _check_owners(
        self,
        caller: Caller,
        good: list[tuple[int, Prepared]],
        results: list[ItemResult | None],
    ) -> list[tuple[int, Prepared]]:
        """Let pass what is about dossiers of the caller's units, or new ones that it names."""
        try:
            units = await self.owners.units_of(
                {event.dossier_id for _, event in good}, caller.unit_codes
            )
        except RetryError:
            for place, event in good:
                results[place] = _about(event, ItemOutcome.UNSAVED, "unsaved")
            return []
        passed: list[tuple[int, Prepared]] = []
        named = {event.dossier_id for _, event in good if event.names_unit}
        for place, event in good:
            owners = units[event.dossier_id]
            if owners and caller.unit_codes.isdisjoint(owners):
                results[place] = _refused(event, "foreign_dossier", "dossier_id")
            elif not owners and event.dossier_id not in named:
                results[place] = _refused(event, "unit_missing", "receiver")
            else:
                passed.append((place, event))
        return passed

    async def _save(
        self,
        caller: Caller,
        good: list[tuple[int, Prepared]],
        results: list[ItemResult | None],
    ) -> None:
        # Twice the same in one request: the second is a duplicate once the first is saved.
        first: dict[tuple[str, str], tuple[int, EventRecord]] = {}
        repeated: list[tuple[int, Prepared]] = []
        sent: list[tuple[int, Prepared]] = []
        for place, event in good:
            record = event.record
            before, said = first.setdefault((event.dossier_id, record.event_id), (place, record))
            if before == place:
                sent.append((place, event))
            elif meaning_of(said) == meaning_of(record):
                repeated.append((place, event))
            else:
                results[place] = _reused(event)
        failed = await self._deliver(caller, [event for _, event in sent])
        for number, (place, event) in enumerate(sent):
            if number in failed:
                results[place] = _about(event, ItemOutcome.UNSAVED, "unsaved")
                continue
            results[place] = _about(event, ItemOutcome.ACCEPTED)
            if not caller.is_sandbox:
                self._recent.add(event.dossier_id, event.record)
                self.owners.note(event.dossier_id, event.record)
        for place, event in repeated:
            told = results[first[event.dossier_id, event.record.event_id][0]]
            is_saved = told is not None and told.outcome is ItemOutcome.ACCEPTED
            results[place] = (
                _about(event, ItemOutcome.DUPLICATE, "duplicate")
                if is_saved
                else _about(event, ItemOutcome.UNSAVED, "unsaved")
            )

    async def _deliver(self, caller: Caller, events: list[Prepared]) -> set[int]:
        """Return the places of the events that may not be in Kafka."""
        if not events:
            return set()
        topic = self._kafka.sandbox_topic if caller.is_sandbox else self._kafka.events_topic
        try:
            delivery = self._outbox.put(
                topic, [Outgoing(event.dossier_id, event.value) for event in events]
            )
        except RetryError:
            return set(range(len(events)))
        await delivery.future
        return delivery.failed


def _about(event: Prepared, outcome: ItemOutcome, code: str = "") -> ItemResult:
    return ItemResult(outcome, code, event_id=event.record.event_id, dossier_id=event.dossier_id)


def _reused(event: Prepared) -> ItemResult:
    return _refused(event, "id_reused", "event_id", event.record.event_id)


def _refused(event: Prepared, code: str, place: str, value: str = "") -> ItemResult:
    return rejected(
        code,
        place,
        value,
        event_id=event.record.event_id,
        dossier_id=event.dossier_id,
        item=mendable(read_fields(event.value)),
    )
