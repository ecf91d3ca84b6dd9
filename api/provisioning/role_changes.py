"""Giving members the roles that follow from the facts, in the transaction of whatever changed the facts.

Members for whom the same decides are decided about once and written together, so that a group of a hundred thousand
takes as many statements as one of ten.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import Hold, MemberStatus
from db.ids import OrganizationId
from db.queries import log
from db.queries import role_facts as rows
from db.queries import roles as role_rows
from db.rows import ChangeRow
from db.rule_rows import RoleCombination

from . import rulebook
from .actor import Actor
from .decisions import Decided, Decision
from .errors import LastAdmin
from .history import Historian
from .roles import LeftOut, Role, effective, is_suspended, left_out
from .rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Move:
    """Members whose role or status becomes another, or who need nothing any more that keeps them.

    `left_out` tells why groups do not let them in, if that is so.
    """

    members: tuple[uuid.UUID, ...]
    role_before: Role | None
    role: Role | None
    status_before: str
    status: str
    hold_before: str | None
    hold: str | None
    left_out: LeftOut | None

    @property
    def takes_admins_away(self) -> bool:
        """Whether these were admins who could use the organization, and are not any more."""
        could = _is_admin(self.role_before) and self.status_before == MemberStatus.ACTIVE
        return could and not (_is_admin(self.role) and self.status == MemberStatus.ACTIVE)


async def reassign(actor: Actor, members: Sequence[uuid.UUID], at: datetime) -> int:
    """Give members the roles that follow from what is written; how many changed. Raises LastAdmin."""
    return sum(len(move.members) for move in await move_all(actor, members, Historian(actor, None, at), at))


async def move_all(actor: Actor, members: Sequence[uuid.UUID], past: Historian, at: datetime) -> Sequence[Move]:
    """Lock members, find the roles that follow from what is written, and write what changes; raises LastAdmin."""
    if not members:
        return ()
    await rows.lock_members(actor.organization, members)
    book = await rulebook.load(actor.organization)
    found = await rows.combinations(actor.organization, members)
    moves = _moves(found, book, at)
    losing = [member for move in moves if move.takes_admins_away for member in move.members]
    if losing:
        await keep_an_admin(actor.organization, losing, book)
    for move in moves:
        role = move.role.id if move.role else None
        await rows.assign(actor.organization, move.members, role=role, status=move.status, hold=move.hold, at=at)
        await log.add_alike(_change(move, past), move.members)
    return moves


async def decided(
    organization: OrganizationId, members: Sequence[uuid.UUID], book: Rulebook, at: datetime
) -> Sequence[Move]:
    """What `move_all` would change; nothing is written."""
    return _moves(await rows.combinations(organization, members), book, at) if members else ()


async def keep_an_admin(organization: OrganizationId, losing: Sequence[uuid.UUID], book: Rulebook) -> None:
    """Raise LastAdmin unless somebody besides these members is an admin (REQUIREMENTS R125, C20)."""
    await role_rows.lock_organization(organization)
    if not await role_rows.has_admin_besides(organization, losing):
        raise LastAdmin(f"This would leave {book.organization} without an admin. Make somebody else admin first.")


def told(moves: Sequence[Move]) -> tuple[Decision, ...]:
    """What happened to roles, as decisions of the request that caused it."""
    counted: Counter[tuple[Role | None, Role | None]] = Counter()
    for move in moves:
        if move.role_before != move.role:
            counted[move.role_before, move.role] += len(move.members)
    decisions = [
        Decision(Decided.ROLE, f"{_people(count)}: {_name(before)} → {_name(after)}.")
        for (before, after), count in counted.items()
    ]
    moved: Counter[tuple[str, LeftOut | None]] = Counter()
    for move in moves:
        if move.status_before != move.status:
            moved[move.status, move.left_out] += len(move.members)
    for (status, why), count in moved.items():
        text = f"suspended: {why} any more." if status == MemberStatus.SUSPENDED else "active again."
        decisions.append(Decision(Decided.STATUS, f"{_people(count)} {text}"))
    return tuple(decisions)


def _moves(found: Sequence[RoleCombination], book: Rulebook, at: datetime) -> list[Move]:
    there = [each for each in found if each.status != MemberStatus.ERASED]
    return [move for each in there if (move := _move(each, book, at))]


def _move(alike: RoleCombination, book: Rulebook, at: datetime) -> Move | None:
    facts = book.facts_alike(alike)
    role, why = effective(facts, book.role_rules, at), left_out(facts, book.role_rules)
    status = _status(alike.status, is_out=is_suspended(facts, book.role_rules))
    hold = None if alike.hold == Hold.SUSPENSION_REJECTED and why is None else alike.hold
    if ((role.id if role else None), status, hold) == (alike.role_id, alike.status, alike.hold):
        return None
    return Move(tuple(alike.members), book.role(alike.role_id), role, alike.status, status, alike.hold, hold, why)


def _status(before: str, *, is_out: bool) -> str:
    """Groups suspend who is active, and let in again whom they had suspended; nobody else."""
    if before == MemberStatus.ACTIVE and is_out:
        return MemberStatus.SUSPENDED
    if before == MemberStatus.SUSPENDED and not is_out:
        return MemberStatus.ACTIVE
    return before


def _is_admin(role: Role | None) -> bool:
    return role is not None and role.is_admin


def _change(move: Move, past: Historian) -> ChangeRow:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    if move.role_before != move.role:
        before["role"], after["role"] = _key(move.role_before), _key(move.role)
    if move.status_before != move.status:
        before["status"], after["status"] = move.status_before, move.status
    if move.hold_before != move.hold:
        before["hold"], after["hold"] = move.hold_before, move.hold
    return past.change("role_changed", "member", move.members[0], before=before, after=after)


def _key(role: Role | None) -> str | None:
    return role.key if role else None


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _name(role: Role | None) -> str:
    return role.name if role else "no role"
