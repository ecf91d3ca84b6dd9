"""The URLs of the host application that are told of an organization's changes: adding, changing, trying them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
from msgspec import UNSET, UnsetType

from api import settings
from api.net import signing
from api.net.signing import SigningKey
from api.outbox import tasks
from api.provisioning import clock
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting, InTheWay, NotFound
from api.provisioning.grouping import by_owner
from api.provisioning.history import differences, remember
from db.enums import WebhookDisabled, WebhookSigning
from db.ids import new_id
from db.queries import webhook_deliveries, webhook_messages
from db.queries import webhook_endpoints as rows
from db.transaction import transaction
from db.webhook_rows import EndpointRow, MessageRow, NewDelivery, SecretRow

from . import endpoint_values, events, lanes, vault
from .event_types import TEST
from .lanes import Lane

MOST = 20
"""How many endpoints an organization can have."""

OVERLAP_AT_MOST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Keyed:
    """An endpoint with the key that was made for it; a shared secret is shown this once."""

    endpoint: EndpointRow
    key: SigningKey


class Edit(msgspec.Struct, frozen=True):
    """What is to be changed of an endpoint, and nothing else; no event types mean all."""

    url: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    event_types: Sequence[str] | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET


async def add(
    actor: Actor,
    url: str,
    *,
    description: str = "",
    event_types: Sequence[str] = (),
    signing_by: WebhookSigning = WebhookSigning.HMAC,
) -> Keyed:
    """A new endpoint, which is told of what changes from now on; no event types mean all.

    Raises BadSetting, InTheWay for one too many, and CannotSeal.
    """
    actor.must(Right.DEVELOPERS_MANAGE)
    at, key = clock.now(), signing.new_key(signing_by)
    row = EndpointRow(
        organization_id=actor.organization,
        id=new_id(),
        url=_url(url),
        description=endpoint_values.text(description),
        event_types=endpoint_values.types(event_types),
        signing=signing_by,
        is_enabled=True,
        disabled_reason=None,
        failing_since=None,
        failures=0,
        waits_until=None,
        created_at=at,
        updated_at=at,
    )

    async def work() -> None:
        if len(await rows.all_of(actor.organization)) >= MOST:
            raise InTheWay(f"An organization has at most {MOST} endpoints. Remove one that is not needed.")
        await rows.add(actor.organization, row)
        await vault.add(actor.organization, row.id, key, at)
        await remember(actor, at, "endpoint_added", "webhook_endpoint", row.id, after=_shown(row))

    await transaction(work)
    return Keyed(row, key)


async def change(actor: Actor, endpoint: uuid.UUID, edit: Edit) -> EndpointRow:
    """An endpoint after a change; raises NotFound and BadSetting.

    What a disabled one was still to be sent has failed, and can be replayed once it is enabled again.
    """
    actor.must(Right.DEVELOPERS_MANAGE)

    async def work() -> EndpointRow:
        at, before = clock.now(), await locked(actor, endpoint)
        after = _edited(before, edit)
        old, new = differences(_shown(before), _shown(after))
        if not new:
            return before
        await rows.change(actor.organization, after, at)
        if not after.is_enabled:
            await webhook_deliveries.fail_all(actor.organization, endpoint, at)
        await remember(actor, at, "endpoint_changed", "webhook_endpoint", endpoint, before=old, after=new)
        return await locked(actor, endpoint)

    return await transaction(work)


async def remove(actor: Actor, endpoint: uuid.UUID) -> None:
    """Delete an endpoint with the log of what it was sent; raises NotFound."""
    actor.must(Right.DEVELOPERS_MANAGE)

    async def work() -> None:
        before = await locked(actor, endpoint)
        await rows.remove(actor.organization, endpoint)
        await remember(actor, clock.now(), "endpoint_removed", "webhook_endpoint", endpoint, before=_shown(before))

    await transaction(work)


async def rotate(
    actor: Actor, endpoint: uuid.UUID, *, overlap: timedelta, signing_by: WebhookSigning | None = None
) -> Keyed:
    """A new secret or key, and an endpoint that is signed by it as well as by the others until the overlap is over.

    Whoever verifies takes a message when one signature is good: so there is no gap, whenever they change to the new
    one. Raises NotFound, BadSetting for an overlap beyond seven days, and CannotSeal.
    """
    actor.must(Right.DEVELOPERS_MANAGE)
    if not timedelta(0) <= overlap <= OVERLAP_AT_MOST:
        raise BadSetting(f"Both can count for {OVERLAP_AT_MOST.days} days at most.")

    async def work() -> Keyed:
        at, found = clock.now(), await locked(actor, endpoint)
        key = signing.new_key(signing_by or WebhookSigning(found.signing))
        await rows.end_secrets(actor.organization, endpoint, now=at, at=at + overlap)
        await vault.add(actor.organization, endpoint, key, at)
        await rows.set_signing(actor.organization, endpoint, key.signing, at)
        told = {"signing": key.signing, "others_end_at": at + overlap}
        await remember(actor, at, "secret_rotated", "webhook_endpoint", endpoint, after=told)
        return Keyed(await locked(actor, endpoint), key)

    return await transaction(work)


async def test(actor: Actor, endpoint: uuid.UUID) -> uuid.UUID:
    """Send an event of type `webhook.test`; the id of its delivery. Raises NotFound, InTheWay for a disabled one."""
    actor.must(Right.DEVELOPERS_MANAGE)
    delivery = new_id()

    async def work() -> None:
        at, found = clock.now(), await locked(actor, endpoint)
        must_be_enabled(found)
        body = events.message(TEST, at, events.trial(actor))
        message = MessageRow(new_id(), TEST, None, None, body, at)
        await webhook_messages.add(actor.organization, [message])
        await webhook_deliveries.add(actor.organization, [NewDelivery(delivery, message.id, endpoint)], at)
        await send_now(actor, endpoint)

    await transaction(work)
    return delivery


async def all_of(actor: Actor) -> list[EndpointRow]:
    """The endpoints of the organization, oldest first."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return await rows.all_of(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, EndpointRow]:
    """Endpoints by id."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def secrets(actor: Actor, endpoints: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[SecretRow]]:
    """The secrets of endpoints that count, newest first, sealed."""
    actor.must(Right.DEVELOPERS_MANAGE)
    return by_owner(
        endpoints, await rows.secrets(actor.organization, endpoints, clock.now()), lambda row: row.endpoint_id
    )


async def locked(actor: Actor, endpoint: uuid.UUID) -> EndpointRow:
    """One endpoint, locked until this transaction ends; raises NotFound."""
    found = await rows.lock(actor.organization, endpoint)
    if found is None:
        raise NotFound(f"There is no webhook endpoint with the id {endpoint} in this organization.")
    return found


def must_be_enabled(endpoint: EndpointRow) -> None:
    """Raise InTheWay for one that is told nothing."""
    if not endpoint.is_enabled:
        raise InTheWay("This endpoint is disabled. Enable it first.")


async def send_now(actor: Actor, endpoint: uuid.UUID) -> None:
    """Have what is due sent at once, because somebody waits for it. For use in a transaction."""
    await rows.hurry(actor.organization, endpoint)
    await tasks.put_all([lanes.now(Lane(actor.organization, endpoint))])


def _edited(row: EndpointRow, edit: Edit) -> EndpointRow:
    if edit.url is not UNSET:
        row = replace(row, url=_url(edit.url))
    if edit.description is not UNSET:
        row = replace(row, description=endpoint_values.text(edit.description))
    if edit.event_types is not UNSET:
        row = replace(row, event_types=endpoint_values.types(edit.event_types))
    if edit.is_enabled is not UNSET and edit.is_enabled != row.is_enabled:
        reason = None if edit.is_enabled else WebhookDisabled.BY_HAND
        row = replace(row, is_enabled=edit.is_enabled, disabled_reason=reason)
    return row


def _shown(row: EndpointRow) -> dict[str, object]:
    names = ("url", "description", "event_types", "signing", "is_enabled")
    return {name: getattr(row, name) for name in names}


def _url(text: str) -> str:
    return endpoint_values.url(text, may_be_plain=bool(settings.read().allow_networks))
