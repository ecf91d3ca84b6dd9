"""Portal links: somebody without an account sets up one thing."""

from __future__ import annotations

from datetime import datetime, timedelta

import strawberry

from api.identity import portal
from api.provisioning.actor import Actor, Right
from db.enums import PortalPurpose

from . import acting, mutating
from .access import mutation
from .context import Info
from .mutating import Payload


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
