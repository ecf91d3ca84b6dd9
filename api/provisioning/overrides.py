"""Roles that somebody chooses for members by hand, and takes away again (REQUIREMENTS R114, C8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from db.queries import members as member_rows
from db.queries import overrides as rows
from db.queries import role_facts

from . import chosen_roles, governance, rulebook
from .actor import Actor, Right
from .errors import BadSetting, NotFound, Refused
from .governance import Entry, Prepared, Written
from .policy_values import OverrideMode

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class OverrideRoles:
    """Members are to have this role for a reason, until it expires; `by` is who chooses, in words for people.

    Raises NotFound, BadSetting, LastAdmin, and Refused where the organization allows no overrides.
    """

    right: ClassVar[Right] = Right.MEMBERS_MANAGE

    members: tuple[uuid.UUID, ...]
    key: str
    reason: str
    by: str
    expires_at: datetime | None = None

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Choose the role for each of them."""
        reason = self.reason.strip()
        if not reason or len(reason) > _LONGEST_REASON:
            raise BadSetting(f"An override needs a reason, of at most {_LONGEST_REASON} characters.")
        chosen_roles.must_be_ahead(self.expires_at, at)
        people = await _locked(actor, members := tuple(dict.fromkeys(self.members)))
        book = await rulebook.load(actor.organization)
        if book.policies.override_mode is OverrideMode.FORBIDDEN:
            raise Refused("This organization does not allow overrides of roles (policy override_mode).")
        role = book.named(self.key)
        until = self.expires_at
        await rows.choose(actor.organization, members, role=role.id, reason=reason, by=self.by, at=at, expires_at=until)
        after = {"role": self.key, "reason": reason, "expires_at": until}
        entry = Entry("override_set", "member", members, after=after)
        headline = f"Overriding *{people} → {role.name}*"
        return await governance.follow(actor, Written(headline, members, lambda _: [entry], book), at)


@dataclass(frozen=True, slots=True)
class ClearOverrides:
    """The roles of members are to follow from their groups again; raises NotFound, also when nobody has an override."""

    right: ClassVar[Right] = Right.MEMBERS_MANAGE

    members: tuple[uuid.UUID, ...]

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Take their overrides away."""
        people = await _locked(actor, self.members)
        book = await rulebook.load(actor.organization)
        cleared = await rows.clear(actor.organization, self.members)
        if not cleared:
            raise NotFound(f"There is no override of {people}.")
        entry = Entry("override_cleared", "member", cleared, after={})
        return await governance.follow(
            actor, Written(f"Clearing the override of *{people}*", cleared, lambda _: [entry], book), at
        )


async def _locked(actor: Actor, members: Sequence[uuid.UUID]) -> str:
    """Who they are in words for people, once they are locked; raises NotFound, and BadSetting for nobody."""
    if not members:
        raise BadSetting("Name at least one member.")
    await role_facts.lock_members(actor.organization, members)
    known = await member_rows.names(actor.organization, members)
    missing = set(members) - known.keys()
    if missing:
        raise NotFound(f"There is no member with the id {min(missing)} in this organization.")
    [(email, name), *others] = known.values()
    return f"{len(known)} people" if others else email or name or str(members[0])
