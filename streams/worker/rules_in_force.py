"""Which rules of the fold are in force: the newest that were registered."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from schemas.errors import ConfigurationError, RetryError

_ALL = "SELECT generation, fingerprint FROM fold_rules"


def register_rules(client: Client, fingerprint: int, *, may_go_back: bool = False) -> int:
    """Bring rules into force unless they are; return their generation.

    Rules that were never seen are news, whoever brings them. Rules that others have replaced are
    most likely those of a machine that was forgotten: they would throw back, by turns with the
    new ones, all that is stored. Only a person may bring them back, with `ioc migrate` or `ioc up`.

    Blocks for two queries at most.

    Args:
        client: of an account that may insert.
        fingerprint: of the rules (`FoldRules.fingerprint`).
        may_go_back: register them again if newer ones are in force.

    Raises:
        ConfigurationError: others have replaced these rules.
        RetryError: two sets of rules were registered at the same instant; try again.
    """
    known = _known(client)
    newest = max(known, default=0)
    if known.get(newest) == {fingerprint}:
        return newest
    is_old = any(fingerprint in known[number] for number in known if number != newest)
    if is_old and not may_go_back:
        raise ConfigurationError(
            "calendar, units or procedures of this worker are older than those in force "
            f"(rules {fingerprint:016x}; {newest} sets of rules were registered, these are not "
            "the last): bring its files and its release up to date, or, to go back to them on "
            "purpose, run `ioc migrate` with them"
        )
    client.insert(
        "fold_rules",
        [[newest + 1, fingerprint]],
        column_names=["generation", "fingerprint"],
        settings={"async_insert": 0},
    )
    known = _known(client)
    if max(known) != newest + 1 or known[newest + 1] != {fingerprint}:
        raise RetryError("two sets of rules were registered at once")
    return newest + 1


def _known(client: Client) -> dict[int, set[int]]:
    known: dict[int, set[int]] = {}
    for generation, fingerprint in client.query(_ALL).result_rows:
        known.setdefault(generation, set()).add(fingerprint)
    return known
