"""Requests of directories as people look them up. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What came of a request."""

    READ = "READ"
    WRITE = "WRITE"
    REFUSED = "REFUSED"


class Method(StrEnum):
    """The HTTP methods of SCIM."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request without its bodies; see the table for what the fields mean. `decisions` is a JSON text."""

    organization_id: uuid.UUID
    id: uuid.UUID
    directory_id: uuid.UUID
    directory_name: str | None
    bulk_request_id: uuid.UUID | None
    key_last_four: str | None
    oauth_client_name: str | None
    user_agent: str | None
    method: str
    path: str
    query: str | None
    status: int
    outcome: str
    scim_type: str | None
    detail: str | None
    resource_type: str | None
    resource_id: uuid.UUID | None
    subject_key: str | None
    results: int | None
    decisions: str
    duration_us: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class BodiesRow:
    """What was sent and what was answered, as far as it is kept."""

    id: uuid.UUID
    request_body: str | None
    response_body: str | None


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests somebody wants to see; None for any, and `until` is not included."""

    outcome: Outcome | None = None
    directory: uuid.UUID | None = None
    member: uuid.UUID | None = None
    subject: str | None = None
    methods: Sequence[Method] | None = None
    resource_type: str | None = None
    status: int | None = None
    since: datetime | None = None
    until: datetime | None = None
