"""Giving members the roles that follow from the facts, in the transaction of whatever changed the facts.

Members for whom the same decides are decided about once and written together, so that a group of a hundred thousand
takes as many statements as one of ten. What is planned here and what is carried out are the same moves, whoever looks.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from db.enums import Hold, MemberStatus
from db.ids import OrganizationId
from db.queries import log
from db.queries import role_facts as rows
from db.queries import roles as role_rows
from db.rows import ChangeRow
from db.rule_rows import RoleCombination

from . import explanation, moves, rulebook, suspensions
from .actor import Actor
from .decisions import Decided, Decision
from .errors import LastAdmin
from .history import Historian
from .moves import Move, Standing
from .roles import Role, effective, is_suspended, left_out
from .rulebook import Rulebook

_BY_GROUPS = frozenset({Hold.SUSPENSION, Hold.SUSPENSION_REJECTED})
NO_GROUPS: Mapping[uuid.UUID, Sequence[str]] = {}


async def reassign(actor: Actor, members: Sequence[uuid.UUID], at: datetime) -> int:
    """Give members the roles that follow from what is written; how many changed. Raises LastAdmin."""
    return moves.people(await move_all(actor, members, Historian(actor, None, at), at))


async def move_all(actor: Actor, members: Sequence[uuid.UUID], past: Historian, at: datetime) -> Sequence[Move]:
    """Plan the moves of members and carry them out; raises LastAdmin."""
    planned = await plan_moves(actor, members, at)
    await carry_out(actor, planned, past, at)
    return planned


async def plan_moves(
    actor: Actor,
    members: Sequence[uuid.UUID],
    at: datetime,
    *,
    earlier: Rulebook | None = None,
    groups: Mapping[uuid.UUID, Sequence[str]] = NO_GROUPS,
    is_alone: bool = False,
) -> Sequence[Move]:
    """Lock members and find what follows for them from what is written, writing nothing; raises LastAdmin.

    `earlier` knows roles that have just been archived, `groups` the names of the groups that are mapped to a role. Who
    `is_alone` has the organization locked: nobody who would change a member goes on meanwhile, so they need no lock.
    """
    if not members:
        return ()
    if not is_alone:
        await rows.lock_members(actor.organization, members)
    book = await rulebook.load(actor.organization)
    found = await rows.combinations(actor.organization, members)
    planned = _moves(found, book, earlier or book, groups, at)
    losing = moves.losing(planned)
    if losing and not moves.bring_an_admin(planned):
        await keep_an_admin(actor.organization, losing, book)
    return await suspensions.held(actor, book, planned, at)


async def carry_out(actor: Actor, planned: Sequence[Move], past: Historian, at: datetime) -> None:
    """Write moves and the history of each member, and what the breaker has to know of them."""
    await suspensions.remember(actor, planned, past, at)
    for move in moves.merged(planned, by_cause=False):
        role = move.after.role.id if move.after.role else None
        status, hold = move.after.status, move.after.hold
        await rows.assign(actor.organization, move.members, role=role, status=status, hold=hold, at=at)
        await log.add_alike(_change(move, past), move.members)


async def decided(
    organization: OrganizationId, members: Sequence[uuid.UUID], book: Rulebook, at: datetime
) -> Sequence[Move]:
    """What `move_all` would change; nothing is written."""
    return _moves(await rows.combinations(organization, members), book, book, NO_GROUPS, at) if members else ()


async def keep_an_admin(organization: OrganizationId, losing: Sequence[uuid.UUID], book: Rulebook) -> None:
    """Raise LastAdmin unless somebody besides these members is an admin (REQUIREMENTS R125, C20)."""
    await role_rows.lock_admins(organization)
    if not await role_rows.has_admin_besides(organization, losing):
        raise LastAdmin(f"This would leave {book.organization} without an admin. Make somebody else admin first.")


def told(planned: Sequence[Move]) -> tuple[Decision, ...]:
    """What happened to roles, as decisions of the request that caused it."""
    counted: Counter[tuple[Decided, str]] = Counter()
    for move in planned:
        if move.before.role != move.after.role:
            counted[Decided.ROLE, f": {_name(move.before.role)} → {_name(move.after.role)}."] += len(move.members)
    for move in planned:
        if move.before.status != move.after.status:
            counted[Decided.STATUS, f" {_status_told(move)}"] += len(move.members)
    return tuple(Decision(code, f"{_people(count)}{text}") for (code, text), count in counted.items())


def _moves(
    found: Sequence[RoleCombination],
    book: Rulebook,
    earlier: Rulebook,
    groups: Mapping[uuid.UUID, Sequence[str]],
    at: datetime,
) -> list[Move]:
    there = [each for each in found if each.status != MemberStatus.ERASED]
    return [move for each in there if (move := _move(each, book, earlier, groups, at))]


def _move(
    alike: RoleCombination,
    book: Rulebook,
    earlier: Rulebook,
    groups: Mapping[uuid.UUID, Sequence[str]],
    at: datetime,
) -> Move | None:
    facts, rules = book.facts_alike(alike), book.role_rules
    needs_no_hold = alike.hold in _BY_GROUPS and left_out(facts, rules) is None
    if needs_no_hold:
        facts = replace(facts, lock=None, kept=None, is_kept=False)
    role, is_out = effective(facts, rules, at), is_suspended(facts, rules)
    had = book.role(alike.role_id) or earlier.role(alike.role_id)
    before = Standing(had, alike.status, alike.seat, alike.hold)
    hold = None if needs_no_hold else alike.hold
    after = Standing(role, _status(alike.status, is_out=is_out, is_released=needs_no_hold), alike.seat, hold)
    if before == after and (role.id if role else None) == alike.role_id:
        return None
    because = explanation.because(facts, rules, book.organization, groups, at)
    return Move(tuple(alike.members), before, after, because)


def _status(before: str, *, is_out: bool, is_released: bool) -> str:
    """Groups suspend who is active, and let in again whom they had suspended, or would have; nobody else."""
    if before == MemberStatus.HELD and is_released:
        return MemberStatus.ACTIVE
    if before == MemberStatus.ACTIVE and is_out:
        return MemberStatus.SUSPENDED
    if before == MemberStatus.SUSPENDED and not is_out:
        return MemberStatus.ACTIVE
    return before


def _change(move: Move, past: Historian) -> ChangeRow:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for name, was, becomes in (
        ("role", _key(move.before.role), _key(move.after.role)),
        ("status", move.before.status, move.after.status),
        ("hold", move.before.hold, move.after.hold),
    ):
        if was != becomes:
            before[name], after[name] = was, becomes
    return past.change("role_changed", "member", move.members[0], before=before, after=after)


def _key(role: Role | None) -> str | None:
    return role.key if role else None


def _status_told(move: Move) -> str:
    return f"suspended: {move.because} any more." if move.after.status == MemberStatus.SUSPENDED else "active again."


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count} members"


def _name(role: Role | None) -> str:
    return role.name if role else "no role"
