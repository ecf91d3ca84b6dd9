"""The audit: every change by anybody, with who, what, before and after, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.provisioning import audit
from api.provisioning.actor import ActorKind
from db.audit_rows import AuditRow
from db.ids import OrganizationId, RequestId

from . import ids
from .context import Info
from .nodes import Node


@strawberry.type(description="Who did something.")
class Actor:
    kind: ActorKind
    name: str | None = strawberry.field(
        description="In words for people, such as an address or what a token is called."
    )


@strawberry.type(description="A change by anybody.")
class AuditEntry(Node):
    at: datetime
    actor: Actor
    action: str = strawberry.field(description="What was done, as a code such as `role_changed`.")
    subject_type: str = strawberry.field(description="What kind of thing it was done to, such as `member`.")
    reason: str | None
    is_break_glass: bool = strawberry.field(description="Whether it was done where only a directory may change things.")
    request_id: strawberry.ID | None = strawberry.field(description="The trace id under which it was done.")
    before: JSON | None = strawberry.field(description="What changed, as it was; null after an erasure.")
    after: JSON | None = strawberry.field(description="The same as it was then, with what else was told.")


def entry(row: AuditRow) -> AuditEntry:
    """What the schema shows of a change."""
    return AuditEntry(
        id=ids.write("AuditEntry", row.organization_id, row.id),
        at=row.changed_at,
        actor=Actor(kind=ActorKind(row.actor_kind), name=row.actor),
        action=row.action,
        subject_type=row.subject_type,
        reason=row.reason,
        is_break_glass=row.is_break_glass,
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
        before=_document(row.before),
        after=_document(row.after),
    )


async def first_of(info: Info, organization: OrganizationId, request: RequestId) -> AuditEntry | None:
    """What was remembered first of something that the caller did."""
    found = await info.context.load(audit.of_own_requests, organization, request)
    return entry(found) if found else None


def _document(text: str | None) -> Any:
    return msgspec.json.decode(text) if text else None
