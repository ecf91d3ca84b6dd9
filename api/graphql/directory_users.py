"""People as directories have them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.provisioning import attribute_catalogue, directories
from db.member_rows import DirectoryUserView

from . import ids
from .access import field
from .context import Info
from .nodes import Node, found_by

if TYPE_CHECKING:
    from .directories import Directory
    from .members import Member


@strawberry.type(description="An attribute that people look for, as a directory's user has it.")
class UserAttribute:
    name: str = strawberry.field(description="Its name in SCIM.")
    label: str = strawberry.field(description="What people call it.")
    value: str | None = strawberry.field(description="As it was sent; null where nothing was.")


@strawberry.type(description="A SCIM User: what one directory says of a member.")
class DirectoryUser(Node):
    row: strawberry.Private[DirectoryUserView]
    directory_name: str
    scim_id: strawberry.ID = strawberry.field(description="The id by which the directory knows it.")
    user_name: str
    external_id: str | None
    email: str | None
    display_name: str | None
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @field(description="The resource as it is kept, without id, meta and groups.")
    def document(self) -> JSON:
        return msgspec.json.decode(self.row.document)  # type: ignore[no-any-return]  # JSON is anything

    @field(assumed=13, description="The attributes of the catalogue with what came for them.")
    def attributes(self) -> list[UserAttribute]:
        document = msgspec.json.decode(self.row.document, type=dict[str, object])
        return [
            UserAttribute(name=each.name, label=each.label, value=each.value_in(document))
            for each in attribute_catalogue.CATALOGUE
        ]

    @field(description="The directory that says it.")
    async def directory(self, info: Info) -> Annotated[Directory, strawberry.lazy(".directories")] | None:
        from .directories import find

        return await find(info, self.row.organization_id, self.row.directory_id)

    @field(description="Who it is in the organization.")
    async def member(self, info: Info) -> Annotated[Member, strawberry.lazy(".members")] | None:
        from .members import find

        return await find(info, self.row.organization_id, self.row.member_id)


def directory_user(row: DirectoryUserView) -> DirectoryUser:
    """What the schema shows of a directory's user."""
    return DirectoryUser(
        id=ids.write("DirectoryUser", row.organization_id, row.id),
        row=row,
        directory_name=row.directory,
        scim_id=strawberry.ID(str(row.id)),
        user_name=row.user_name,
        external_id=row.external_id,
        email=row.email,
        display_name=row.display_name,
        active=row.active,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


@found_by("DirectoryUser")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> DirectoryUser | None:
    """A directory's user by id."""
    row = await info.context.load(directories.users, organization, id)
    return directory_user(row) if row else None
