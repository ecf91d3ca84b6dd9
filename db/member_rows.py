"""Rows of members as people see them, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member; see the table for what the fields mean. `local` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    email: str | None
    display_name: str | None
    status: str
    status_since: datetime
    source: str
    managed_by: str
    role_id: uuid.UUID | None
    seat: str | None
    seat_type: str | None
    awaits_seat: str | None
    awaits_since: datetime | None
    hold: str | None
    locked_out_at: datetime | None
    local: str | None
    erase_after: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members; what is None does not matter.

    `text` is part of their name, or `text_key`, which is the same folded, of their address.
    """

    status: Sequence[str] | None = None
    seat: Sequence[str] | None = None
    roles: Sequence[uuid.UUID] | None = None
    source: Sequence[str] | None = None
    managed_by: str | None = None
    directory: uuid.UUID | None = None
    group: uuid.UUID | None = None
    has_override: bool | None = None
    updated_after: datetime | None = None
    text: str | None = None
    text_key: str | None = None


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many members have a status and a role."""

    status: str
    role_id: uuid.UUID | None
    count: int


@dataclass(frozen=True, slots=True)
class DirectoryUserView:
    """What a directory says of a member; `document` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    member_id: uuid.UUID
    directory_id: uuid.UUID
    directory: str
    user_name: str
    external_id: str | None
    email: str | None
    display_name: str | None
    active: bool
    document: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A group that a member is in."""

    group_id: uuid.UUID
    display_name: str
    external_id: str | None
    role_id: uuid.UUID | None
    gives_access: bool
    directory_id: uuid.UUID
    directory: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class OverrideView:
    """A role that somebody chose for a member; it may have expired."""

    member_id: uuid.UUID
    role_id: uuid.UUID
    reason: str
    set_by: str
    set_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """What follows from being in a group, and which directory has it."""

    id: uuid.UUID
    directory_id: uuid.UUID
    display_name: str
    role_id: uuid.UUID | None
    gives_access: bool


@dataclass(frozen=True, slots=True)
class MemberThen:
    """A member as they are, and in `was`, a JSON object, what of it was otherwise at some moment before.

    `is_since` tells that the status is newer than that moment.
    """

    id: uuid.UUID
    was: str
    status: str
    is_since: bool
    email: str | None
    display_name: str | None
    seat: str | None
    role: str | None
