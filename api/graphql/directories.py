"""Directories: identity providers that are connected, how they are, and their keys."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.oauth import client_views
from api.provisioning import clock, connections, deletions, directories, keys, pulls
from api.provisioning.directories import Profile, State, UnknownAttributes
from api.provisioning.health import Health
from api.provisioning.keys import KeyState
from db.enums import Provider, SeatType
from db.pages import Page
from db.provisioning_rows import DirectoryKeyView, DirectoryView

from . import connections as pages
from . import directory_users, ids, mutating
from .access import field
from .connections import After, Before, CountedConnection, First, Last
from .context import Info
from .directory_traffic import DirectoryTraffic
from .directory_users import DirectoryUser
from .nodes import Node, found_by
from .oauth_clients import OauthClient, oauth_client
from .pull_views import Pull, pull

SEAT_ATTRIBUTE = "seat_type"


@strawberry.type(description="The policies of a directory.")
class DirectorySettings:
    profile: Profile
    unknown_attributes: UnknownAttributes
    repeated_group_names: bool
    pilot_users: int = strawberry.field(description="So many people a pilot lets in.")
    import_new_users: bool
    import_changes: bool
    suspend_on_inactive: bool
    suspend_on_leaving_groups: bool
    left_out: list[str] = strawberry.field(description="Attributes that are not kept, by their names in SCIM.")


@strawberry.type(description="Whether a directory is alive, and what to do if not.")
class DirectoryCondition:
    health: Health
    last_request_at: datetime | None
    next_expected_at: datetime | None
    reason: str
    next_step: str = strawberry.field(description="Empty when there is nothing to do.")
    hints: list[str] = strawberry.field(description="Requests of the last day that went astray.")


@strawberry.type(description="The SCIM extension by which a directory chooses seats.")
class SeatExtension:
    urn: str
    attribute: str
    allowed: list[str]


@strawberry.type(description="A key by which an identity provider comes in; its text is shown once, when it is made.")
class DirectoryKey(Node):
    last_four: str
    state: KeyState
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    first_used_at: datetime | None = strawberry.field(description="Since when it works.")
    last_used_at: datetime | None = strawberry.field(description="Accurate to five minutes.")


@strawberry.type(description="An identity provider that is connected to an organization.")
class Directory(Node, DirectoryTraffic):
    name: str
    provider: Provider
    state: State
    settings: DirectorySettings
    user_count: int
    group_count: int
    created_at: datetime
    deleted_at: datetime | None
    restorable_until: datetime | None

    @field(description="The URL to put into the identity provider.")
    def scim_url(self, info: Info) -> str:
        return info.context.settings.scim_url

    @field(description="How seats are asked for.")
    def seat_extension(self, info: Info) -> SeatExtension:
        urn = f"{info.context.settings.seat_type_urn}:User"
        return SeatExtension(urn=urn, attribute=SEAT_ATTRIBUTE, allowed=[each.value for each in SeatType])

    @field(weight=2, description="How it is; null for one that is deleted.")
    async def condition(self, info: Info) -> DirectoryCondition | None:
        key = (self.row.id, info.context.settings.scim_url)
        found = await info.context.load(connections.many, self.row.organization_id, key)
        if found is None:
            return None
        return DirectoryCondition(
            health=found.health,
            last_request_at=found.last_request_at,
            next_expected_at=found.next_expected_at,
            reason=found.text,
            next_step=found.next_step,
            hints=list(found.hints),
        )

    @field(description="How its people are fetched; null where the provider sends them.")
    async def pull(self, info: Info) -> Pull | None:
        found = await info.context.load(pulls.of_directories, self.row.organization_id, self.row.id)
        return pull(found) if found else None

    @field(description="Its keys, newest first.")
    async def keys(self, info: Info) -> list[DirectoryKey]:
        found = await info.context.load(keys.of_directories, self.row.organization_id, self.row.id)
        return [directory_key(row) for row in found or ()]

    @field(description="Its OAuth clients, newest first, revoked ones too.")
    async def oauth_clients(self, info: Info) -> list[OauthClient]:
        found = await info.context.load(client_views.of_directories, self.row.organization_id, self.row.id)
        return [oauth_client(row) for row in found or ()]

    @field(description="Its users, in the order in which they were made.")
    async def users(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> CountedConnection[DirectoryUser]:
        name = f"directory users {self.row.id}"
        span = pages.span(name, first, after, last, before)
        page = await info.context.load(directories.users_of, self.row.organization_id, (self.row.id, span))
        return pages.counted(name, page or Page(), span, directory_users.directory_user, self._count)

    async def _count(self) -> int:
        return self.row.users


def directory(row: DirectoryView) -> Directory:
    """What the schema shows of a directory."""
    chosen = directories.read_settings(row.settings)
    return Directory(
        id=ids.write("Directory", row.organization_id, row.id),
        row=row,
        name=row.name,
        provider=Provider(row.provider),
        state=chosen.state,
        settings=DirectorySettings(
            profile=chosen.profile,
            unknown_attributes=chosen.unknown_attributes,
            repeated_group_names=chosen.repeated_group_names,
            pilot_users=chosen.pilot_users,
            import_new_users=chosen.import_new_users,
            import_changes=chosen.import_changes,
            suspend_on_inactive=chosen.suspend_on_inactive,
            suspend_on_leaving_groups=chosen.suspend_on_leaving_groups,
            left_out=list(chosen.left_out),
        ),
        user_count=row.users,
        group_count=row.groups,
        created_at=row.created_at,
        deleted_at=row.deleted_at,
        restorable_until=row.deleted_at + deletions.RESTORABLE if row.deleted_at else None,
    )


def directory_key(row: DirectoryKeyView) -> DirectoryKey:
    """What the schema shows of a key."""
    return DirectoryKey(
        id=ids.write("DirectoryKey", row.organization_id, row.id),
        last_four=row.last_four,
        state=keys.state(row, clock.now()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        first_used_at=row.first_used_at,
        last_used_at=row.last_used_at,
    )


@found_by("Directory")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Directory | None:
    """A directory by id, also one that is deleted; None for whoever may act on it and not look."""
    row = await mutating.seen(info.context.load(directories.many, organization, id))
    return directory(row) if row else None


@found_by("DirectoryKey")
async def find_key(info: Info, organization: uuid.UUID, id: uuid.UUID) -> DirectoryKey | None:
    """A key by id."""
    row = await info.context.load(keys.many, organization, id)
    return directory_key(row) if row else None


@strawberry.type
class OrganizationDirectories:
    """What an organization shows of its directories."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Its directories, oldest first; the deleted ones for as long as they can be restored.")
    async def directories(self, info: Info, include_deleted: bool = False) -> list[Directory]:
        found = await directories.all_of_them(info.context.actor(self.key), deleted_too=include_deleted)
        return [directory(row) for row in found]
