"""Why a member has their role: the steps that explain it are the steps that decided it. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .policy_values import OnNoMappedGroup, OverrideMode
from .roles import (
    LeftOut,
    Override,
    Role,
    RoleFacts,
    RoleRules,
    base,
    by_rank,
    counted,
    effective,
    is_expired,
    is_suspended,
    left_out,
)

_NAMED_GROUPS = 3


class Source(StrEnum):
    """Where a step of the explanation comes from."""

    DEFAULT = "DEFAULT"
    GROUP = "GROUP"
    ATTRIBUTE = "ATTRIBUTE"
    OVERRIDE = "OVERRIDE"
    LOCK = "LOCK"


@dataclass(frozen=True, slots=True)
class Step:
    """One source of a role: what it offers, whether it is what counted, and a remark if it is not plain why."""

    source: Source
    label: str
    role: Role | None
    wins: bool = False
    remark: str = ""
    group: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class RoleOutcome:
    """A member's role with the steps that led to it, and what would change it.

    `is_suspended` is true for whom groups do not let in, unless something keeps the member.
    """

    role: Role | None
    is_suspended: bool
    left_out: LeftOut | None
    steps: tuple[Step, ...]
    would_change: tuple[str, ...]


def decide(facts: RoleFacts, rules: RoleRules, ladder: Sequence[Role], organization: str, at: datetime) -> RoleOutcome:
    """The effective role of a member at a moment: the highest of its sources, see `RoleRules` for what is one.

    The default counts only for whoever has no mapped group and no role by attribute (R119). `organization` is its name,
    for the text.
    """
    plain, role = base(facts, rules), effective(facts, rules, at)
    return RoleOutcome(
        role,
        is_suspended(facts, rules),
        left_out(facts, rules),
        _steps(facts, rules, organization, role, plain, at),
        _would_change(facts, rules, ladder, role, at),
    )


def because(
    facts: RoleFacts, rules: RoleRules, organization: str, groups: Mapping[uuid.UUID, Sequence[str]], at: datetime
) -> str:
    """What alone decides about role and status, for members alike; `groups` are the names of those mapped to a role."""
    if is_suspended(facts, rules):
        return str(left_out(facts, rules))
    winner = next((step for step in decide(facts, rules, (), organization, at).steps if step.wins), None)
    if winner is None or winner.role is None:
        return "nothing gives a role" if winner is None else winner.label
    match winner.source:
        case Source.GROUP:
            return f"{_one_of(groups.get(winner.role.id, ()))} → {winner.role.name}"
        case Source.OVERRIDE:
            return f"override to {winner.role.name}"
    return f"{winner.label[0].lower()}{winner.label[1:]}"


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
        lines.append(f"  {number}  {f'{step.label} '.ljust(width, '.')} {offered}{_mark(step)}")
    if outcome.left_out:
        lines.append(f"  {'Locked out' if outcome.is_suspended else 'Kept all the same'}: {outcome.left_out}")
    if outcome.would_change:
        lines.append("  Would change it: " + " · ".join(outcome.would_change))
    return "\n".join(lines)


def _one_of(groups: Sequence[str]) -> str:
    if len(groups) > _NAMED_GROUPS:
        return f"one of {len(groups)} groups"
    return "group " + (" or ".join(f"“{name}”" for name in groups)) if groups else "a group"


def _mark(step: Step) -> str:
    if step.wins:
        return "   ← kept" if step.source is Source.LOCK else "   ← highest"
    return f"   ({step.remark})" if step.remark else ""


def _steps(
    facts: RoleFacts, rules: RoleRules, organization: str, role: Role | None, plain: Role | None, at: datetime
) -> tuple[Step, ...]:
    """The steps in the order in which they are weighed; the first that offers the role is the one that wins."""
    weighed = [
        _default(facts, rules, organization),
        *(
            Step(Source.GROUP, f"Group “{grant.group}” → {grant.role.name}", grant.role, group=grant.id)
            for grant in sorted(facts.grants, key=lambda each: (each.role.rank, each.group))
        ),
        *(
            Step(Source.ATTRIBUTE, f"The directory's attribute `roles`: {given.key}", given)
            for given in sorted(facts.attribute, key=by_rank)
        ),
    ]
    if facts.kept is not None and facts.kept.role is not None:
        weighed.append(Step(Source.LOCK, facts.kept.text, facts.kept.role))
    if facts.override is not None:
        remark = _remark_on(facts, facts.override, rules, plain, at)
        weighed.append(Step(Source.OVERRIDE, _label_of(facts.override), facts.override.role, remark=remark))
    winner = next((step for step in weighed if role and step.role == role and not step.remark), None)
    if facts.lock is not None:
        winner = Step(Source.LOCK, facts.lock.text, facts.lock.role)
        weighed.append(winner)
    return tuple(replace(step, wins=step is winner) for step in weighed)


def _default(facts: RoleFacts, rules: RoleRules, organization: str) -> Step:
    label, remark = f"Default role of {organization}", ""
    if facts.grants or facts.attribute:
        remark = "not used: a mapped group applies" if facts.grants else "not used: the directory names a role"
    elif facts.kept is not None and facts.kept.role is not None:
        remark = "not used: the role was kept"
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


def _remark_on(facts: RoleFacts, override: Override, rules: RoleRules, plain: Role | None, at: datetime) -> str:
    if facts.lock is not None:
        return "no effect: the role stays as it was"
    if rules.override_mode is OverrideMode.FORBIDDEN:
        return "no effect: this organization does not allow overrides"
    if is_expired(override, at):
        return "no effect: it has expired"
    if rules.override_mode is OverrideMode.CAP:
        is_below = plain is not None and override.role.rank < plain.rank
        return "" if is_below else "no effect: the role is not higher than this limit"
    if plain is None or override.role.rank > plain.rank:
        return ""
    if override.role == plain:
        return "no effect: the same without it"
    if facts.grants:
        return "no effect: lower than a group"
    return "no effect: lower than the role kept" if facts.kept else "no effect: lower than the default role"


def _would_change(
    facts: RoleFacts, rules: RoleRules, ladder: Sequence[Role], role: Role | None, at: datetime
) -> tuple[str, ...]:
    """The smallest single changes that would alter the role, as sentences."""
    found: list[tuple[str, Role | None]] = []
    if facts.lock is not None:
        found.append(("the end of the hold", effective(replace(facts, lock=None), rules, at)))
        return _told(found, role)
    for grant in facts.grants:
        left = replace(facts, grants=[each for each in facts.grants if each is not grant])
        found.append((f"leaving “{grant.group}”", effective(left, rules, at)))
    if counted(facts.override, rules, at) is not None:
        found.append(("clearing the override", effective(replace(facts, override=None), rules, at)))
    higher = next((each for each in sorted(ladder, key=by_rank) if role is None or each.rank > role.rank), None)
    if higher is not None and rules.override_mode is OverrideMode.RAISE_ONLY:
        raising = "raising the override" if facts.override else "an override"
        found.append((f"{raising} to {higher.name}", higher))
    return _told(found, role)


def _told(found: Sequence[tuple[str, Role | None]], role: Role | None) -> tuple[str, ...]:
    return tuple(f"{what} → {after.name if after else 'no role'}" for what, after in found if after != role)
