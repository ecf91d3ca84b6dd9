"""Members: who they are, where they stand, and why."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from api.provisioning import access, lookups
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import NotFound
from api.provisioning.grounds import Grounds
from api.provisioning.outcome import MemberOutcome
from db.enums import MemberSource, MemberStatus
from db.member_rows import MemberView

from . import connections, ids, mutating, references, roles
from .access import field, mutation
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by
from .references import MemberRef
from .roles import Role, RoleExplanation


@strawberry.type(description="A person in one organization.")
class Member(Node):
    row: strawberry.Private[MemberView]
    email: str | None
    display_name: str | None
    status: MemberStatus
    status_since: datetime
    source: MemberSource
    version: int
    created_at: datetime
    updated_at: datetime

    @field(description="The role that the member has now; null for none.")
    async def effective_role(self, info: Info) -> Role | None:
        book = await info.context.book(self.row.organization_id)
        return roles.role(self.row.organization_id, book.role(self.row.role_id))

    @field(weight=1, description="Why the member has that role.")
    async def role_explanation(self, info: Info) -> RoleExplanation | None:
        outcome = await info.context.load(lookups.explanations, self.row.organization_id, self.row.id)
        return roles.explained(self.row.organization_id, outcome) if outcome else None


def member(row: MemberView) -> Member:
    """What the schema shows of a member."""
    return Member(
        id=ids.write("Member", row.organization_id, row.id),
        row=row,
        email=row.email,
        display_name=row.display_name,
        status=MemberStatus(row.status),
        status_since=row.status_since,
        source=MemberSource(row.source),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@found_by("Member")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Member | None:
    """A member by id; None for nobody."""
    row = await info.context.load(lookups.members, organization, id)
    return member(row) if row else None


@strawberry.type
class OrganizationMembers:
    """What an organization shows of its members."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Everybody, in the order in which they came.")
    async def members(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[Member]:
        actor = info.context.actor(self.key)
        span = connections.span("members", first, after, last, before)
        page = await lookups.member_page(actor, span)
        return connections.counted("members", page, span, member, lambda: lookups.member_count(actor))


@strawberry.type
class MemberQuery:
    @field(needs=Right.ORGANIZATION_READ, description="One member; null for nobody.")
    async def member(self, info: Info, ref: MemberRef) -> Member | None:
        try:
            place = await references.member(info, ref)
        except NotFound:
            return None
        return await find(info, place.organization, place.id)


@strawberry.type(description="A member as they are after an act.")
class MemberPayload(Payload):
    member: Member | None = None


async def act_on(info: Info, ref: MemberRef, act: Callable[[Actor, uuid.UUID], Awaitable[object]]) -> MemberPayload:
    """Do something to a member, and show them as they are then to whoever may see them."""
    place: ids.Place | None = None

    async def find_actor() -> Actor:
        nonlocal place
        place = await references.member(info, ref)
        return info.context.acting(place.organization)

    async def work(actor: Actor) -> object:
        assert place is not None
        return await act(actor, place.id)

    tried = await mutating.attempt(find_actor, work, "ref")
    there = None
    if place and not tried.user_errors and Right.ORGANIZATION_READ in info.context.caller.rights:
        there = await find(info, place.organization, place.id)
    return MemberPayload(member=there, user_errors=tried.user_errors, remembered=tried.remembered)


@strawberry.type
class MemberMutation:
    @mutation(needs=Right.MEMBERS_MANAGE, description="Take access from a member by hand, until somebody lets them in.")
    async def member_deactivate(
        self, info: Info, ref: MemberRef, reason: str | None = None, break_glass: bool = False
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.deactivate(actor, member, Grounds(reason, break_glass))

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Let a member in again who was deactivated by hand.")
    async def member_reactivate(
        self, info: Info, ref: MemberRef, reason: str | None = None, break_glass: bool = False
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.let_in(actor, member, Grounds(reason, break_glass))

        return await act_on(info, ref, act)
