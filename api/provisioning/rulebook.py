"""What an organization has chosen, in one piece: its name, policies and ladder of roles, as the rules want them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import msgspec

from db.enums import BillingInterval, Hold, SeatType
from db.ids import OrganizationId
from db.queries import organizations as rows
from db.rule_rows import DomainRow, MemberRoleFacts, OrganizationRules, RoleCombination, RoleRow

from . import policy_values, seats
from .errors import BadSetting, NotFound
from .policy_values import Policies
from .roles import Grant, Lock, Override, Role, RoleFacts, RoleRules
from .seats import Pool, Terms

_Domain = tuple[uuid.UUID, str, bool, str, str | None, datetime | None]
_Terms = tuple[str, BillingInterval, date, bool, int | None, int, bool]


_LOCKS = {
    Hold.REMOVAL: "Removal on hold: the role stays as it was",
    Hold.SUSPENSION: "Suspension on hold: the role stays as it was",
}
_KEPT = {
    Hold.SUSPENSION_REJECTED: "Kept when groups would have suspended",
    Hold.REMOVAL_REJECTED: "Kept when a directory would have removed",
}


@dataclass(frozen=True)
class Rulebook:
    """The choices of one organization; `gates` are the directories whose people are let in by groups (R050)."""

    organization: str
    policies: Policies
    domains: tuple[DomainRow, ...]
    gates: frozenset[uuid.UUID]
    ladder: tuple[Role, ...]
    default: Role | None
    pools: Mapping[SeatType, Pool]
    terms: Terms | None

    @cached_property
    def seat_rules(self) -> seats.Rules:
        """What of it decides about seats."""
        return seats.Rules(self.policies.seat_limit, self.policies.default_seat_type, self.pools, self.terms)

    @cached_property
    def role_rules(self) -> RoleRules:
        """What of it decides about roles."""
        return RoleRules(self.default, self.policies.on_no_mapped_group, self.policies.override_mode)

    @property
    def top(self) -> Role | None:
        """The highest role."""
        return self.ladder[-1] if self.ladder else None

    @cached_property
    def _by_id(self) -> dict[uuid.UUID, Role]:
        return {role.id: role for role in self.ladder}

    @cached_property
    def _by_key(self) -> dict[str, Role]:
        return {role.key: role for role in self.ladder}

    def role(self, id: uuid.UUID | None) -> Role | None:
        """The role with that id, unless it is archived."""
        return None if id is None else self._by_id.get(id)

    def named(self, key: str) -> Role:
        """The role with that key; raises BadSetting that lists what there is."""
        found = self._by_key.get(key)
        if found is None:
            raise BadSetting(f"There is no role {key!r}. There are: {', '.join(self._by_key)}.")
        return found

    def facts_of(self, stored: MemberRoleFacts) -> RoleFacts:
        """What is stored of a member, as `roles.decide` wants it; archived roles count for nothing."""
        groups = (
            msgspec.json.decode(stored.groups, type=list[tuple[str, uuid.UUID, uuid.UUID]]) if stored.groups else []
        )
        grants = [Grant(name, role, id) for name, role_id, id in groups if (role := self.role(role_id))]
        keys = msgspec.json.decode(stored.keys, type=list[str]) if stored.keys else []
        return self._facts(stored, grants, keys, self._override_of(stored))

    def facts_alike(self, stored: RoleCombination) -> RoleFacts:
        """What members have in common, without the names that only an explanation needs."""
        grants = [Grant("", role) for id in stored.granted if (role := self.role(id))]
        role = self.role(stored.override_role_id)
        override = Override(role, "", datetime.min, "", stored.override_expires_at) if role else None
        return self._facts(stored, grants, stored.keys, override)

    def _facts(
        self,
        stored: MemberRoleFacts | RoleCombination,
        grants: Sequence[Grant],
        keys: Sequence[str],
        override: Override | None,
    ) -> RoleFacts:
        return RoleFacts(
            grants,
            self._named_by(keys),
            override,
            lacks_access=stored.lacks_access,
            is_kept=stored.hold == Hold.SUSPENSION_REJECTED,
            kept=self._held_by(stored, _KEPT),
            lock=self._held_by(stored, _LOCKS),
        )

    def _held_by(self, stored: MemberRoleFacts | RoleCombination, texts: Mapping[Hold, str]) -> Lock | None:
        """The role as it was when something of these was decided about the member."""
        text = texts.get(Hold(stored.hold)) if stored.hold else None
        return Lock(self.role(stored.held_role_id), text) if text else None

    def _named_by(self, keys: Sequence[str]) -> Sequence[Role]:
        if not self.policies.accept_roles_attribute:
            return ()
        return [role for key in keys if (role := self._by_key.get(key))]

    def _override_of(self, stored: MemberRoleFacts) -> Override | None:
        role = self.role(stored.override_role_id)
        if role is None or stored.override_at is None:
            return None
        by, reason = stored.override_by or "", stored.override_reason or ""
        return Override(role, by, stored.override_at, reason, stored.override_expires_at)


async def load(organization: OrganizationId, *, hold: bool = False) -> Rulebook:
    """The rulebook of an organization; raises NotFound.

    With `hold` nobody changes it before this transaction ends: who is made by a rule must not miss its change.
    """
    found = await rows.rules(organization, hold=hold)
    if found is None:
        raise NotFound(f"There is no organization with the id {organization}.")
    return read(found)


def read(stored: OrganizationRules) -> Rulebook:
    """The rulebook that the rows of an organization spell."""
    ladder = tuple(_role(row) for row in stored.roles)
    default = next((role for role, row in zip(ladder, stored.roles, strict=True) if row.is_default), None)
    return Rulebook(
        stored.name,
        policy_values.read(stored.policies),
        _domains(stored.domains),
        frozenset(stored.gates),
        ladder,
        default,
        _pools(stored.pools),
        _terms(stored.terms),
    )


def _domains(text: str | None) -> tuple[DomainRow, ...]:
    found = msgspec.json.decode(text, type=list[_Domain]) if text else []
    return tuple(DomainRow(*fields) for fields in found)


def _pools(text: str | None) -> dict[SeatType, Pool]:
    found = msgspec.json.decode(text, type=dict[SeatType, tuple[int | None, int | None]]) if text else {}
    return {seat_type: Pool(*fields) for seat_type, fields in found.items()}


def _terms(text: str | None) -> Terms | None:
    return Terms(*msgspec.json.decode(text, type=_Terms)) if text else None


def _role(row: RoleRow) -> Role:
    return Role(row.id, row.key, row.name, row.rank, row.is_admin)
