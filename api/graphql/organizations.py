"""Organizations: the tenants to which everything else belongs."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import organizations
from api.provisioning.actor import Right
from api.provisioning.errors import NotFound
from db.rule_rows import OrganizationView

from . import ids, roles
from .access import field
from .context import Info
from .members import OrganizationMembers
from .nodes import Node, found_by
from .roles import Role


@strawberry.type(description="A customer.")
class Organization(Node, OrganizationMembers):
    name: str
    created_at: datetime

    @field(assumed=10, description="The ladder, lowest first; archived roles are left out.")
    async def roles(self, info: Info) -> list[Role]:
        book = await info.context.book(self.key)
        return [found for each in book.ladder if (found := roles.role(self.key, each))]

    @field(description="The role of whoever has none from elsewhere.")
    async def default_role(self, info: Info) -> Role | None:
        return roles.role(self.key, (await info.context.book(self.key)).default)


def organization(row: OrganizationView) -> Organization:
    """What the schema shows of an organization."""
    return Organization(
        id=ids.write("Organization", row.id, row.id), key=row.id, name=row.name, created_at=row.created_at
    )


@found_by("Organization")
async def find(info: Info, organization_: uuid.UUID, id: uuid.UUID) -> Organization | None:
    """An organization by id; None for one that is not the caller's."""
    if organization_ != id:
        return None
    row = await info.context.load(organizations.many, organization_, id)
    return organization(row) if row else None


@strawberry.type
class OrganizationQuery:
    @field(
        needs=Right.ORGANIZATION_READ,
        description="An organization; the caller's own without an id. Null for one that is not the caller's.",
    )
    async def organization(self, info: Info, id: strawberry.ID | None = None) -> Organization | None:
        caller = info.context.caller
        if id is None:
            return await find(info, caller.organization, caller.organization) if caller.organization else None
        try:
            place = ids.must_be(id, "Organization")
            return await find(info, place.organization, place.id)
        except NotFound:
            return None
