"""People as directories have them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.provisioning import directories, lookups
from db.provisioning_rows import DirectoryUserView

from . import ids, members
from .access import field
from .context import Info
from .members import Member
from .nodes import Node, found_by

if TYPE_CHECKING:
    from .directories import Directory


@strawberry.type(description="Somebody as a directory has them.")
class DirectoryUser(Node):
    row: strawberry.Private[DirectoryUserView]
    user_name: str
    external_id: str | None
    active: bool
    created_at: datetime
    updated_at: datetime

    @field(description="The SCIM resource as it is kept.")
    def raw(self) -> JSON:
        return msgspec.json.decode(self.row.document)  # type: ignore[no-any-return]  # JSON is anything

    @field()
    async def directory(self, info: Info) -> Annotated["Directory", strawberry.lazy(".directories")] | None:  # noqa: UP037
        from .directories import find

        return await find(info, self.row.organization_id, self.row.directory_id)

    @field(description="Who it is in the organization.")
    async def member(self, info: Info) -> Member | None:
        row = await info.context.load(lookups.members, self.row.organization_id, self.row.member_id)
        return members.member(row) if row else None


def directory_user(row: DirectoryUserView) -> DirectoryUser:
    """What the schema shows of a directory's user."""
    return DirectoryUser(
        id=ids.write("DirectoryUser", row.organization_id, row.id),
        row=row,
        user_name=row.user_name,
        external_id=row.external_id,
        active=row.active,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@found_by("DirectoryUser")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> DirectoryUser | None:
    """A directory's user by id."""
    row = await info.context.load(directories.users, organization, id)
    return directory_user(row) if row else None
