"""Members of groups on paper: what steps in order come to."""

from __future__ import annotations

import uuid

import pytest

from api.provisioning.errors import NobodyThere
from api.provisioning.memberships import (
    Add,
    Clear,
    Expect,
    MembershipFacts,
    MembershipPlan,
    Remove,
    RemoveWhere,
    Step,
    plan,
)
from db.rows import Standing

ANN, BOB, TEAM = (uuid.uuid4() for _ in range(3))
EVERYBODY = {"ann": (ANN, "User"), "bob": (BOB, "User"), "team": (TEAM, "Group")}


def planned(
    *steps: Step, members: tuple[uuid.UUID, ...] = (), selected: frozenset[uuid.UUID] = frozenset()
) -> MembershipPlan:
    """The plan for a group that has these members; Ann, Bob and the team are known."""
    standing = {name: Standing(name, id, type, id in members) for name, (id, type) in EVERYBODY.items()}
    asked = {step: selected for step in steps if isinstance(step, RemoveWhere | Expect)}
    return plan(steps, MembershipFacts(standing, frozenset(members), asked))


def test_users_and_groups_join_as_what_they_are() -> None:
    found = planned(Add(["ann", "team"]))
    assert (found.users, found.groups) == ((ANN,), (TEAM,))


def test_a_member_who_is_there_already_does_not_join_again() -> None:
    assert not planned(Add(["ann"]), members=(ANN,)).changes_members


def test_somebody_who_is_no_member_does_not_leave() -> None:
    assert not planned(Remove(["ann"])).changes_members


def test_adding_and_then_removing_comes_to_nothing() -> None:
    assert not planned(Add(["ann"]), Remove(["ann"])).changes_members


def test_removing_and_then_adding_keeps_the_member() -> None:
    assert not planned(Remove(["ann"]), Add(["ann"]), members=(ANN,)).changes_members


def test_replacing_all_touches_only_those_who_differ() -> None:
    found = planned(Clear(), Add(["bob"]), members=(ANN, BOB))
    assert (found.users, found.removed) == ((), (ANN,))


def test_clearing_also_forgets_those_who_were_added_before_it() -> None:
    found = planned(Add(["ann", "nobody"]), Clear())
    assert (found.changes_members, found.parked, found.unpark_all) == (False, (), True)


def test_a_condition_removes_whom_it_selects() -> None:
    found = planned(RemoveWhere("true", ()), members=(ANN, BOB), selected=frozenset({ANN}))
    assert found.removed == (ANN,)


def test_a_condition_that_must_hold_fails_when_it_selects_nobody() -> None:
    with pytest.raises(NobodyThere):
        planned(Expect("true", ()))


def test_somebody_unknown_is_parked_and_can_be_taken_back() -> None:
    assert planned(Add(["nobody"])).parked == ("nobody",)
    assert planned(Add(["nobody"]), Remove(["nobody"])).parked == ()
    assert planned(Remove(["nobody"])).unparked == ("nobody",)


def test_the_explanation_counts_who_came_and_who_left() -> None:
    texts = [each.text for each in planned(Clear(), Add(["bob", "nobody"]), members=(ANN,)).decisions]
    assert texts == ["1 joined the group, 1 left it.", "1 not known yet; they join when they arrive: nobody"]
