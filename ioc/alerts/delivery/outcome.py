"""What becomes of a delivery after an attempt; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ioc.alerts.people import Person
from ioc.alerts.store.ledger import Delivery, DeliveryState
from schemas.errors import OutcomeUnknownError, RejectError, RetryError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a message is tried: waits double from the first to the longest."""

    min_seconds: float
    max_seconds: float
    give_up_seconds: float

    def wait_seconds(self, attempts: int) -> float:
        """Return the wait after so many attempts."""
        return min(self.max_seconds, self.min_seconds * 2.0 ** min(attempts - 1, 30))


def after_error(delivery: Delivery, error: Exception, policy: RetryPolicy, now_ms: int) -> None:
    """Note an attempt that did not succeed.

    Whatever is neither a refusal nor surely nothing may have arrived: the next attempt says so.
    """
    if isinstance(error, RejectError):
        delivery.state = DeliveryState.GIVEN_UP
        delivery.problem = error.code
        return
    if isinstance(error, OutcomeUnknownError) or not isinstance(error, RetryError):
        delivery.repeat = True
        delivery.problem = "unknown_outcome"
    else:
        delivery.problem = "away"
    if now_ms - delivery.due_ms >= policy.give_up_seconds * 1000:
        delivery.state = DeliveryState.GIVEN_UP
        return
    wait = policy.wait_seconds(delivery.attempts)
    if isinstance(error, RetryError) and error.retry_after_seconds is not None:
        wait = max(wait, min(error.retry_after_seconds, policy.max_seconds))
    delivery.state = DeliveryState.WAITING
    delivery.next_at = now_ms // 1000 + round(wait)


def by_next_channel(delivery: Delivery, person: Person | None) -> Delivery | None:
    """Return the same message by the person's next channel; None = there is no other."""
    if person is None:
        return None
    channels = list(person.contacts)
    later = channels[channels.index(delivery.channel) + 1 :] if delivery.channel in channels else []
    if not later:
        return None
    return replace(
        delivery, channel=later[0], state=DeliveryState.PLANNED, attempts=0, next_at=0, problem="",
        version=1,
    )  # fmt: skip
