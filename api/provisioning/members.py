"""Members as people see them: who they are, why they have their role, and what an admin may choose for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from db.ids import OrganizationId
from db.queries import members as rows
from db.queries import overrides, role_facts
from db.transaction import transaction

from . import admission, clock, governance, role_changes, rulebook
from .actor import Actor, Right, system
from .errors import LastAdmin, NotFound
from .explanation import RoleOutcome, decide
from .overrides import ClearOverrides, OverrideRoles
from .rulebook import Rulebook


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
    actor: Actor,
    member: uuid.UUID,
    key: str,
    *,
    reason: str,
    by: str,
    expires_at: datetime | None = None,
    token: str | None = None,
) -> RoleOutcome:
    """Choose a role for a member by hand, and say why; the explanation as it is then (R114)."""
    await override_many(actor, [member], key, reason=reason, by=by, expires_at=expires_at, token=token)
    return await explain(actor, member)


async def override_many(
    actor: Actor,
    members: Sequence[uuid.UUID],
    key: str,
    *,
    reason: str,
    by: str,
    expires_at: datetime | None = None,
    token: str | None = None,
) -> int:
    """Choose a role for members by hand, all at once; how many have another role then."""
    wanted = OverrideRoles(tuple(members), key, reason, by, expires_at)
    return await governance.apply(actor, wanted, token=token)


async def clear_override(actor: Actor, member: uuid.UUID, *, token: str | None = None) -> RoleOutcome:
    """Let a member's role follow from their groups again; the explanation as it is then."""
    await governance.apply(actor, ClearOverrides((member,)), token=token)
    return await explain(actor, member)


async def expire_overrides(organization: OrganizationId) -> int:
    """Recompute members whose override has expired; how many changed. For the clock, every few minutes.

    The last admin stays one until there is another: nobody else's override outlives its time for that.
    """
    actor = system(organization)
    due = await overrides.expired(organization, clock.now())
    try:
        return await _recomputed(actor, due)
    except LastAdmin:
        return sum([await _recomputed_if_possible(actor, member) for member in due])


async def _recomputed(actor: Actor, members: Sequence[uuid.UUID]) -> int:
    return await transaction(lambda: role_changes.reassign(actor, members, clock.now()))


async def _recomputed_if_possible(actor: Actor, member: uuid.UUID) -> int:
    try:
        return await _recomputed(actor, [member])
    except LastAdmin:
        return 0


def _nobody(member: uuid.UUID) -> NotFound:
    return NotFound(f"There is no member with the id {member} in this organization.")
