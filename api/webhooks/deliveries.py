"""Sending what is due to an endpoint, and what follows from how that went."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.outbox import tasks
from api.provisioning import clock
from api.provisioning.actor import system
from api.provisioning.history import remember
from db.enums import WebhookDisabled
from db.ids import OrganizationId, new_id
from db.queries import webhook_deliveries as rows
from db.queries import webhook_endpoints as endpoint_rows
from db.transaction import transaction
from db.webhook_rows import EndpointRow

from . import lanes, pace, sending, vault
from .lanes import Lane
from .pace import Meaning
from .posting import post
from .sending import Outcome
from .signing import SigningKey

SIDE_BY_SIDE = 8
"""How many messages an endpoint gets at once, of all workers together."""

_LEASE = timedelta(seconds=60)
_ROUND_SECONDS = 10.0
_LOOK_AGAIN = timedelta(seconds=1)

REASONS = {
    WebhookDisabled.BY_HAND: "Somebody disabled it.",
    WebhookDisabled.GONE: "It answered 410: it wants no messages any more.",
    WebhookDisabled.FAILING: f"Nothing has arrived for {pace.GIVE_UP_AFTER.days} days.",
}
"""Why an endpoint is told nothing any more, for people."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An endpoint that this worker has to itself, and how it may send to it."""

    organization: OrganizationId
    lease: uuid.UUID
    endpoint: EndpointRow
    keys: Sequence[SigningKey]


async def deliver(lane: Lane) -> None:
    """Send what is due to an endpoint, for some seconds, unless another worker does; then look again."""
    organization, lease, at = OrganizationId(lane.organization), new_id(), clock.now()
    endpoint = await endpoint_rows.take(organization, lane.endpoint, lease, at, at + _LEASE)
    if endpoint is None:
        if await endpoint_rows.many(organization, [lane.endpoint]):
            await tasks.put_all([lanes.later(lane, at + _LOOK_AGAIN)])
        return
    try:
        await _send(organization, lease, endpoint)
    finally:
        await endpoint_rows.leave(organization, lane.endpoint, lease)
    await _look_again(lane, organization)


async def _send(organization: OrganizationId, lease: uuid.UUID, found: EndpointRow) -> None:
    """Send by and by, as long as it is this worker's turn and things arrive."""
    end, endpoint = time.monotonic() + _ROUND_SECONDS, found
    keys = await vault.keys(organization, endpoint.id)
    while time.monotonic() < end:
        at = clock.now()
        if not endpoint.is_enabled:
            await rows.fail_all(organization, endpoint.id, at)
            return
        if endpoint.waits_until and endpoint.waits_until > at:
            return
        # Whether an endpoint that was failing is well again is found out by one message.
        limit = 1 if endpoint.failures else SIDE_BY_SIDE
        due = await rows.due(organization, endpoint.id, at, limit=limit)
        if not due:
            return
        outcomes = await asyncio.gather(*(sending.attempt(post, endpoint, each, keys) for each in due))
        await _settle(organization, endpoint, outcomes)
        at = clock.now()
        renewed = await endpoint_rows.take(organization, endpoint.id, lease, at, at + _LEASE)
        if renewed is None:
            return
        endpoint = renewed


async def _settle(organization: OrganizationId, endpoint: EndpointRow, outcomes: Sequence[Outcome]) -> None:
    """Write what came of some attempts, for the deliveries and for the endpoint."""

    async def work() -> None:
        await rows.settle(organization, [each.row for each in outcomes])
        meanings, at = {each.meaning for each in outcomes}, clock.now()
        if Meaning.GONE in meanings:
            await _disable(organization, endpoint, WebhookDisabled.GONE, at)
        elif Meaning.ARRIVED in meanings:
            await endpoint_rows.arrived(organization, endpoint.id)
        elif endpoint.failing_since and endpoint.failing_since <= at - pace.GIVE_UP_AFTER:
            await _disable(organization, endpoint, WebhookDisabled.FAILING, at)
        else:
            await endpoint_rows.failed(organization, endpoint.id, at, _pause(endpoint, outcomes, at))

    await transaction(work)


def _pause(endpoint: EndpointRow, outcomes: Sequence[Outcome], at: datetime) -> datetime:
    """Until when an endpoint gets nothing at which nothing arrived."""
    is_busy = any(each.meaning is Meaning.BUSY for each in outcomes)
    wishes = [each.wish for each in outcomes if each.wish]
    return max([pace.pause(endpoint.failures + 1, at, is_busy=is_busy), *wishes])


async def _disable(organization: OrganizationId, endpoint: EndpointRow, reason: WebhookDisabled, at: datetime) -> None:
    """Tell an endpoint nothing any more; what it was still to be sent can be replayed. For use in a transaction."""
    if not await endpoint_rows.disable(organization, endpoint.id, reason, at):
        return
    await rows.fail_all(organization, endpoint.id, at)
    told = {"url": endpoint.url, "why": reason}
    await remember(system(organization), at, "endpoint_disabled", "webhook_endpoint", endpoint.id, after=told)


async def _look_again(lane: Lane, organization: OrganizationId) -> None:
    """Put the task that sends what is due next."""
    at = await rows.next_due(organization, lane.endpoint)
    if at is not None:
        await tasks.put_all([lanes.now(lane) if at <= clock.now() else lanes.later(lane, at)])
