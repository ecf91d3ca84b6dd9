"""A member's role is the highest of its sources, and the explanation says which."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning.explanation import RoleOutcome, Source, as_text, decide, note_on_override
from api.provisioning.policy_values import OnNoMappedGroup, OverrideMode
from api.provisioning.roles import Grant, Lock, Override, Role, RoleFacts, RoleRules

KB, VIEWER, MANAGER, ADMIN = LADDER = [
    Role(uuid.UUID(int=rank), name.lower().replace(" ", "-"), name, rank, is_admin=name == "Admin")
    for rank, name in enumerate(("Knowledge Base Viewer", "Viewer", "Account Manager", "Admin"), start=1)
]
NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
RULES = RoleRules(VIEWER)


def override(role: Role, *, expires_at: datetime | None = None) -> Override:
    return Override(role, "dana@acme.example.com", NOW, "pilot", expires_at)


def decided(facts: RoleFacts, rules: RoleRules = RULES) -> RoleOutcome:
    return decide(facts, rules, LADDER, "Acme", NOW)


def role_of(facts: RoleFacts, rules: RoleRules = RULES) -> Role | None:
    return decided(facts, rules).role


def grants(*roles: Role) -> list[Grant]:
    return [Grant(f"Group {number}", role) for number, role in enumerate(roles)]


def test_sales_department_gives_viewer_and_the_selector_says_admin_so_the_person_is_admin() -> None:
    """SafeBase's first example (R117)."""
    assert role_of(RoleFacts([Grant("Sales Department", VIEWER)], override=override(ADMIN))) is ADMIN


def test_the_selector_says_viewer_and_a_group_gives_account_manager_so_the_person_is_account_manager() -> None:
    """SafeBase's second example (R118), with the words that tell why the selector does nothing."""
    outcome = decided(RoleFacts([Grant("Key accounts", MANAGER)], override=override(VIEWER)))
    assert outcome.role is MANAGER
    assert note_on_override(outcome) == (
        "This override has no effect today: group “Key accounts” → Account Manager gives more."
    )


def test_the_effective_role_is_the_highest_of_groups_and_override_for_every_combination() -> None:
    """R116, for all sets of two groups and an override."""
    for first, second, chosen in itertools.product([None, *LADDER], [None, *LADDER], [None, *LADDER]):
        mapped = [role for role in (first, second) if role]
        facts = RoleFacts(grants(*mapped), override=override(chosen) if chosen else None)
        expected = max([*(mapped or [VIEWER]), *([chosen] if chosen else [])], key=lambda role: role.rank)
        assert role_of(facts) is expected


def test_a_mapped_group_below_the_default_role_counts_and_the_default_does_not() -> None:
    """R119."""
    assert role_of(RoleFacts(grants(KB))) is KB


def test_people_in_no_mapped_group_get_the_default_role() -> None:
    """R112."""
    assert role_of(RoleFacts()) is VIEWER


def test_the_directory_s_attribute_is_a_source_like_a_group() -> None:
    """R122."""
    assert role_of(RoleFacts(grants(VIEWER), [MANAGER])) is MANAGER
    assert role_of(RoleFacts(attribute=[KB])) is KB


@pytest.mark.parametrize(
    ("on_none", "role", "is_suspended"),
    [
        (OnNoMappedGroup.DEFAULT_ROLE, VIEWER, False),
        (OnNoMappedGroup.NO_ROLE, None, False),
        (OnNoMappedGroup.SUSPEND, None, True),
    ],
)
def test_leaving_all_groups_does_what_the_organization_chose(
    on_none: OnNoMappedGroup, role: Role | None, is_suspended: bool
) -> None:
    """C7."""
    outcome = decided(RoleFacts(), RoleRules(VIEWER, on_none))
    assert (outcome.role, outcome.is_suspended) == (role, is_suspended)
    assert not decided(RoleFacts(grants(KB)), RoleRules(VIEWER, on_none)).is_suspended


OVERRIDES = [
    (OverrideMode.RAISE_ONLY, MANAGER, VIEWER, MANAGER, "no effect: lower than a group"),
    (OverrideMode.RAISE_ONLY, VIEWER, ADMIN, ADMIN, ""),
    (OverrideMode.RAISE_ONLY, VIEWER, VIEWER, VIEWER, "no effect: the same without it"),
    (OverrideMode.FORBIDDEN, VIEWER, ADMIN, VIEWER, "no effect: this organization does not allow overrides"),
    (OverrideMode.CAP, ADMIN, VIEWER, VIEWER, ""),
    (OverrideMode.CAP, VIEWER, ADMIN, VIEWER, "no effect: the role is not higher than this limit"),
]


@pytest.mark.parametrize(("mode", "group", "chosen", "expected", "remark"), OVERRIDES)
def test_an_override_does_what_its_mode_allows(
    mode: OverrideMode, group: Role, chosen: Role, expected: Role, remark: str
) -> None:
    """C8."""
    outcome = decided(RoleFacts(grants(group), override=override(chosen)), RoleRules(VIEWER, override_mode=mode))
    assert outcome.role is expected
    assert outcome.steps[-1].remark == remark


