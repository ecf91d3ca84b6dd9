"""Who asks, what they may do, and what they have left to spend."""

from __future__ import annotations

from datetime import datetime, timedelta

import strawberry

from api.identity import accounts
from api.provisioning import clock
from api.provisioning.actor import ActorKind, Right
from db.enums import MemberStatus

from . import ids, organizations
from .access import field
from .context import Info
from .limits import MOST_OBJECTS
from .organizations import Organization


@strawberry.type(description="Where somebody who has signed in is a member.")
class Membership:
    organization_id: strawberry.ID
    organization: str = strawberry.field(description="Its name.")
    status: MemberStatus
    role: str | None = strawberry.field(description="The name of the effective role.")


@strawberry.type(description="Whoever asks.")
class Viewer:
    kind: ActorKind
    name: str = strawberry.field(description="In words for people, such as what the token is called.")
    permissions: list[Right]

    @field(
        needs=Right.ORGANIZATION_READ,
        description="The organization that the caller belongs to; null for the operator of all.",
    )
    async def organization(self, info: Info) -> Organization | None:
        own = info.context.caller.organization
        return await organizations.find(info, own, own) if own else None

    @field(description="Where somebody who has signed in is a member, by name; nowhere for programs (R064).")
    async def memberships(self, info: Info) -> list[Membership]:
        return [
            Membership(
                organization_id=ids.write("Organization", each.organization_id, each.organization_id),
                organization=each.organization,
                status=MemberStatus(each.status),
                role=each.role,
            )
            for each in await accounts.memberships(info.context.caller)
        ]


@strawberry.type(description="What a caller may spend: points come back steadily, and no request may cost too much.")
class RateLimit:
    limit: int = strawberry.field(description="So many points at most.")
    cost: int = strawberry.field(description="What this request costs.")
    remaining: int
    refill_per_second: int
    reset_at: datetime = strawberry.field(description="When all points are there again if nothing else is asked.")
    object_limit: int = strawberry.field(description="So many objects a request may have.")
    requested_objects: int = strawberry.field(description="So many this one can have.")


@strawberry.type
class ViewerQuery:
    @field(description="Who asks. Needs a token and no permission.")
    async def viewer(self, info: Info) -> Viewer:
        caller = info.context.caller
        return Viewer(kind=caller.kind, name=caller.who, permissions=sorted(caller.rights))

    @field(description="What the caller may spend. Needs a token and no permission.")
    async def rate_limit(self, info: Info) -> RateLimit:
        context = info.context
        return RateLimit(
            limit=context.budget.capacity,
            cost=context.cost.points,
            remaining=max(0, int(context.budget.capacity - context.spent)),
            refill_per_second=context.budget.per_second,
            reset_at=clock.now() + timedelta(seconds=context.spent / context.budget.per_second),
            object_limit=MOST_OBJECTS,
            requested_objects=context.cost.objects,
        )
