"""Pointing at things: by global id, or by what other systems know them by."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import lookups
from api.provisioning.actor import Actor
from api.provisioning.errors import BadSetting, NotFound

from . import ids
from .context import Info

NOBODY = "There is no such member."


@strawberry.input(description="An e-mail address in an organization.")
class EmailInOrganization:
    organization_id: strawberry.ID
    email: str


@strawberry.input(description="What a directory calls somebody.")
class ExternalIdInDirectory:
    directory_id: strawberry.ID
    external_id: str


@strawberry.input(one_of=True, description="Exactly one way to point at a member.")
class MemberRef:
    id: strawberry.Maybe[strawberry.ID]
    email: strawberry.Maybe[EmailInOrganization]
    external_id: strawberry.Maybe[ExternalIdInDirectory]


async def member(info: Info, ref: MemberRef) -> ids.Place:
    """Where the member is; raises NotFound for nobody, which is also whoever is in another organization.

    A member named by id may not exist; who goes on with it will find out.
    """
    found: uuid.UUID | None
    if ref.id is not None:
        place = ids.must_be(ref.id.value, "Member")
        organization, found = place.organization, place.id
        info.context.actor(organization)
    elif ref.email is not None:
        organization = ids.must_be(ref.email.value.organization_id, "Organization").organization
        found = await lookups.member_by_email(info.context.actor(organization), ref.email.value.email)
    else:
        assert ref.external_id is not None
        directory = ids.must_be(ref.external_id.value.directory_id, "Directory")
        organization = directory.organization
        actor = info.context.actor(organization)
        found = await lookups.member_by_external_id(actor, directory.id, ref.external_id.value.external_id)
    if found is None:
        raise NotFound(NOBODY)
    return ids.Place("Member", organization, found)


def organization(id: str) -> uuid.UUID:
    """The organization that a global id names; raises NotFound for a text that names none."""
    return ids.must_be(id, "Organization").organization


async def role_key(info: Info, actor: Actor, id: str) -> str:
    """The key of a role of the actor's organization, by global id; raises NotFound."""
    role = (await info.context.book(actor.organization)).role(ids.within(actor.organization, id, "Role"))
    if role is None:
        raise NotFound("There is no such role.")
    return role.key


def moment(at: datetime | None) -> datetime | None:
    """A time that somebody wrote; raises BadSetting for one without a zone."""
    if at is not None and at.tzinfo is None:
        raise BadSetting("Write times with their zone, such as 2026-11-25T12:00:00Z.")
    return at
