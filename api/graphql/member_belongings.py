"""What belongs to a member: profile, fields, groups, records of directories, override, history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from strawberry.scalars import JSON

from api.provisioning import admission, clock, directory_profiles, explanation, local_edits, lookups, member_views
from api.provisioning.actor import Right
from api.scim import profile as profiles
from db.member_rows import MembershipView, MemberView
from db.pages import Page

from . import audit, connections, ids, nodes, roles
from .access import field
from .audit import AuditEntry
from .connections import After, Before, Connection, First, Last
from .context import Info
from .directory_users import DirectoryUser, directory_user
from .roles import Role

if TYPE_CHECKING:
    from .organizations import Organization


@strawberry.enum(description="Who has the last word about a member.")
class ManagedBy(StrEnum):
    DIRECTORY = "DIRECTORY"
    LOCAL = "LOCAL"


@strawberry.type(description="A person by the names of OpenID Connect, as a directory last said it.")
class Profile:
    email: str | None
    preferred_username: str
    name: str | None
    given_name: str | None
    family_name: str | None
    picture: str | None
    phone_number: str | None
    locale: str | None
    custom_attributes: JSON = strawberry.field(description="Those of extensions, by the extension's URN.")


@strawberry.type(description="A field that may be edited here, with who wrote it last.")
class MemberField:
    name: str
    value: str | None
    source: str | None = strawberry.field(description="By which way the value came, such as `SCIM` or `ADMIN`.")
    by: str | None = strawberry.field(description="Who wrote it, in words for people.")
    at: datetime | None
    is_edited_here: bool = strawberry.field(description="Whether it is another value than the directory's.")
    is_locked: bool = strawberry.field(description="Whether no directory overwrites it.")
    directory_value: str | None = strawberry.field(description="What the directory had said, where it was edited here.")


@strawberry.type(description="A group of a directory that a member is in.")
class MemberGroup:
    group_id: strawberry.ID
    display_name: str
    external_id: str | None
    role: Role | None = strawberry.field(description="The role that the group is mapped to.")
    gives_access: bool
    directory_id: strawberry.ID
    directory_name: str
    added_at: datetime


@strawberry.type(description="A role that somebody chose for a member by hand.")
class RoleOverride:
    role: Role | None = strawberry.field(description="Null when the role has been archived.")
    reason: str
    set_by: str
    set_at: datetime
    expires_at: datetime | None
    is_expired: bool
    note: str | None = strawberry.field(description="Said when it has no effect now because something gives more.")


@strawberry.type
class MemberBelongings:
    """What a member has of their own."""

    row: strawberry.Private[MemberView]

    @field(description="The organization that the member is in.")
    async def organization(self, info: Info) -> Annotated[Organization, strawberry.lazy(".organizations")]:
        own = self.row.organization_id
        return cast("Organization", await nodes.find(info, ids.write("Organization", own, own)))

    @field(description="Whether they are here although the domain rule would not let their address in.")
    async def is_external(self, info: Info) -> bool:
        book = await info.context.book(self.row.organization_id)
        return admission.is_external(self.row.email, book.domains, book.policies)

    @field(weight=1, description="What a directory last said of them; null where none has them.")
    async def profile(self, info: Info) -> Profile | None:
        own = self.row.organization_id
        said = await info.context.load(directory_profiles.last_said_of, own, self.row.id)
        if said is None:
            return None
        actor, urn = info.context.actor(own), info.context.settings.seat_type_urn
        found = await profiles.read(actor, said, urn)
        return Profile(**{name: getattr(found, name) for name in Profile.__annotations__})

    @field(weight=1, assumed=3, description="The fields that may be edited here, with who wrote them last.")
    async def fields(self, info: Info) -> list[MemberField]:
        writes = await info.context.load(member_views.last_writes, self.row.organization_id, self.row.id) or {}
        edits = local_edits.read(self.row.local)
        found = []
        for name in local_edits.FIELDS:
            edit, write = edits.get(name), writes.get(name)
            value = getattr(self.row, name)
            found.append(
                MemberField(
                    name=name,
                    value=value,
                    source=write.source if write else None,
                    by=write.by if write else None,
                    at=write.at if write else None,
                    is_edited_here=edit is not None and edit.was != value,
                    is_locked=edit is not None and edit.is_locked,
                    directory_value=edit.was if edit else None,
                )
            )
        return found

    @field(description="The role that somebody chose for them by hand.")
    async def override(self, info: Info) -> RoleOverride | None:
        own, member = self.row.organization_id, self.row.id
        found = await info.context.load(member_views.overrides, own, member)
        if found is None:
            return None
        book = await info.context.book(own)
        outcome = await info.context.load(lookups.explanations, own, member)
        return RoleOverride(
            role=roles.role(own, book.role(found.role_id)),
            reason=found.reason,
            set_by=found.set_by,
            set_at=found.set_at,
            expires_at=found.expires_at,
            is_expired=found.expires_at is not None and found.expires_at <= clock.now(),
            note=explanation.note_on_override(outcome) if outcome else None,
        )

    @field(assumed=3, description="What directories say of them.")
    async def directory_users(self, info: Info) -> list[DirectoryUser]:
        found = await info.context.load(member_views.directory_users_of, self.row.organization_id, self.row.id)
        return [directory_user(each) for each in found or ()]

    @field(description="The groups that they are in directly, by name; those of deleted directories are left out.")
    async def groups(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MemberGroup]:
        own = self.row.organization_id
        list_ = f"groups of {self.row.id}"
        span = connections.span(list_, first, after, last, before)
        page = await info.context.load(member_views.groups, own, (self.row.id, span))
        book = await info.context.book(own)

        def node(row: MembershipView) -> MemberGroup:
            return MemberGroup(
                group_id=ids.write("Group", own, row.group_id),
                display_name=row.display_name,
                external_id=row.external_id,
                role=roles.role(own, book.role(row.role_id)),
                gives_access=row.gives_access,
                directory_id=ids.write("Directory", own, row.directory_id),
                directory_name=row.directory,
                added_at=row.added_at,
            )

        return connections.connection(list_, page or Page(), span, node)

    @field(needs=Right.AUDIT_READ, weight=1, description="What was changed about them, newest first.")
    async def history(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AuditEntry]:
        list_ = f"history of {self.row.id}"
        span = connections.span(list_, first, after, last, before)
        page = await info.context.load(member_views.history, self.row.organization_id, (self.row.id, span))
        return connections.connection(list_, page or Page(), span, audit.entry)
