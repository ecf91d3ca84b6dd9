"""Members as people see them: who they are, why they have their role, and what an admin may choose for them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from db.ids import OrganizationId
from db.queries import members as rows
from db.queries import overrides, role_facts
from db.queries import roles as role_rows
from db.transaction import transaction

from . import admission, clock, role_changes, rulebook
from .actor import Actor, Right, system
from .errors import BadSetting, NotFound, Refused
from .explanation import RoleOutcome, decide
from .history import remember
from .policy_values import OverrideMode
from .rulebook import Rulebook

_LONGEST_REASON = 500


async def page(actor: Actor, *, after: uuid.UUID | None = None, limit: int = 100) -> list[dict[str, object]]:
    """Members in the order in which they were made, with the key of their role, and whether they are guests (R096)."""
    actor.must(Right.ORGANIZATION_READ)
    book = await rulebook.load(actor.organization)
    found = await rows.page(actor.organization, after=after, limit=limit)
    return [{**each, "is_external": is_external(each, book)} for each in found]


async def find(actor: Actor, member: uuid.UUID) -> dict[str, object]:
    """One member; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.find(actor.organization, member)
    if found is None:
        raise _nobody(member)
    return found


def is_external(member: Mapping[str, object], book: Rulebook) -> bool:
    """Whether the member's address is none of the organization's own, where those decide who may come."""
    email = member["email"]
    return admission.is_external(str(email) if email else None, book.domains, book.policies)


async def explain(actor: Actor, member: uuid.UUID) -> RoleOutcome:
    """Why a member has their role: the same steps by which it was decided. Raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    facts = await role_facts.facts(actor.organization, member)
    if facts is None:
        raise _nobody(member)
    book = await rulebook.load(actor.organization)
    return decide(book.facts_of(facts), book.role_rules, book.ladder, book.organization, clock.now())


async def override_role(
    actor: Actor, member: uuid.UUID, key: str, *, reason: str, by: str, expires_at: datetime | None = None
) -> RoleOutcome:
    """Choose a role for a member by hand, and say why; the explanation as it is then (R114).

    `by` is who chooses, in words for people. Raises NotFound, BadSetting, LastAdmin, and Refused where the
    organization allows no overrides.
    """
    actor.must(Right.MEMBERS_MANAGE)
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise BadSetting(f"An override needs a reason, of at most {_LONGEST_REASON} characters.")
    if expires_at is not None and expires_at <= clock.now():
        raise BadSetting("An override cannot expire in the past.")

    async def write(at: datetime) -> None:
        book = await rulebook.load(actor.organization)
        if book.policies.override_mode is OverrideMode.FORBIDDEN:
            raise Refused("This organization does not allow overrides of roles (policy override_mode).")
        role = book.named(key)
        await overrides.choose(
            actor.organization, member, role=role.id, reason=reason.strip(), by=by, at=at, expires_at=expires_at
        )
        after = {"role": key, "reason": reason.strip(), "expires_at": expires_at}
        await remember(actor, at, "override_set", "member", member, after=after)

    await _written(actor, member, write)
    return await explain(actor, member)


async def clear_override(actor: Actor, member: uuid.UUID) -> RoleOutcome:
    """Let a member's role follow from their groups again; raises NotFound, also when there is no override."""
    actor.must(Right.MEMBERS_MANAGE)

    async def write(at: datetime) -> None:
        if not await overrides.clear(actor.organization, member):
            raise NotFound("This member has no override.")
        await remember(actor, at, "override_cleared", "member", member, after={})

    await _written(actor, member, write)
    return await explain(actor, member)


async def expire_overrides(organization: OrganizationId) -> int:
    """Recompute members whose override has expired; how many changed. For the clock, every few minutes."""
    actor = system(organization)

    async def work() -> int:
        at = clock.now()
        return await role_changes.reassign(actor, await overrides.expired(organization, at), at)

    return await transaction(work)


async def _written(actor: Actor, member: uuid.UUID, write: Callable[[datetime], Coroutine[Any, Any, None]]) -> None:
    async def work() -> None:
        at = clock.now()
        if not await role_rows.lock_member(actor.organization, member):
            raise _nobody(member)
        await write(at)
        await role_changes.reassign(actor, [member], at)

    await transaction(work)


def _nobody(member: uuid.UUID) -> NotFound:
    return NotFound(f"There is no member with the id {member} in this organization.")
