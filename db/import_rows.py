"""Rows of people who are brought in many at once, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from db.rows import MemberRow


@dataclass(frozen=True, slots=True)
class Known:
    """A member who has an address that was asked for."""

    id: uuid.UUID
    status: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A member who may be somebody: by their folded name, or a userName in a directory."""

    id: uuid.UUID
    email: str | None
    name: str | None
    user_name: str | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new member with the role that they get, and whether the account of their address may be shared."""

    member: MemberRow
    role_id: uuid.UUID | None
    may_share: bool
