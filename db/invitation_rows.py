"""Rows of invitations, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation; see the table for what the fields mean."""

    member_id: uuid.UUID
    token_hash: bytes
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has accepted, with who is invited."""

    member_id: uuid.UUID
    email: str
    display_name: str | None
    status: str
    role: str | None
    seat: str | None
    invited_by: str
    invited_at: datetime
    expires_at: datetime
