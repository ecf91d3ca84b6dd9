"""The audit: every change by anybody, with who, what, before and after, and why."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.provisioning import audit, seals
from api.provisioning.actor import ActorKind, Right
from api.provisioning.errors import NotFound
from api.provisioning.global_ids import TYPES
from db.audit_rows import AuditFilter as Wanted
from db.audit_rows import AuditRow
from db.ids import OrganizationId, RequestId

from . import connections, ids
from .access import field
from .connections import After, Before, Connection, First, Last
from .context import Info
from .errors import Problem
from .nodes import Node, found_by


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
    subject_id: strawberry.ID = strawberry.field(
        description="Which one it was done to: its global id, where it has one; it may be gone."
    )
    member_id: strawberry.ID | None = strawberry.field(description="The member whom it concerns; may be the subject.")
    reason: str | None
    is_break_glass: bool = strawberry.field(description="Whether it was done where only a directory may change things.")
    request_id: strawberry.ID | None = strawberry.field(description="The trace id under which it was done.")
    before: JSON | None = strawberry.field(description="What changed, as it was; null after an erasure.")
    after: JSON | None = strawberry.field(description="The same as it was then, with what else was told.")


@strawberry.type(description="The last link of the chain that seals the history; note it where nobody can change it.")
class AuditSeal:
    number: int
    hash: str = strawberry.field(description="SHA-256 in hexadecimal digits.")
    sealed_at: datetime


@strawberry.input(description="Which changes; all conditions that are given must hold.")
class AuditFilter:
    actor_kinds: list[ActorKind] | None = None
    actions: list[str] | None = None
    member_id: strawberry.ID | None = strawberry.field(description="Changes to a member or about them.", default=None)
    subject_id: strawberry.ID | None = strawberry.field(description="As an entry has it.", default=None)
    from_: datetime | None = strawberry.field(name="from", default=None)
    to: datetime | None = strawberry.field(description="Not included.", default=None)
    break_glass: bool | None = None
    request_id: strawberry.ID | None = strawberry.field(description="A trace id.", default=None)


def entry(row: AuditRow) -> AuditEntry:
    """What the schema shows of a change."""
    member = row.subject_id if row.member_id is None and row.subject_type == "member" else row.member_id
    return AuditEntry(
        id=ids.write("AuditEntry", row.organization_id, row.id),
        at=row.changed_at,
        actor=Actor(kind=ActorKind(row.actor_kind), name=row.actor),
        action=row.action,
        subject_type=row.subject_type,
        subject_id=_subject(row),
        member_id=ids.write("Member", row.organization_id, member) if member else None,
        reason=row.reason,
        is_break_glass=row.is_break_glass,
        request_id=strawberry.ID(str(row.request_id)) if row.request_id else None,
        before=_document(row.before),
        after=_document(row.after),
    )


@found_by("AuditEntry")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> AuditEntry | None:
    row = await info.context.load(audit.many, organization, id)
    return entry(row) if row else None


async def first_of(info: Info, organization: OrganizationId, request: RequestId) -> AuditEntry | None:
    """What was remembered first of something that the caller did."""
    found = await info.context.load(audit.of_own_requests, organization, request)
    return entry(found) if found else None


@strawberry.type
class OrganizationAudit:
    """What an organization shows of its history."""

    key: strawberry.Private[uuid.UUID]

    @field(needs=Right.AUDIT_READ, weight=3, description="Who changed what, newest first.")
    async def audit(
        self,
        info: Info,
        filter: AuditFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AuditEntry]:
        actor = info.context.actor(self.key)
        wanted = _wanted(self.key, filter or AuditFilter())
        list_ = f"audit {wanted}"
        span = connections.span(list_, first, after, last, before)
        return connections.connection(list_, await audit.page(actor, wanted, span), span, entry)

    @field(needs=Right.AUDIT_READ, description="The last seal on the history; null before the first.")
    async def audit_seal(self, info: Info) -> AuditSeal | None:
        found = await info.context.load(seals.heads, self.key, self.key)
        return AuditSeal(number=found.number, hash=found.hash.hex(), sealed_at=found.sealed_at) if found else None


def _wanted(organization: uuid.UUID, asked: AuditFilter) -> Wanted:
    return Wanted(
        actor_kinds=None if asked.actor_kinds is None else list(asked.actor_kinds),
        actions=asked.actions,
        member=_within(organization, asked.member_id, "Member"),
        subject=_within(organization, asked.subject_id),
        since=_moment(asked.from_),
        to=_moment(asked.to),
        break_glass=asked.break_glass,
        request=_plain(asked.request_id),
    )


def _within(organization: uuid.UUID, id: str | None, type: str | None = None) -> uuid.UUID | None:
    """The id that a global one says, or a plain one; of another organization's there are no changes to be found."""
    if id is None:
        return None
    place = ids.read(id)
    if place is None:
        return _plain(id)
    if type is not None and place.type != type:
        raise NotFound("There is no such member.")
    return place.id if place.organization == organization else uuid.UUID(int=0)


def _plain(id: str | None) -> uuid.UUID | None:
    try:
        return None if id is None else uuid.UUID(id)
    except ValueError:
        raise Problem("BAD_REQUEST", f"{id!r} is no id.") from None


def _moment(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise Problem("BAD_REQUEST", "Write times with their zone, such as 2026-11-25T12:00:00Z.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Problem("BAD_REQUEST", "There is no such time in UTC.") from None


def _subject(row: AuditRow) -> strawberry.ID:
    type = TYPES.get(row.subject_type)
    return ids.write(type, row.organization_id, row.subject_id) if type else strawberry.ID(str(row.subject_id))


def _document(text: str | None) -> Any:
    return msgspec.json.decode(text) if text else None
