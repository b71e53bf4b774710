"""Makes the accounts of `schemas.kafka_rights` on a Kafka cluster: passwords and rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from ioc.topics import admin
from schemas.errors import ConfigurationError
from schemas.kafka_rights import KafkaAccount, Resource, kafka_accounts
from schemas.settings import KafkaSettings

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

#: Kafka's least is 4096; passwords are random, so more would only slow the connecting down.
_ITERATIONS = 8192
MIN_PASSWORD_LENGTH = 16


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What was done for one account; counts of single operations on single resources."""

    user: str
    granted: int
    taken_away: int


def apply_accounts(
    settings: KafkaSettings, passwords: Mapping[str, SecretStr]
) -> list[AccountChange]:
    """Set passwords, and make the rights exactly the declared ones. May be repeated.

    Accounts without a password in `passwords` are left as they are. Blocks until Kafka has it.

    Args:
        settings: of somebody who may alter the cluster.
        passwords: by the account's name (`worker`), not the user's.

    Raises:
        ConfigurationError: a name is unknown, a password is short, or Kafka refuses.
        RetryError: Kafka does not answer.
    """
    accounts = {account.name: account for account in kafka_accounts(settings)}
    for name, password in passwords.items():
        if name not in accounts:
            known = ", ".join(accounts)
            raise ConfigurationError(f"no account of Kafka is called {name!r}; there are: {known}")
        if len(password.get_secret_value()) < MIN_PASSWORD_LENGTH:
            raise ConfigurationError(
                f"the password of {name} is shorter than {MIN_PASSWORD_LENGTH} characters"
            )
    with admin(settings) as client:
        _set_passwords(client, {accounts[name].user: each for name, each in passwords.items()})
        return [_set_rights(client, accounts[name]) for name in passwords]


def _set_passwords(client: KafkaAdminClient, passwords: Mapping[str, SecretStr]) -> None:
    from kafka.admin import UserScramCredentialUpsertion  # noqa: PLC0415

    answer = client.alter_user_scram_credentials(
        [
            UserScramCredentialUpsertion(
                user, "SCRAM-SHA-512", password.get_secret_value(), iterations=_ITERATIONS
            )
            for user, password in passwords.items()
        ]
    )
    for user, error in answer.items():
        if error is not None:
            raise ConfigurationError(f"Kafka did not set the password of {user}: {error}")


def _set_rights(client: KafkaAdminClient, account: KafkaAccount) -> AccountChange:
    from kafka.admin import (  # noqa: PLC0415  # noqa: PLC0415
        ACLFilter,
        ACLOperation,
        ACLPermissionType,
        ACLResourcePatternType,
        ResourcePatternFilter,
        ResourceType,
    )

    everything = ACLFilter(
        principal=f"User:{account.user}",
        host=None,
        operation=ACLOperation.ANY,
        permission_type=ACLPermissionType.ANY,
        resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
    )
    found, _ = client.describe_acls(everything)
    before, wanted = set(found), set(_rules(account))
    # What is new comes first: an account that is at work never misses a right that it keeps.
    if wanted - before:
        answer = client.create_acls(sorted(wanted - before, key=repr))
        if answer["failed"]:
            raise ConfigurationError(f"Kafka refuses rights of {account.user}: {answer['failed']}")
    for rule in sorted(before - wanted, key=repr):
        ((_, matching, refusal),) = client.delete_acls([_exactly(rule)])
        if not matching:
            raise ConfigurationError(f"Kafka keeps a right of {account.user}: {refusal}")
    return AccountChange(account.user, len(wanted - before), len(before - wanted))


def _rules(account: KafkaAccount) -> Iterator[Any]:
    from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType  # noqa: PLC0415  # noqa: PLC0415

    kinds = {Resource.TOPIC: ResourceType.TOPIC, Resource.GROUP: ResourceType.GROUP}
    for right in account.rights:
        for operation in right.operations:
            yield ACL(
                principal=f"User:{account.user}",
                host="*",
                operation=ACLOperation[operation],
                permission_type=ACLPermissionType.ALLOW,
                resource_pattern=ResourcePattern(kinds[right.resource], right.name),
            )


def _exactly(rule: Any) -> Any:
    from kafka.admin import ACLFilter  # noqa: PLC0415

    return ACLFilter(
        principal=rule.principal,
        host=rule.host,
        operation=rule.operation,
        permission_type=rule.permission_type,
        resource_pattern=rule.resource_pattern,
    )
