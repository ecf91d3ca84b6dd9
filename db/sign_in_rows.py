"""Rows of sign-ins that were told of, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from db.enums import ReportOutcome


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A call that is to be kept; see the table for what the fields mean."""

    id: uuid.UUID
    token_id: uuid.UUID
    call_id: str
    digest: bytes
    email: str | None
    email_key: str | None
    outcome: ReportOutcome
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that was carried out before; `answer` is None where it is not kept any more."""

    digest: bytes
    answer: str | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A call as people see it; `caller` is the name of the API token."""

    organization_id: uuid.UUID
    id: uuid.UUID
    caller: str | None
    email: str | None
    member_id: uuid.UUID | None
    outcome: str
    code: str | None
    detail: str | None
    received_at: datetime
