"""Whom an organization wants to be told: addresses for mails about billing, technical matters and security."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from db.enums import ContactKind
from db.errors import NotUnique
from db.ids import OrganizationId, new_id
from db.mail_rows import ContactRow
from db.queries import contacts as rows
from db.queries import mails, platform
from db.transaction import transaction

from . import addresses, clock
from .actor import Actor, Right, system
from .errors import AlreadyTaken, BadSetting, NotFound
from .history import differences, remember

_LONGEST_NAME = 200


async def all_of_them(actor: Actor) -> list[ContactRow]:
    """The organization's contacts, by kind; where there is none of a kind, its admins are told."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.all_of_them(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ContactRow]:
    """Contacts by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def add(
    actor: Actor, kind: ContactKind, email: str, *, name: str | None = None, wants_digest: bool = False
) -> ContactRow:
    """Send mails of a kind to an address from now on; raises BadAddress, BadSetting, AlreadyTaken."""
    actor.must(Right.ORGANIZATION_MANAGE)
    address, called = addresses.read(email), _name(name)
    made = ContactRow(
        id=new_id(),
        kind=kind,
        email=address.email,
        email_key=address.key,
        name=called,
        wants_digest=wants_digest,
        unsubscribe_token=secrets.token_urlsafe(24),
        created_at=clock.now(),
    )

    async def work() -> ContactRow:
        if await rows.count(actor.organization, kind) >= mails.MOST:
            raise BadSetting(f"There are {mails.MOST} {kind.lower()} contacts, and no more are told. Remove one first.")
        await rows.add(actor.organization, made)
        await remember(actor, made.created_at, "contact_added", "contact", made.id, after=_shown(made))
        return made

    try:
        return await transaction(work)
    except NotUnique as error:
        raise AlreadyTaken("email", f"{address.email} is a {kind.lower()} contact already.") from error


async def change(
    actor: Actor, contact: uuid.UUID, *, name: str | None = None, wants_digest: bool | None = None
) -> ContactRow:
    """Give a contact another name, or send them digests or not; what is None stays. Raises NotFound, BadSetting."""
    actor.must(Right.ORGANIZATION_MANAGE)
    called = _name(name)

    async def work() -> ContactRow:
        before = _there(await rows.lock(actor.organization, contact))
        digests = before.wants_digest if wants_digest is None else wants_digest
        after = replace(before, name=called or before.name, wants_digest=digests)
        if after != before:
            await rows.change(actor.organization, contact, after.name, wants_digest=after.wants_digest)
            old, new = differences(_shown(before), _shown(after))
            await remember(actor, clock.now(), "contact_changed", "contact", contact, before=old, after=new)
        return after

    return await transaction(work)


async def remove(actor: Actor, contact: uuid.UUID) -> None:
    """Send an address no more mails of its kind; raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> None:
        before = _there(await rows.lock(actor.organization, contact))
        await rows.remove(actor.organization, contact)
        await remember(actor, clock.now(), "contact_removed", "contact", contact, before=_shown(before))

    await transaction(work)


async def subscription(token: str) -> str:
    """The name of the organization whose digests a token ends; raises NotFound. The token is the right to that."""
    return (await _subscribed(token))[1]


async def unsubscribe(token: str) -> str:
    """Send no more digests to the address of a token; the name of the organization. Raises NotFound."""

    async def work() -> str:
        organization, name, key = await _subscribed(token)
        if await rows.end_digests(organization, key):
            after = {"wants_digest": False}
            actor = system(organization)
            await remember(actor, clock.now(), "digests_ended", "organization", organization, after=after)
        return name

    return await transaction(work)


async def _subscribed(token: str) -> tuple[OrganizationId, str, str]:
    found = await platform.unsubscribe(token)
    if found is None:
        raise NotFound("There is no such subscription any more. There is nothing to do.")
    return found


def _there(found: ContactRow | None) -> ContactRow:
    if found is None:
        raise NotFound("There is no such contact in this organization.")
    return found


def _name(text: str | None) -> str | None:
    name = (text or "").strip()
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadSetting(f"The name of a contact is one line of at most {_LONGEST_NAME} letters.")
    return name or None


def _shown(contact: ContactRow) -> dict[str, object]:
    return {name: getattr(contact, name) for name in ("kind", "email", "name", "wants_digest")}
