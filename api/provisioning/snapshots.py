"""Who was a member at some moment, and how they stood: for auditors who ask about the first of March."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import msgspec

from db.enums import MemberStatus
from db.member_rows import MemberThen
from db.pages import Page, Span
from db.queries import snapshots as rows

from . import clock
from .actor import Actor, Right
from .errors import BadSetting


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A member as they were. Of somebody who has been erased since, only that they were here is still known."""

    member: uuid.UUID
    status: str | None
    email: str | None
    display_name: str | None
    seat: str | None
    role: str | None
    is_erased: bool


async def page(actor: Actor, at: datetime, span: Span) -> Page[Snapshot]:
    """Who was a member at a moment, in the order in which they came; raises BadSetting for one that is to come."""
    actor.must(Right.AUDIT_READ)
    if at > clock.now():
        raise BadSetting("Nobody knows who will be a member then. Ask about a moment that is over.")
    found = await rows.page(actor.organization, at, span)
    return Page([_then(row) for row in found.rows], found.places, found.has_more)


def _then(row: MemberThen) -> Snapshot:
    was = msgspec.json.decode(row.was, type=dict[str, str | bool | None])
    is_erased = row.status == MemberStatus.ERASED and row.is_since

    def value(name: str, now: str | None) -> str | None:
        then = was.get(name, None if is_erased else now)
        return then if isinstance(then, str) else None

    return Snapshot(
        row.id,
        value("status", row.status),
        value("email", row.email),
        value("display_name", row.display_name),
        value("seat", row.seat),
        value("role", row.role),
        is_erased,
    )
