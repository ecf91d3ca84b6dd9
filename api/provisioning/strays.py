"""Finding members whose status or role is not what follows from the facts, by the rules that give both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.ids import OrganizationId
from db.queries import drift as rows
from db.queries import standings as standing_rows

from . import role_changes, standings
from .roles import Role
from .rulebook import Rulebook

AT_ONCE = 5000
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Stray:
    """A member who differs: the status and the key of the role that they have, and that they should have."""

    member: UUID
    status: str
    status_due: str
    role: str | None
    role_due: str | None


async def look_for(organization: OrganizationId, book: Rulebook, at: datetime) -> AsyncIterator[list[Stray]]:
    """All members who differ, in pieces; nobody is locked, so that who is changed just now may be among them."""
    members = await rows.some_members(organization, _FIRST, limit=AT_ONCE)
    while members:
        yield await _among(organization, members, book, at)
        members = await rows.some_members(organization, members[-1], limit=AT_ONCE)


async def _among(organization: OrganizationId, members: list[UUID], book: Rulebook, at: datetime) -> list[Stray]:
    found: dict[UUID, Stray] = {}
    for alike in await standing_rows.seen(organization, members):
        if standings.is_astray(alike):
            role = _key(book.role(alike.role_id))
            for member in alike.members:
                found[member] = Stray(member, alike.status, standings.due(alike), role, role)
    for move in await role_changes.decided(organization, members, book, at):
        before, after = _key(move.before.role), _key(move.after.role)
        for member in move.members:
            known = found.get(member)
            status = (known.status, known.status_due) if known else (move.before.status, move.after.status)
            found[member] = Stray(member, *status, before, after)
    return list(found.values())


def _key(role: Role | None) -> str | None:
    return role.key if role else None
