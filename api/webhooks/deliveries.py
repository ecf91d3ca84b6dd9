"""Sending what is due to an endpoint, and what follows from how that went."""

from __future__ import annotations

import asyncio
import ssl
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from api import settings
from api.net.client import Client
from api.net.signing import SigningKey
from api.outbox import tasks
from api.provisioning import clock, notices
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
from .sending import Outcome

SIDE_BY_SIDE = 8
"""How many messages an endpoint gets at once, of all workers together."""

_LEASE = timedelta(seconds=60)
_ROUND_SECONDS = 10.0
_LOOK_AGAIN = timedelta(seconds=1)

_REASONS = {
    WebhookDisabled.GONE: "It answered 410: it wants no messages any more.",
    WebhookDisabled.FAILING: f"Nothing has arrived for {pace.GIVE_UP_AFTER.days} days.",
}
"""Why an endpoint is told nothing any more, for people."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An endpoint that this worker has to itself under a lease, and how it sends to it."""

    organization: OrganizationId
    id: uuid.UUID
    lease: uuid.UUID

    async def take(self) -> EndpointRow | None:
        """Have the endpoint from now on, or longer; None if another worker does, or if there is none."""
        at = clock.now()
        return await endpoint_rows.take(self.organization, self.id, self.lease, at, at + _LEASE)

    async def leave(self) -> None:
        """Let others have it."""
        await endpoint_rows.leave(self.organization, self.id, self.lease)


async def deliver(lane: Lane) -> None:
    """Send what is due to an endpoint, for some seconds, unless another worker does; then look again."""
    turn = Turn(OrganizationId(lane.organization), lane.endpoint, new_id())
    endpoint = await turn.take()
    if endpoint is None:
        if await endpoint_rows.many(turn.organization, [turn.id]):
            await tasks.put_all([lanes.later(lane, clock.now() + _LOOK_AGAIN)])
        return
    try:
        await _send(turn, endpoint)
    finally:
        await turn.leave()
    at = await rows.next_due(turn.organization, turn.id)
    if at is not None:
        await tasks.put_all([lanes.now(lane) if at <= clock.now() else lanes.later(lane, at)])


async def _send(turn: Turn, taken: EndpointRow) -> None:
    """Send by and by, as long as it is this worker's turn and there is something to send now."""
    endpoint: EndpointRow | None = taken
    end = time.monotonic() + _ROUND_SECONDS
    keys = await vault.keys(turn.organization, turn.id)
    chosen = settings.read()
    async with Client(chosen.allow_networks, trusted=_trusted(), own_port=chosen.port) as client:
        while endpoint is not None and await _some(endpoint, keys, client):
            endpoint = await turn.take() if time.monotonic() < end else None


async def _some(endpoint: EndpointRow, keys: Sequence[SigningKey], client: Client) -> bool:
    """Send some of what is due; whether there was any."""
    organization, at = OrganizationId(endpoint.organization_id), clock.now()
    if not endpoint.is_enabled:
        await rows.fail_all(organization, endpoint.id, at)
        return False
    if endpoint.waits_until and endpoint.waits_until > at:
        return False
    # Whether an endpoint that was failing is well again is found out by one message.
    limit = 1 if endpoint.failures else SIDE_BY_SIDE
    due = await rows.due(organization, endpoint.id, at, limit=limit)
    if due:
        outcomes = await asyncio.gather(*(sending.attempt(client, endpoint, each, keys) for each in due))
        await _settle(endpoint, outcomes)
    return bool(due)


@cache
def _trusted() -> ssl.SSLContext:
    """Reading all authorities takes longer than sending a message."""
    return ssl.create_default_context()


async def _settle(endpoint: EndpointRow, outcomes: Sequence[Outcome]) -> None:
    """Write what came of some attempts, for the deliveries and for the endpoint."""
    organization = OrganizationId(endpoint.organization_id)

    async def work() -> None:
        await rows.settle(organization, [each.row for each in outcomes])
        meanings, at = {each.meaning for each in outcomes}, clock.now()
        if Meaning.GONE in meanings:
            await _disable(endpoint, WebhookDisabled.GONE, at)
        elif Meaning.ARRIVED in meanings:
            await endpoint_rows.arrived(organization, endpoint.id)
        elif endpoint.failing_since and endpoint.failing_since <= at - pace.GIVE_UP_AFTER:
            await _disable(endpoint, WebhookDisabled.FAILING, at)
        else:
            await endpoint_rows.failed(organization, endpoint.id, at, _pause(endpoint, outcomes, at))

    await transaction(work)


def _pause(endpoint: EndpointRow, outcomes: Sequence[Outcome], at: datetime) -> datetime:
    """Until when an endpoint gets nothing at which nothing arrived."""
    is_busy = any(each.meaning is Meaning.BUSY for each in outcomes)
    wishes = [each.wish for each in outcomes if each.wish]
    return max([pace.pause(endpoint.failures + 1, at, is_busy=is_busy), *wishes])


async def _disable(endpoint: EndpointRow, reason: WebhookDisabled, at: datetime) -> None:
    """Tell an endpoint nothing any more; what it was still to be sent can be replayed. For use in a transaction."""
    organization = OrganizationId(endpoint.organization_id)
    if not await endpoint_rows.disable(organization, endpoint.id, reason, at):
        return
    await rows.fail_all(organization, endpoint.id, at)
    told = {"url": endpoint.url, "why": reason}
    await remember(system(organization), at, "endpoint_disabled", "webhook_endpoint", endpoint.id, after=told)
    await notices.webhook_disabled(organization, endpoint.id, url=endpoint.url, reason=_REASONS[reason], at=at)
