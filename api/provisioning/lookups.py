"""Reading many things at once by their ids: what is missing is left out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from db.member_rows import MemberView
from db.queries import lookups as rows

from . import addresses, clock, rulebook
from .actor import Actor, Right
from .explanation import RoleOutcome, decide


async def members(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, MemberView]:
    """Members by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.members(actor.organization, ids)}


async def explanations(actor: Actor, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RoleOutcome]:
    """Why members have their roles, by the same steps by which these were decided."""
    actor.must(Right.ORGANIZATION_READ)
    book, at = await rulebook.load(actor.organization), clock.now()
    found = await rows.role_facts(actor.organization, members)
    return {
        facts.member_id: decide(book.facts_of(facts), book.role_rules, book.ladder, book.organization, at)
        for facts in found
    }


async def member_by_email(actor: Actor, email: str) -> uuid.UUID | None:
    """Who has an address, however it is spelt, for whoever may look or act."""
    _must_look_or_act(actor)
    return await rows.member_by_email(actor.organization, addresses.folded(email))


async def member_by_external_id(actor: Actor, directory: uuid.UUID, external_id: str) -> uuid.UUID | None:
    """Whom a directory knows by an external id, exactly as it was sent, for whoever may look or act."""
    _must_look_or_act(actor)
    return await rows.member_by_external_id(actor.organization, directory, external_id)


def _must_look_or_act(actor: Actor) -> None:
    """Raise Forbidden for whoever may neither look at members nor do anything about them."""
    if not actor.rights & {Right.MEMBERS_MANAGE, Right.PLATFORM_MANAGE}:
        actor.must(Right.ORGANIZATION_READ)
