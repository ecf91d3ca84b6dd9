"""Rows as frozen dataclasses: what queries return and writes take. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A directory key with what a request needs to know of its directory and organization.

    Whom Rollcall fetches itself come without a key, and whoever has an access token comes by an OAuth client.
    `add_ons` is a JSON list of texts.
    """

    id: uuid.UUID | None
    organization_id: uuid.UUID
    directory_id: uuid.UUID
    last_four: str | None
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    provider: str
    settings: str
    schema_version: int
    plan: str
    add_ons: str
    client_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ShownUser:
    """What an answer needs of a directory user; `groups` is a JSON list of value and display, or None."""

    id: uuid.UUID
    document: str
    version: int
    created_at: datetime
    updated_at: datetime
    groups: str | None


@dataclass(frozen=True, slots=True)
class UserRow:
    """A directory user as it is stored."""

    id: uuid.UUID
    member_id: uuid.UUID
    user_name: str
    user_name_key: str
    external_id: str | None
    email: str | None
    email_key: str | None
    active: bool
    lets_in: bool
    display_name: str | None
    seat_type: str | None
    role_keys: str | None
    document: str
    search: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as it is stored, but for account, role, version and times of writing."""

    id: uuid.UUID
    status: str
    status_since: datetime
    source: str
    managed_by: str
    email: str | None
    email_key: str | None
    display_name: str | None
    seat_type: str | None
    seat: str | None
    awaits_seat: str | None
    awaits_since: datetime | None
    hold: str | None
    held_role_id: uuid.UUID | None
    locked_out_at: datetime | None
    local: str | None
    erase_after: datetime | None


@dataclass(frozen=True, slots=True)
class LockedUser:
    """A stored user with its member and the member's other directory users, locked until the transaction ends.

    `policies` are those of the organization as JSON text; `is_urgent` tells that removals of this user are never held,
    `groups_let_in` that one of the directories is to suspend whoever leaves its groups.
    """

    user: UserRow
    groups: str | None
    member: MemberRow
    role_id: uuid.UUID | None
    policies: str
    account_id: uuid.UUID
    account_members: int
    others: int
    others_in: int
    is_urgent: bool
    groups_let_in: bool


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member who is the person that a directory brings, with their directory users."""

    member: MemberRow
    role_id: uuid.UUID | None
    account_id: uuid.UUID
    records: int
    letting_in: int


@dataclass(frozen=True, slots=True)
class LockedMember:
    """A member with their account and their directory users, locked until the transaction ends.

    `is_invited` tells that an invitation of theirs has not been accepted.
    """

    member: MemberRow
    role_id: uuid.UUID | None
    version: int
    account_id: uuid.UUID
    account_members: int
    records: int
    letting_in: int
    is_invited: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who a new directory user may be: a member and the attribute that says so, or nobody.

    `is_connected` is false when the directory has been deleted meanwhile, `is_awaited` tells that a group has parked a
    member under one of the user's names, `link_state` what was decided about the directory and the member, if somebody
    was asked.
    """

    is_connected: bool
    is_awaited: bool
    member_id: uuid.UUID | None
    matched_by: str | None
    link_state: str | None


@dataclass(frozen=True, slots=True)
class LockedGroup:
    """A stored group, locked, with how many direct members it has (counted no further than was asked)."""

    group: GroupRow
    members: int
    role_id: uuid.UUID | None
    gives_access: bool

    @property
    def matters(self) -> bool:
        """Whether anything follows from being in it."""
        return self.role_id is not None or self.gives_access


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A directory group as it is stored, without members."""

    id: uuid.UUID
    display_name: str
    display_name_key: str
    unique_name: str | None
    external_id: str | None
    document: str
    search: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a value sent as a member stands for, and whether that is a member of the group already."""

    sent: str
    value: uuid.UUID
    type: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class ShownMember:
    """A member as an answer shows it; `display` is None for one whose resource is being removed."""

    value: uuid.UUID
    type: str
    display: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One row of `request`; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    bulk_request_id: uuid.UUID | None
    key_id: uuid.UUID | None
    key_last_four: str | None
    oauth_client_id: uuid.UUID | None
    user_agent: str | None
    method: str
    path: str
    query: str | None
    request_body: str | None
    response_body: str | None
    status: int
    scim_type: str | None
    detail: str | None
    resource_type: str | None
    resource_id: uuid.UUID | None
    subject_key: str | None
    results: int | None
    decisions: str
    duration_us: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One row of `change`; `before` and `after` are JSON texts."""

    organization_id: uuid.UUID
    id: uuid.UUID
    request_id: uuid.UUID | None
    actor_kind: str
    actor_id: uuid.UUID | None
    subject_type: str
    subject_id: uuid.UUID
    member_id: uuid.UUID | None
    action: str
    before: str | None
    after: str | None
    changed_at: datetime
