"""Which role a member has: the highest of what groups grant and what an admin chose. Pure.

REQUIREMENTS D4, R050, R108 to R122, C7, C8.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .policy_values import OnNoMappedGroup, OverrideMode


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the ladder; a higher rank is a higher role, and no two have the same."""

    id: uuid.UUID
    key: str
    name: str
    rank: int
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A group that the member is in directly, and the role that it is mapped to."""

    group: str
    role: Role
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A role that somebody chose for the member, by hand, until it expires or is cleared."""

    role: Role
    by: str
    at: datetime
    reason: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """The role that a member keeps, and why in words for people."""

    role: Role | None
    text: str


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What an organization has chosen about roles."""

    default: Role | None
    on_no_mapped_group: OnNoMappedGroup = OnNoMappedGroup.DEFAULT_ROLE
    override_mode: OverrideMode = OverrideMode.RAISE_ONLY


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """Everything that a member's role follows from; `attribute` are roles that the directory named itself (R122).

    `lacks_access` is true when a directory lets its people in by groups, and the member is in none of those (R050);
    `is_kept` when somebody decided that no group suspends the member. `kept` is a role that counts like that of a
    group, `lock` one that nothing else changes.
    """

    grants: Sequence[Grant] = ()
    attribute: Sequence[Role] = ()
    override: Override | None = None
    lacks_access: bool = False
    is_kept: bool = False
    kept: Lock | None = None
    lock: Lock | None = None


class LeftOut(StrEnum):
    """Why groups do not let a member in, in words for people."""

    NO_ACCESS_GROUP = "in no group that gives access"
    NO_MAPPED_GROUP = "in no mapped group"


def effective(facts: RoleFacts, rules: RoleRules, at: datetime) -> Role | None:
    """The role alone, for many members at once; `explanation.decide` says the same and why."""
    if facts.lock is not None:
        return facts.lock.role
    return _combined(base(facts, rules), counted(facts.override, rules, at), rules)


def is_suspended(facts: RoleFacts, rules: RoleRules) -> bool:
    """Whether the member is locked out because groups do not let them in (R050, C7)."""
    return left_out(facts, rules) is not None and not facts.is_kept and facts.lock is None


def left_out(facts: RoleFacts, rules: RoleRules) -> LeftOut | None:
    """Why groups do not let the member in; None when they do, or nobody is let in by groups."""
    if facts.lacks_access:
        return LeftOut.NO_ACCESS_GROUP
    is_suspending = rules.on_no_mapped_group is OnNoMappedGroup.SUSPEND
    return LeftOut.NO_MAPPED_GROUP if is_suspending and not facts.grants and not facts.attribute else None


def is_expired(override: Override, at: datetime) -> bool:
    """Whether an override does not count any more."""
    return override.expires_at is not None and override.expires_at <= at


def base(facts: RoleFacts, rules: RoleRules) -> Role | None:
    """The role without any override or lock."""
    provided = [*(grant.role for grant in facts.grants), *facts.attribute]
    if facts.kept is not None and facts.kept.role is not None:
        provided.append(facts.kept.role)
    if not provided and rules.on_no_mapped_group is OnNoMappedGroup.DEFAULT_ROLE:
        return rules.default
    return max(provided, key=by_rank, default=None)


def by_rank(role: Role) -> int:
    """For sorting, lowest first."""
    return role.rank


def counted(override: Override | None, rules: RoleRules, at: datetime) -> Role | None:
    """The role of an override that is in force."""
    if override is None or is_expired(override, at) or rules.override_mode is OverrideMode.FORBIDDEN:
        return None
    return override.role


def _combined(plain: Role | None, override: Role | None, rules: RoleRules) -> Role | None:
    if plain is None or override is None:
        return plain if override is None or rules.override_mode is OverrideMode.CAP else override
    return (min if rules.override_mode is OverrideMode.CAP else max)(plain, override, key=by_rank)
