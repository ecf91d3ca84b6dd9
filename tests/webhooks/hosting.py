"""What tests of webhooks do: add endpoints, carry out what a worker would, and look."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec

from api.provisioning import ladder
from api.provisioning.actor import operator
from api.scim import profile
from api.webhooks import deliveries, endpoints
from api.webhooks.endpoints import Keyed
from api.webhooks.fan_out import FanOut
from api.webhooks.lanes import DELIVER, Lane
from db import queue, sql
from db.enums import WebhookSigning
from db.ids import OrganizationId

HOST = "https://app.example.com/hooks"


async def listen(
    organization: OrganizationId,
    url: str = HOST,
    *types: str,
    signing_by: WebhookSigning = WebhookSigning.HMAC,
) -> Keyed:
    """A new endpoint."""
    return await endpoints.add(operator(organization), url, event_types=types, signing_by=signing_by)


async def tell() -> int:
    """Empty the outbox; how many changes were in it."""
    fan_out, count = FanOut(profile.known), 0
    while some := await fan_out():
        count += some
    return count


async def send(keyed: Keyed) -> None:
    """Send what is due to an endpoint."""
    await deliver_to(keyed.endpoint.organization_id, keyed.endpoint.id)


async def deliver_to(organization: object, endpoint: object) -> None:
    """The same by ids."""
    await deliveries.deliver(Lane(uuid.UUID(str(organization)), uuid.UUID(str(endpoint))))


async def attempt(keyed: Keyed, times: int = 1) -> None:
    """Have test events sent to an endpoint."""
    for _ in range(times):
        await endpoints.test(operator(OrganizationId(keyed.endpoint.organization_id)), keyed.endpoint.id)
    await send(keyed)


async def another(keyed: Keyed) -> None:
    """Something that changed, in the organization of an endpoint."""
    await ladder.set_permissions(operator(OrganizationId(keyed.endpoint.organization_id)), "viewer", ["look"])
    await tell()


async def messages(organization: OrganizationId) -> list[dict[str, Any]]:
    """The messages of an organization, oldest first."""
    found = await sql.rows("SELECT body FROM webhook_message WHERE organization_id = $1 ORDER BY id", organization)
    return [msgspec.json.decode(row[0]) for row in found]


async def told(organization: OrganizationId) -> list[dict[str, Any]]:
    """The same after the outbox was emptied."""
    await tell()
    return await messages(organization)


async def forget() -> None:
    """Forget all messages and tasks."""
    await tell()
    await sql.rows("DELETE FROM webhook_message")
    await sql.rows(f"DELETE FROM {queue.TASK}")


async def delivery(keyed: Keyed) -> asyncpg.Record:
    """The one delivery to an endpoint."""
    [row] = await delivered(keyed.endpoint.id)
    return row


async def delivered(endpoint: uuid.UUID) -> Sequence[asyncpg.Record]:
    """The deliveries to an endpoint, oldest first."""
    return await sql.rows("SELECT * FROM webhook_delivery WHERE endpoint_id = $1 ORDER BY id", endpoint)


async def endpoint_row(keyed: Keyed) -> asyncpg.Record:
    """An endpoint as it stands."""
    [row] = await sql.rows("SELECT * FROM webhook_endpoint WHERE id = $1", keyed.endpoint.id)
    return row


async def waiting() -> list[asyncpg.Record]:
    """The tasks that wait to send something."""
    return await sql.rows(f"SELECT * FROM {queue.TASK} WHERE entrypoint = $1 ORDER BY id", DELIVER)
