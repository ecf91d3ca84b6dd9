"""Rows of portal links, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PortalLinkRow:
    """A portal link with its session and the name of its organization; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    organization: str
    purpose: str
    email: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    session_ends_at: datetime | None
