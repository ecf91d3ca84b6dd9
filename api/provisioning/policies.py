"""Changing what an organization has chosen; every version stays in its history (REQUIREMENTS §1.13)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import msgspec

from db.audit_rows import AuditRow
from db.pages import Page, Span
from db.queries import log, policy_views
from db.queries import organizations as rows
from db.queries import roles as role_rows
from db.queries import sso as sso_rows

from . import governance, policy_values, rulebook
from .actor import Actor, Right
from .errors import BadSetting, VersionMismatch
from .governance import Entry, Prepared, Written
from .history import differences
from .policy_values import Policies

_TOLD = 3
"""So many changes are told of to whoever did not know of them."""

_DECIDE_ROLES = frozenset({"on_no_mapped_group", "override_mode", "accept_roles_attribute"})


@dataclass(frozen=True, slots=True)
class ChangePolicies:
    """Some policies are to have these values.

    Raises BadSetting for what cannot be chosen, LastAdmin when nobody would be an admin any more.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    values: Mapping[str, object]

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Replace the policies."""
        await role_rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        after = policy_values.changed(book.policies, self.values)
        if after.sso_enforced and not book.policies.sso_enforced and not await sso_rows.is_active(actor.organization):
            raise BadSetting(
                "sso_enforced cannot be true yet: no connection to an identity provider is active, so nobody could sign"
                " in. Activate one first."
            )
        await rows.set_policies(actor.organization, policy_values.to_json(after))
        old, new = differences(msgspec.to_builtins(book.policies), msgspec.to_builtins(after))
        entry = Entry("policies_changed", "organization", [actor.organization], old, new)
        return await governance.follow(
            actor,
            Written(
                headline=f"Choosing *{', '.join(f'{name}={_text(value)}' for name, value in self.values.items())}*",
                members=await role_rows.everybody(actor.organization) if _DECIDE_ROLES & new.keys() else (),
                entries=lambda _: [entry] if new else [],
                earlier=book,
                is_alone=True,
            ),
            at,
        )


async def show(actor: Actor) -> Policies:
    """The organization's policies; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    return (await rulebook.load(actor.organization)).policies


async def change(actor: Actor, values: Mapping[str, object], *, token: str | None = None) -> tuple[Policies, int]:
    """Replace some policies, and give members what follows; the policies, and how many members changed."""
    changed = await governance.apply(actor, ChangePolicies(values), token=token)
    return await show(actor), changed


async def history(actor: Actor) -> list[dict[str, object]]:
    """Every change of the policies, newest first: when, by whom, before and after."""
    actor.must(Right.ORGANIZATION_READ)
    found = await log.changes_of(actor.organization, actor.organization)
    return [change for change in reversed(found) if change["action"] == "policies_changed"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Policies, and how often they were changed until then."""

    policies: Policies
    version: int


async def chosen(actor: Actor, _: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Chosen]:
    """The policies of the actor's organization with their version, for whoever reads many things at once."""
    actor.must(Right.ORGANIZATION_READ, Right.PROVE_DOMAINS)
    found = await policy_views.chosen(actor.organization)
    return {actor.organization: Chosen(policy_values.read(found[0]), found[1])} if found else {}


async def must_be(actor: Actor, expected: int) -> None:
    """Raise VersionMismatch, which says what was changed since, unless the policies have that version."""
    now = await policy_views.version(actor.organization)
    if now == expected:
        return
    newest = await policy_views.history(actor.organization, Span(max(1, min(_TOLD, now - expected)), None))
    told = [f"{row.actor or row.actor_kind.lower()} chose {', '.join(_named(row))}" for row in newest.rows]
    since = f" Since then {'; before that, '.join(told)}." if expected < now else ""
    raise VersionMismatch(f"The policies have version {now}, not {expected}.{since} Read them again and decide anew.")


def _named(row: AuditRow) -> list[str]:
    chosen = msgspec.json.decode(row.after or "{}", type=dict[str, object])
    return [f"{name}={_text(value)}" for name, value in chosen.items()]


async def history_page(actor: Actor, span: Span) -> Page[AuditRow]:
    """The changes of the policies, newest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await policy_views.history(actor.organization, span)


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
