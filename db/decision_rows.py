"""Removals and questions about linking, as people see them who decide. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RemovalView:
    """Access that a directory ended, or would have; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    member_id: uuid.UUID
    request_id: uuid.UUID | None
    cause: str
    state: str
    role_id: uuid.UUID | None
    removed_at: datetime
    decide_by: datetime | None
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class LinkRequestView:
    """Whether a directory may have somebody who is a member already; see the table for what the fields mean."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    member_id: uuid.UUID
    user_name: str
    email: str | None
    request_id: uuid.UUID | None
    state: str
    asked_at: datetime
    decided_at: datetime | None
    decided_by: str | None