def test_an_expired_override_does_nothing_and_says_so() -> None:
    """R114."""
    outcome = decided(RoleFacts(grants(VIEWER), override=override(ADMIN, expires_at=NOW)))
    assert outcome.role is VIEWER
    assert outcome.steps[-1].remark == "no effect: it has expired"
    assert role_of(RoleFacts(override=override(ADMIN, expires_at=NOW + timedelta(seconds=1)))) is ADMIN


def test_the_explanation_reads_as_a_person_would_tell_it() -> None:
    facts = RoleFacts([Grant("Sales Department", VIEWER), Grant("Key accounts", MANAGER)], override=override(VIEWER))
    assert as_text(decided(facts)).splitlines() == [
        "Effective role: Account Manager",
        "  1  Default role of Acme ..................................... Viewer   (not used: a mapped group applies)",
        "  2  Group “Sales Department” → Viewer ........................ Viewer",
        "  3  Group “Key accounts” → Account Manager ................... Account Manager   ← highest",
        "  4  Override by dana@acme.example.com, 3 May 2026, “pilot” ... Viewer   (no effect: lower than a group)",
        "  Would change it: leaving “Key accounts” → Viewer · raising the override to Admin → Admin",
    ]


ROLES = st.sampled_from(LADDER)
OVERRIDES_OF_TODAY = st.builds(
    lambda chosen, lasts: override(chosen, expires_at=NOW + timedelta(lasts)), ROLES, st.sampled_from([-1, 1])
)
LOCKS = st.builds(Lock, st.none() | ROLES, st.just("Removal on hold: the role stays as it was"))
FACTS = st.builds(
    RoleFacts,
    st.lists(ROLES, max_size=4).map(lambda mapped: grants(*mapped)),
    st.lists(ROLES, max_size=2),
    st.none() | OVERRIDES_OF_TODAY,
    lacks_access=st.booleans(),
    is_kept=st.booleans(),
    lock=st.none() | LOCKS,
)
ANY_RULES = st.builds(
    RoleRules, st.none() | ROLES, st.sampled_from(list(OnNoMappedGroup)), st.sampled_from(list(OverrideMode))
)


@given(facts=FACTS, rules=ANY_RULES)
def test_a_role_is_one_of_its_sources_and_never_above_the_highest(facts: RoleFacts, rules: RoleRules) -> None:
    outcome = decided(facts, rules)
    offered = [step.role for step in outcome.steps if step.role]
    assert outcome.role is None or outcome.role.rank <= max(role.rank for role in offered)
    winners = [step for step in outcome.steps if step.wins]
    assert [step.role for step in winners] == ([outcome.role] if outcome.role or facts.lock else [])
    assert all(not step.remark for step in winners)


@given(facts=FACTS, rules=ANY_RULES)
def test_a_lock_wins_as_the_last_step_and_nothing_else_changes_the_role(facts: RoleFacts, rules: RoleRules) -> None:
    free, locked = replace(facts, lock=None), replace(facts, lock=Lock(MANAGER, "On hold"))
    outcome = decided(locked, rules)
    assert (outcome.role, outcome.steps[-1].source, outcome.steps[-1].wins) == (MANAGER, Source.LOCK, True)
    assert [step.role for step in outcome.steps[:-1]] == [step.role for step in decided(free, rules).steps]
    assert not outcome.is_suspended
    after = role_of(free, rules)
    expected = () if after == MANAGER else (f"the end of the hold → {after.name if after else 'no role'}",)
    assert outcome.would_change == expected


@given(facts=FACTS, rules=ANY_RULES)
def test_groups_suspend_only_whom_they_leave_out_and_nobody_keeps(facts: RoleFacts, rules: RoleRules) -> None:
    outcome = decided(facts, rules)
    in_no_mapped_group = rules.on_no_mapped_group is OnNoMappedGroup.SUSPEND and not (facts.grants or facts.attribute)
    assert (outcome.left_out is not None) == (facts.lacks_access or in_no_mapped_group)
    assert outcome.is_suspended == (outcome.left_out is not None and not facts.is_kept and facts.lock is None)
    assert outcome.role == role_of(replace(facts, lacks_access=False, is_kept=False), rules)


@given(facts=FACTS, rules=ANY_RULES)
def test_only_an_override_can_lower_a_role_and_only_as_a_cap(facts: RoleFacts, rules: RoleRules) -> None:
    without = role_of(replace(facts, override=None), rules)
    with_it = role_of(facts, rules)
    if facts.lock is None and rules.override_mode is not OverrideMode.CAP and without is not None:
        assert with_it is not None
        assert with_it.rank >= without.rank


@given(facts=FACTS, rules=ANY_RULES)
def test_what_would_change_the_role_does_change_it(facts: RoleFacts, rules: RoleRules) -> None:
    outcome = decided(facts, rules)
    name = outcome.role.name if outcome.role else "no role"
    assert all(not sentence.endswith(f"→ {name}") for sentence in outcome.would_change)
    assert outcome.steps[0].source is Source.DEFAULT
