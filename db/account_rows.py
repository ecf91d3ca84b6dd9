"""Rows of accounts, sessions and what goes with them, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account; see the table for what the fields mean."""

    id: uuid.UUID
    email: str | None
    password_hash: str | None
    is_operator: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with the account whose it is; see the table for what the fields mean."""

    id: uuid.UUID
    account_id: uuid.UUID
    email: str | None
    is_operator: bool
    way: str
    address_proved_at: datetime | None
    vouched: Sequence[dict[str, Any]]
    browser: str | None
    ip: str | None
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A one-time code; `code` is sealed."""

    id: uuid.UUID
    email: str
    code: bytes | None
    tries: int
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class MembershipOfAccount:
    """An account inside one organization, with all that decides whether a session lets in there.

    `permissions` are the texts of the effective role, `is_admin` whether that is a role of admins. `support_contact` is
    the organization's own contact as a JSON text, None where that of its plan is asked.
    """

    organization_id: uuid.UUID
    organization: str
    policies: str
    member_id: uuid.UUID
    email: str | None
    display_name: str | None
    status: str
    status_since: datetime
    role: str | None
    permissions: Sequence[str]
    is_admin: bool
    is_break_glass: bool
    plan: str
    support_contact: str | None


@dataclass(frozen=True, slots=True)
class BreakGlassRow:
    """A member who may sign in although single sign-on is enforced; see the table for what the fields mean."""

    member_id: uuid.UUID
    reason: str
    granted_by: str
    granted_at: datetime
