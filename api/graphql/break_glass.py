"""Who may sign in although single sign-on is enforced."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.identity import break_glass
from api.provisioning.actor import Actor, Right

from .access import field, mutation
from .context import Info
from .member_mutations import MemberPayload, act_on
from .members import Member, find
from .references import MemberRef


@strawberry.type(description="A member who may sign in by code or password although single sign-on is enforced.")
class BreakGlassGrant:
    key: strawberry.Private[tuple[uuid.UUID, uuid.UUID]]
    reason: str
    granted_by: str
    granted_at: datetime

    @field(description="Who it is.")
    async def member(self, info: Info) -> Member | None:
        return await find(info, *self.key)


@strawberry.type
class OrganizationBreakGlass:
    """What an organization shows of those."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Who may sign in although single sign-on is enforced, the first first.")
    async def break_glass(self, info: Info) -> list[BreakGlassGrant]:
        return [
            BreakGlassGrant(
                key=(self.key, row.member_id),
                reason=row.reason,
                granted_by=row.granted_by,
                granted_at=row.granted_at,
            )
            for row in await break_glass.all_of(info.context.actor(self.key))
        ]


@strawberry.type
class BreakGlassMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Let a member sign in by code or password although single sign-on is enforced; audited.",
    )
    async def break_glass_grant(self, info: Info, ref: MemberRef, reason: str) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> bool:
            return await break_glass.grant(actor, member, reason)

        return await act_on(info, ref, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="End that.")
    async def break_glass_withdraw(self, info: Info, ref: MemberRef) -> MemberPayload:
        return await act_on(info, ref, break_glass.withdraw)
