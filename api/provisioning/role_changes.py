"""Giving members the roles that follow from the facts, in the transaction of whatever changed the facts."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import MemberStatus
from db.ids import OrganizationId
from db.queries import log
from db.queries import roles as rows
from db.rows import ChangeRow, MemberRoleFacts
from db.together import Part, together

from . import rulebook
from .actor import Actor
from .decisions import Decided, Decision
from .errors import LastAdmin
from .history import Historian
from .roles import Role, decide
from .rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A member whose role or status is another than before."""

    member: uuid.UUID
    role_before: Role | None
    role: Role | None
    status_before: str
    status: str


@dataclass(frozen=True, slots=True)
class RoleChanges:
    """What becomes of some members: who changes, the writes, their history, and sentences for the request."""

    reassigned: tuple[Reassigned, ...] = ()
    parts: tuple[Part, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    decisions: tuple[Decision, ...] = ()


async def recompute(
    organization: OrganizationId, members: Sequence[uuid.UUID], book: Rulebook, past: Historian, at: datetime
) -> RoleChanges:
    """Lock members and find the roles that they should have by what is written already; raises LastAdmin.

    The caller writes what is returned, in the same transaction.
    """
    if not members:
        return RoleChanges()
    found = [_reassigned(facts, book, at) for facts in await rows.facts(organization, members, lock=True)]
    reassigned = tuple(each for each in found if each is not None)
    losing = [each.member for each in reassigned if _is_admin(each.role_before) and not _still_rules(each)]
    if losing:
        await keep_an_admin(organization, losing, book)
    if not reassigned:
        return RoleChanges()
    assigned = [(each.member, each.role.id if each.role else None, each.status) for each in reassigned]
    return RoleChanges(
        reassigned,
        (rows.assign_part(organization, assigned, at),),
        tuple(_change(each, past) for each in reassigned),
        _decisions(reassigned),
    )


async def reassign(actor: Actor, members: Sequence[uuid.UUID], at: datetime) -> int:
    """Recompute members after what was written in this transaction, and write it; how many changed."""
    book, past = await rulebook.load(actor.organization), Historian(actor, None, at)
    moved = await recompute(actor.organization, members, book, past, at)
    await together(moved.parts)
    await log.add_changes(moved.changes)
    return len(moved.reassigned)


async def keep_an_admin(organization: OrganizationId, losing: Sequence[uuid.UUID], book: Rulebook) -> None:
    """Raise LastAdmin unless somebody besides these members is an admin (REQUIREMENTS R125, C20)."""
    await rows.lock_organization(organization)
    if not await rows.has_admin_besides(organization, losing):
        raise LastAdmin(f"This would leave {book.organization} without an admin. Make somebody else admin first.")


def _reassigned(facts: MemberRoleFacts, book: Rulebook, at: datetime) -> Reassigned | None:
    outcome = decide(book.facts_of(facts), book.role_rules, book.ladder, book.organization, at)
    status = facts.status
    if status == MemberStatus.ACTIVE and outcome.is_suspended:
        status = MemberStatus.SUSPENDED
    elif status == MemberStatus.SUSPENDED and not outcome.is_suspended:
        status = MemberStatus.ACTIVE
    if (outcome.role.id if outcome.role else None) == facts.role_id and status == facts.status:
        return None
    return Reassigned(facts.member_id, book.role(facts.role_id), outcome.role, facts.status, status)


def _is_admin(role: Role | None) -> bool:
    return role is not None and role.is_admin


def _still_rules(each: Reassigned) -> bool:
    """Whether an admin stays one who can use the organization, or could not use it before."""
    could_not = each.status_before != MemberStatus.ACTIVE
    return could_not or (_is_admin(each.role) and each.status == MemberStatus.ACTIVE)


def _change(each: Reassigned, past: Historian) -> ChangeRow:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    if each.role_before != each.role:
        before["role"], after["role"] = _key(each.role_before), _key(each.role)
    if each.status_before != each.status:
        before["status"], after["status"] = each.status_before, each.status
    return past.change("role_changed", "member", each.member, member=each.member, before=before, after=after)


def _key(role: Role | None) -> str | None:
    return role.key if role else None


def _decisions(reassigned: Sequence[Reassigned]) -> tuple[Decision, ...]:
    counted = Counter((each.role_before, each.role) for each in reassigned if each.role_before != each.role)
    decisions = [
        Decision(Decided.ROLE, f"{_people(count)}: {_name(before)} → {_name(after)}.")
        for (before, after), count in counted.items()
    ]
    for status, text in (
        (MemberStatus.SUSPENDED, "suspended: in no mapped group any more."),
        (MemberStatus.ACTIVE, "active again: in a mapped group."),
    ):
        moved = sum(each.status == status != each.status_before for each in reassigned)
        if moved:
            decisions.append(Decision(Decided.STATUS, f"{_people(moved)} {text}"))
    return tuple(decisions)


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _name(role: Role | None) -> str:
    return role.name if role else "no role"
