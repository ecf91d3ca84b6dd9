"""Which role a member has, and why: the highest of what groups grant and what an admin chose. Pure.

REQUIREMENTS D4, R108 to R122, C7, C8. The steps that explain a role are the steps that decided it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Override:
    """A role that somebody chose for the member, by hand, until it expires or is cleared."""

    role: Role
    by: str
    at: datetime
    reason: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What an organization has chosen about roles."""

    default: Role | None
    on_no_mapped_group: OnNoMappedGroup = OnNoMappedGroup.DEFAULT_ROLE
    override_mode: OverrideMode = OverrideMode.RAISE_ONLY


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """Everything that a member's role follows from; `attribute` are roles that the directory named itself (R122)."""

    grants: Sequence[Grant] = ()
    attribute: Sequence[Role] = ()
    override: Override | None = None


class Source(StrEnum):
    """Where a step of the explanation comes from."""

    DEFAULT = "DEFAULT"
    GROUP = "GROUP"
    ATTRIBUTE = "ATTRIBUTE"
    OVERRIDE = "OVERRIDE"


@dataclass(frozen=True, slots=True)
class Step:
    """One source of a role: what it offers, whether it is what counted, and a remark if it is not plain why."""

    source: Source
    label: str
    role: Role | None
    wins: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RoleOutcome:
    """A member's role with the steps that led to it, and what would change it.

    `is_suspended` is true when the organization locks out whoever is in no mapped group.
    """

    role: Role | None
    is_suspended: bool
    steps: tuple[Step, ...]
    would_change: tuple[str, ...]


def decide(facts: RoleFacts, rules: RoleRules, ladder: Sequence[Role], organization: str, at: datetime) -> RoleOutcome:
    """The effective role of a member at a moment: the highest of its sources, see `RoleRules` for what is one.

    The default counts only for whoever has no mapped group and no role by attribute (R119). `organization` is its name,
    for the text.
    """
    base, role = _base(facts, rules), effective(facts, rules, at)
    return RoleOutcome(
        role,
        is_suspended(facts, rules),
        _steps(facts, rules, organization, role, base, at),
        _would_change(facts, rules, ladder, role, at),
    )


def effective(facts: RoleFacts, rules: RoleRules, at: datetime) -> Role | None:
    """The role alone, for many members at once; `decide` says the same and why."""
    return _combined(_base(facts, rules), _counted(facts.override, rules, at), rules)


def is_suspended(facts: RoleFacts, rules: RoleRules) -> bool:
    """Whether the organization locks out whoever is in no mapped group, and this is such a one (C7)."""
    return rules.on_no_mapped_group is OnNoMappedGroup.SUSPEND and not facts.grants and not facts.attribute


def is_expired(override: Override, at: datetime) -> bool:
    """Whether an override does not count any more."""
    return override.expires_at is not None and override.expires_at <= at


def note_on_override(outcome: RoleOutcome) -> str | None:
    """What to tell whoever looks at an override that changes nothing now (R118); None when there is no such one."""
    override = next((step for step in outcome.steps if step.source is Source.OVERRIDE), None)
    winner = next((step for step in outcome.steps if step.wins), None)
    if override is None or winner is None or not override.remark.startswith("no effect: lower"):
        return None
    return f"This override has no effect today: {winner.label[0].lower()}{winner.label[1:]} gives more."


def as_text(outcome: RoleOutcome) -> str:
    """The explanation for people, one step a line."""
    lines = [f"Effective role: {outcome.role.name if outcome.role else 'none'}"]
    width = max(len(step.label) for step in outcome.steps) + 4
    for number, step in enumerate(outcome.steps, start=1):
        offered = step.role.name if step.role else "no role"
        remark = "   ← highest" if step.wins else f"   ({step.remark})" if step.remark else ""
        lines.append(f"  {number}  {f'{step.label} '.ljust(width, '.')} {offered}{remark}")
    if outcome.would_change:
        lines.append("  Would change it: " + " · ".join(outcome.would_change))
    return "\n".join(lines)


def _base(facts: RoleFacts, rules: RoleRules) -> Role | None:
    """The role without any override."""
    provided = [*(grant.role for grant in facts.grants), *facts.attribute]
    if not provided and rules.on_no_mapped_group is OnNoMappedGroup.DEFAULT_ROLE:
        return rules.default
    return max(provided, key=_rank, default=None)


