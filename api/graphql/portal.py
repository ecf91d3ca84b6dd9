"""Portal links: somebody without an account sets up one thing."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import strawberry

from api.identity import portal
from api.identity.portal import PortalState
from api.provisioning import clock
from api.provisioning.actor import Actor, Right
from db.enums import PortalPurpose
from db.portal_rows import PortalLinkRow

from . import acting, ids, mutating
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="A link by which somebody without an account sets something up, and what came of it.")
class PortalLink(Node):
    purpose: PortalPurpose
    state: PortalState
    email: str | None = strawberry.field(description="To whom it was sent, if Rollcall sent it.")
    created_by: str = strawberry.field(description="Who made it, in words for people.")
    created_at: datetime
    expires_at: datetime = strawberry.field(description="Until when it can be used.")
    used_at: datetime | None
    session_ends_at: datetime | None = strawberry.field(description="Until when somebody is here by it.")


def portal_link(row: PortalLinkRow) -> PortalLink:
    """What the schema shows of a portal link."""
    return PortalLink(
        id=ids.write("PortalLink", row.organization_id, row.id),
        purpose=PortalPurpose(row.purpose),
        state=portal.state(row, clock.now()),
        email=row.email,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        session_ends_at=row.session_ends_at,
    )


@found_by("PortalLink")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> PortalLink | None:
    row = await info.context.load(portal.many, organization, id)
    return portal_link(row) if row else None


@strawberry.type
class OrganizationPortalLinks:
    """What an organization shows of its portal links."""

    key: strawberry.Private[uuid.UUID]

    @field(
        needs=Right.ORGANIZATION_MANAGE,
        assumed=50,
        description="The fifty portal links that were made last, newest first; forgotten thirty days after their end.",
    )
    async def portal_links(self, info: Info) -> list[PortalLink]:
        return [portal_link(row) for row in await portal.all_of_them(info.context.actor(self.key))]


@strawberry.type(description="A portal link as it is after an act.")
class PortalLinkRevokePayload(Payload):
    portal_link: PortalLink | None = None


@strawberry.input(description="A link by which somebody without an account sets something up.")
class PortalLinkCreateInput:
    purpose: PortalPurpose = PortalPurpose.PROVISIONING
    email: str | None = strawberry.field(
        default=None, description="The address to which it is sent; without one, pass the link on yourself."
    )
    valid_minutes: int = strawberry.field(default=5, description="How long it can be used: from 1 to 10080.")


@strawberry.type(description="A new portal link. It can be used once.")
class PortalLinkPayload(Payload):
    url: str | None = strawberry.field(description="The link; it is shown this once.", default=None)
    expires_at: datetime | None = None


@strawberry.type
class PortalMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Make a link by which somebody without an account sets up provisioning, or proves domains.",
    )
    async def portal_link_create(
        self, info: Info, organization_id: strawberry.ID, input: PortalLinkCreateInput
    ) -> PortalLinkPayload:
        async def act(actor: Actor) -> portal.Made:
            minutes = min(max(input.valid_minutes, 0), 100_000)  # beyond what a timedelta can hold is refused, too
            return await portal.create(actor, input.purpose, email=input.email, lives=timedelta(minutes=minutes))

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "input")
        made = tried.done
        return PortalLinkPayload(
            url=f"{info.context.settings.public_url}{portal.path(made.token)}" if made else None,
            expires_at=made.expires_at if made else None,
            user_errors=tried.user_errors,
            remembered=tried.remembered,
        )

    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="End a portal link, and the session of whoever is here by it, at once.",
    )
    async def portal_link_revoke(self, info: Info, id: strawberry.ID) -> PortalLinkRevokePayload:
        tried = await acting.on(info, id, "PortalLink", portal.revoke, "id")
        if tried.done is None:
            return PortalLinkRevokePayload(user_errors=tried.user_errors)
        place, _ = tried.done
        there = await _find(info, place.organization, place.id)
        return PortalLinkRevokePayload(portal_link=there, user_errors=[], remembered=tried.remembered)
