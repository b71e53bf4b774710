"""Files are judged by the rules that the workers fold with, or not at all."""

from __future__ import annotations

from ioc.alerts.store.warehouse import Warehouse
from schemas.errors import ConfigurationError, RetryError


async def check_rules(warehouse: Warehouse, fingerprint: int) -> None:
    """Compare the rules of this process with those in force.

    A process that was forgotten when a day off was added would find files late that are not.

    Args:
        warehouse: where the workers register theirs; nothing there is no difference.
        fingerprint: of this process's calendar, units, procedures and fold.

    Raises:
        ConfigurationError: newer ones are in force.
        RetryError: nobody has brought these into force yet, or ClickHouse is away.
    """
    known = await warehouse.short("fold_rules")
    newest = max((generation for generation, _ in known), default=0)
    in_force = {found for generation, found in known if generation == newest}
    if not known or in_force == {fingerprint}:
        return
    replaced = {found for generation, found in known if generation != newest}
    if fingerprint in replaced - in_force:
        raise ConfigurationError(
            "calendar, units or procedures of this alert process are older than those that the "
            f"workers fold with (rules {fingerprint:016x}): give it the same files and release"
        )
    raise RetryError(
        "no worker folds with the calendar, units and procedures of this alert process "
        f"(rules {fingerprint:016x}) yet: give the workers the same files and start them again"
    )