def _rank(role: Role) -> int:
    return role.rank


def _counted(override: Override | None, rules: RoleRules, at: datetime) -> Role | None:
    if override is None or is_expired(override, at) or rules.override_mode is OverrideMode.FORBIDDEN:
        return None
    return override.role


def _combined(base: Role | None, override: Role | None, rules: RoleRules) -> Role | None:
    if base is None or override is None:
        return base if override is None or rules.override_mode is OverrideMode.CAP else override
    return (min if rules.override_mode is OverrideMode.CAP else max)(base, override, key=_rank)


def _steps(
    facts: RoleFacts, rules: RoleRules, organization: str, role: Role | None, base: Role | None, at: datetime
) -> tuple[Step, ...]:
    """The steps in the order in which they are weighed; the first that offers the role is the one that wins."""
    weighed = [
        _default(facts, rules, organization),
        *(
            Step(Source.GROUP, f"Group “{grant.group}” → {grant.role.name}", grant.role)
            for grant in sorted(facts.grants, key=lambda each: (each.role.rank, each.group))
        ),
        *(
            Step(Source.ATTRIBUTE, f"The directory's attribute `roles`: {given.key}", given)
            for given in sorted(facts.attribute, key=_rank)
        ),
    ]
    if facts.override is not None:
        remark = _remark_on(facts, facts.override, rules, base, at)
        weighed.append(Step(Source.OVERRIDE, _label_of(facts.override), facts.override.role, remark=remark))
    winner = next((step for step in weighed if role and step.role == role and not step.remark), None)
    return tuple(replace(step, wins=step is winner) for step in weighed)


def _default(facts: RoleFacts, rules: RoleRules, organization: str) -> Step:
    label, remark = f"Default role of {organization}", ""
    if facts.grants or facts.attribute:
        remark = "not used: a mapped group applies" if facts.grants else "not used: the directory names a role"
    elif rules.on_no_mapped_group is OnNoMappedGroup.NO_ROLE:
        remark = "not used: without a mapped group there is no role here"
    elif rules.on_no_mapped_group is OnNoMappedGroup.SUSPEND:
        remark = "not used: whoever is in no mapped group is suspended here"
    return Step(Source.DEFAULT, label, rules.default, remark=remark)


def _label_of(override: Override) -> str:
    until = f", until {_day(override.expires_at)}" if override.expires_at else ""
    return f"Override by {override.by}, {_day(override.at)}{until}, “{override.reason}”"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


def _remark_on(facts: RoleFacts, override: Override, rules: RoleRules, base: Role | None, at: datetime) -> str:
    if rules.override_mode is OverrideMode.FORBIDDEN:
        return "no effect: this organization does not allow overrides"
    if is_expired(override, at):
        return "no effect: it has expired"
    if rules.override_mode is OverrideMode.CAP:
        is_below = base is not None and override.role.rank < base.rank
        return "" if is_below else "no effect: the role is not higher than this limit"
    if base is None or override.role.rank > base.rank:
        return ""
    if override.role == base:
        return "no effect: the same without it"
    return "no effect: lower than a group" if facts.grants else "no effect: lower than the default role"


def _would_change(
    facts: RoleFacts, rules: RoleRules, ladder: Sequence[Role], role: Role | None, at: datetime
) -> tuple[str, ...]:
    """The smallest single changes that would alter the role, as sentences."""
    found = []
    for grant in facts.grants:
        left = RoleFacts([each for each in facts.grants if each is not grant], facts.attribute, facts.override)
        found.append((f"leaving “{grant.group}”", effective(left, rules, at)))
    if _counted(facts.override, rules, at) is not None:
        found.append(("clearing the override", effective(RoleFacts(facts.grants, facts.attribute), rules, at)))
    higher = next((each for each in sorted(ladder, key=_rank) if role is None or each.rank > role.rank), None)
    if higher is not None and rules.override_mode is OverrideMode.RAISE_ONLY:
        raising = "raising the override" if facts.override else "an override"
        found.append((f"{raising} to {higher.name}", higher))
    return tuple(f"{what} → {after.name if after else 'no role'}" for what, after in found if after != role)
