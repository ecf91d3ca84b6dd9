"""Groups of directories, and what follows from being in them."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import addresses, mappings
from db.pages import Page
from db.provisioning_rows import GroupView

from . import connections, directories, ids, members, roles
from .access import field
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .directories import Directory
from .members import Member
from .nodes import Node, found_by
from .roles import Role


@strawberry.type(description="A group as a directory sent it.")
class Group(Node):
    row: strawberry.Private[GroupView]
    display_name: str
    external_id: str | None
    gives_access: bool = strawberry.field(description="Whether people are let in by being in it.")
    is_urgent: bool = strawberry.field(description="Whether removals of its members are never held.")
    created_at: datetime
    updated_at: datetime

    @field()
    async def directory(self, info: Info) -> Directory | None:
        return await directories.find(info, self.row.organization_id, self.row.directory_id)

    @field(description="The role that it is mapped to.")
    async def role(self, info: Info) -> Role | None:
        book = await info.context.book(self.row.organization_id)
        return roles.role(self.row.organization_id, book.role(self.row.role_id))

    @field(description="How many people are in it directly.")
    async def member_count(self, info: Info) -> int:
        found = await info.context.load(mappings.counts, self.row.organization_id, self.row.id)
        return found.members if found else 0

    @field(
        weight=1,
        description="How many people in it have the role that it is mapped to; null for one that is mapped to none, and"
        f" for one of more than {mappings.COUNTED_AT_MOST:,} users.",
    )
    async def effect_count(self, info: Info) -> int | None:
        return await info.context.load(mappings.effects, self.row.organization_id, self.row.id)

    @field(description="How many were named who have not arrived.")
    async def unresolved_count(self, info: Info) -> int:
        found = await info.context.load(mappings.counts, self.row.organization_id, self.row.id)
        return found.unresolved if found else 0

    @field(description="Who is in it directly.")
    async def members(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[Member]:
        name = f"group members {self.row.id}"
        span = connections.span(name, first, after, last, before)
        page = await info.context.load(mappings.people, self.row.organization_id, (self.row.id, span))
        return connections.counted(name, page or Page(), span, members.member, lambda: self.member_count(info))


def group(row: GroupView) -> Group:
    """What the schema shows of a group."""
    return Group(
        id=ids.write("Group", row.organization_id, row.id),
        row=row,
        display_name=row.display_name,
        external_id=row.external_id,
        gives_access=row.gives_access,
        is_urgent=row.is_urgent,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@found_by("Group")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Group | None:
    """A group by id."""
    row = await info.context.load(mappings.many, organization, id)
    return group(row) if row else None


@strawberry.type
class OrganizationGroups:
    """What an organization shows of its groups."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Its groups by name; those of deleted directories are left out.")
    async def groups(
        self,
        info: Info,
        query: str | None = None,
        mapped: bool | None = None,
        directory_id: strawberry.ID | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[Group]:
        actor = info.context.actor(self.key)
        directory = ids.must_be(directory_id, "Directory").id if directory_id else None
        part = addresses.folded(query.strip()) if query else None
        wanted = mappings.GroupFilter(part, mapped, directory)
        name = f"groups {wanted}"
        span = connections.span(name, first, after, last, before)
        page = await mappings.page(actor, wanted, span)
        return connections.counted(name, page, span, group, lambda: mappings.count(actor, wanted))
