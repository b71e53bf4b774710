"""What the gateway's routes share."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.gateway.audit.ledger import Ledger
from ioc.gateway.clock import Clock
from ioc.gateway.intake.intake import Intake
from ioc.gateway.keys.ring import KeyRing
from ioc.gateway.limits import Limits
from schemas.gateway_settings import GatewaySettings
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.settings import ClickHouseSettings, KafkaSettings


@dataclass(frozen=True)
class Gateway:
    """One gateway; made by `ioc.gateway.build`, found by routes with `gateway_of`."""

    settings: GatewaySettings
    kafka: KafkaSettings
    clickhouse: ClickHouseSettings
    units: UnitRegistry
    procedures: ProcedureRegistry
    clock: Clock
    keys: KeyRing
    limits: Limits
    intake: Intake
    ledger: Ledger
