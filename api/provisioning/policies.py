"""Changing what an organization has chosen; every version stays in its history (REQUIREMENTS §1.13)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from db.ids import OrganizationId
from db.queries import log
from db.queries import organizations as rows
from db.queries import roles as role_rows
from db.transaction import transaction

from . import clock, policy_values, role_changes, rulebook
from .actor import Actor, Right
from .errors import NotFound
from .history import differences, remember
from .policy_values import Policies

_DECIDE_ROLES = frozenset({"on_no_mapped_group", "override_mode", "accept_roles_attribute"})


async def show(actor: Actor) -> Policies:
    """The organization's policies; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    return (await rulebook.load(actor.organization)).policies


async def change(actor: Actor, values: Mapping[str, object]) -> tuple[Policies, int]:
    """Replace some policies, and give members what follows; the policies, and how many members changed.

    Raises BadSetting for what cannot be chosen, LastAdmin when nobody would be an admin any more.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> tuple[Policies, int]:
        at = clock.now()
        before = policy_values.read(await _locked(actor.organization))
        after = policy_values.changed(before, values)
        if after == before:
            return after, 0
        await rows.set_policies(actor.organization, policy_values.to_json(after))
        old, new = differences(msgspec.to_builtins(before), msgspec.to_builtins(after))
        await remember(actor, at, "policies_changed", "organization", actor.organization, before=old, after=new)
        affected = await role_rows.everybody(actor.organization) if _DECIDE_ROLES & new.keys() else []
        return after, await role_changes.reassign(actor, affected, at)

    return await transaction(work)


async def history(actor: Actor) -> list[dict[str, object]]:
    """Every change of the policies, newest first: when, by whom, before and after."""
    actor.must(Right.ORGANIZATION_READ)
    found = await log.changes_of(actor.organization, actor.organization)
    return [change for change in reversed(found) if change["action"] == "policies_changed"]


async def _locked(organization: OrganizationId) -> str:
    found = await rows.lock_policies(organization)
    if found is None:
        raise NotFound(f"There is no organization with the id {organization}.")
    return found
