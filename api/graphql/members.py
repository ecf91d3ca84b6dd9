"""Members: who they are, where they stand, and why."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import lookups, member_views
from api.provisioning.actor import Right
from api.provisioning.errors import NotFound
from db.enums import Hold, MemberSource, MemberStatus, SeatType
from db.member_rows import MemberView

from . import ids, references, roles
from .access import field
from .context import Info
from .errors import Problem
from .inputs import MappingInput
from .member_belongings import ManagedBy, MemberBelongings
from .nodes import Node, found_by
from .references import MemberRef
from .requests import MemberRequests
from .roles import Role, RoleExplanation

_MOST_GROUPS = 1000


@strawberry.type(description="A person in one organization.")
class Member(Node, MemberBelongings, MemberRequests):
    email: str | None
    display_name: str | None
    status: MemberStatus
    status_since: datetime
    source: MemberSource
    version: int
    created_at: datetime
    updated_at: datetime
    managed_by: ManagedBy = strawberry.field(description="Who has the last word about them.")
    seat: SeatType | None = strawberry.field(description="The seat that they hold.")
    seat_type: SeatType | None = strawberry.field(description="The seat wanted; null for the organization's default.")
    awaits_seat: SeatType | None = strawberry.field(description="The seat to get as soon as one is free.")
    awaits_since: datetime | None
    hold: Hold | None
    is_locked_out: bool = strawberry.field(description="Whether somebody deactivated them by hand.")
    locked_out_at: datetime | None
    erase_after: datetime | None = strawberry.field(description="When all that is known of them will be erased.")

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
        managed_by=ManagedBy(row.managed_by),
        seat=SeatType(row.seat) if row.seat else None,
        seat_type=SeatType(row.seat_type) if row.seat_type else None,
        awaits_seat=SeatType(row.awaits_seat) if row.awaits_seat else None,
        awaits_since=row.awaits_since,
        hold=Hold(row.hold) if row.hold else None,
        is_locked_out=row.locked_out_at is not None,
        locked_out_at=row.locked_out_at,
        erase_after=row.erase_after,
    )


@found_by("Member")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Member | None:
    """A member by id; None for nobody."""
    row = await info.context.load(lookups.members, organization, id)
    return member(row) if row else None


@strawberry.type
class MemberQuery:
    @field(needs=Right.ORGANIZATION_READ, description="One member; null for nobody.")
    async def member(self, info: Info, ref: MemberRef) -> Member | None:
        try:
            place = await references.member(info, ref)
        except NotFound:
            return None
        return await find(info, place.organization, place.id)

    @field(
        needs=Right.ORGANIZATION_READ,
        weight=1,
        description="The role that somebody would have who is in these groups, has this override, and whose directory"
        " names these roles; and were these groups mapped like that.",
    )
    async def explain_role(
        self,
        info: Info,
        organization_id: strawberry.ID,
        group_ids: list[strawberry.ID],
        override_role_id: strawberry.ID | None = None,
        directory_role_keys: list[str] | None = None,
        mappings: list[MappingInput] | None = None,
    ) -> RoleExplanation:
        organization = references.organization(organization_id)
        actor = info.context.actor(organization)
        if max(len(group_ids), len(mappings or ())) > _MOST_GROUPS:
            raise Problem("BAD_REQUEST", f"Name at most {_MOST_GROUPS} groups.")
        groups = [ids.within(organization, each, "Group") for each in group_ids]
        role = ids.within(organization, override_role_id, "Role") if override_role_id else None
        mapped = {
            ids.within(organization, each.group_id, "Group"): ids.within(organization, each.role_id, "Role")
            if each.role_id
            else None
            for each in mappings or ()
        }
        outcome = await member_views.explain_role(actor, groups, role, directory_role_keys or (), mapped)
        return roles.explained(organization, outcome)
