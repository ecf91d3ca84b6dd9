"""Rows of directories, groups and roles as people see them, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DirectoryView:
    """A directory with how many users and groups it has; `settings` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    name: str
    provider: str
    settings: str
    created_at: datetime
    deleted_at: datetime | None
    users: int
    groups: int


@dataclass(frozen=True, slots=True)
class DirectoryKeyView:
    """A key of a directory, of which only the last four characters are known."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    last_four: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    first_used_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as a directory has it, and what follows from being in it."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    display_name: str
    external_id: str | None
    role_id: uuid.UUID | None
    gives_access: bool
    is_urgent: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many people are in a group directly, and how many were named who have not arrived."""

    members: int
    unresolved: int


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """What a role permits, as a JSON text, and how many members have it."""

    permissions: str
    members: int
