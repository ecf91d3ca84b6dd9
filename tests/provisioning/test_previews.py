"""Previews in words, and tokens that tell what was seen."""

from __future__ import annotations

import base64
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning import preview_tokens
from api.provisioning.errors import BadSetting, FactsMoved
from api.provisioning.explanation import Source, because, decide
from api.provisioning.ladder import SetDefault
from api.provisioning.mappings import MapGroups
from api.provisioning.moves import Move, Standing
from api.provisioning.overrides import OverrideRoles
from api.provisioning.previews import Preview, in_order, standing_in_words, summary
from api.provisioning.roles import Grant, Role, RoleFacts, RoleRules
from db.ids import OrganizationId

from .test_roles import ADMIN, ANY_RULES, FACTS, KB, MANAGER, NOW, VIEWER

ACME, OTHER = OrganizationId(uuid.UUID(int=900)), OrganizationId(uuid.UUID(int=901))
AT = datetime(2026, 5, 3, 12, tzinfo=UTC)
VIEWERS = SetDefault("viewer")


def move(count: int, before: Role | None, after: Role | None, *, first: int = 0, **ends: str) -> Move:
    """So many members whose role changes; `ends` are the status before and after, ACTIVE unless said."""
    members = tuple(uuid.UUID(int=1000 + first + number) for number in range(count))
    was, becomes = ends.get("was", "ACTIVE"), ends.get("becomes", "ACTIVE")
    return Move(members, Standing(before, was), Standing(after, becomes), ends.get("because", "so"))


def previewed(*moves: Move, headline: str = "Mapping *Contractors → Viewer*") -> Preview:
    return Preview(headline, (), in_order(moves, ADMIN), ADMIN, (), (), "token", AT)


def test_the_summary_counts_people_by_direction_and_those_who_rise_to_the_top() -> None:
    """DASHBOARD §4."""
    moves = move(9, MANAGER, VIEWER), move(2, KB, VIEWER), move(1, MANAGER, ADMIN)
    assert summary(previewed(*moves)) == (
        "Mapping *Contractors → Viewer* changes 12 people: 9 lower, 3 higher (1 to Admin)"
    )


SUMMARIES = [
    ([], "X changes nobody."),
    ([move(1, VIEWER, None, becomes="SUSPENDED")], "X changes 1 person: 1 lower, 1 suspended"),
    ([move(2, VIEWER, VIEWER, was="SUSPENDED")], "X changes 2 people: 2 active again"),
    ([move(1, None, KB)], "X changes 1 person: 1 higher"),
    (
        [
            Move((uuid.UUID(int=1),), Standing(VIEWER, "ACTIVE", "full"), Standing(VIEWER, "DEPROVISIONED"), "left"),
            Move((uuid.UUID(int=2),), Standing(VIEWER, "ACTIVE", "full"), Standing(VIEWER, "ACTIVE", "lite"), "so"),
        ],
        "X changes 2 people: 1 deprovisioned, 2 with another seat",
    ),
    ([replace(move(1, KB, KB), before=Standing(KB, "ACTIVE", hold="SUSPENSION_REJECTED"))], "X changes nobody."),
]


@pytest.mark.parametrize(("moves", "text"), SUMMARIES)
def test_the_summary_tells_whatever_changes(moves: list[Move], text: str) -> None:
    assert summary(previewed(*moves, headline="X")) == text


def test_moves_to_look_at_come_first_and_alike_ones_are_one() -> None:
    falls, rises = move(1, MANAGER, VIEWER), move(1, KB, MANAGER, first=1)
    again, top = move(1, MANAGER, VIEWER, first=2), move(1, MANAGER, ADMIN, first=3)
    out = move(1, VIEWER, VIEWER, becomes="SUSPENDED", first=4)
    other = move(1, MANAGER, VIEWER, because="another cause", first=5)
    ordered = in_order([falls, rises, again, top, out, other], ADMIN)
    assert [each.after.role for each in ordered[:3]] == [ADMIN, VIEWER, MANAGER]
    assert [len(each.members) for each in ordered] == [1, 1, 1, 2, 1]


def test_a_standing_is_told_as_far_as_it_differs() -> None:
    before, after = Standing(VIEWER, "ACTIVE", "full"), Standing(None, "WAITING_FOR_SEAT", None)
    assert standing_in_words(before, replace(after, status="ACTIVE", seat="full")) == "Viewer"
    assert standing_in_words(before, after) == "Viewer, active, full seat"
    assert standing_in_words(after, before) == "no role, waiting for seat, no seat"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], "a group → Viewer"),
        (["A"], "group “A” → Viewer"),
        (["A", "B"], "group “A” or “B” → Viewer"),
        (["A", "B", "C", "D"], "one of 4 groups → Viewer"),
    ],
)
def test_the_cause_names_the_groups_that_it_may_be(names: Sequence[str], text: str) -> None:
    facts = RoleFacts([Grant("", KB), Grant("", VIEWER)])
    assert because(facts, RoleRules(KB), "Acme", {VIEWER.id: names}, NOW) == text


@given(facts=FACTS, rules=ANY_RULES)
def test_the_cause_is_what_the_explanation_says(facts: RoleFacts, rules: RoleRules) -> None:
    outcome = decide(facts, rules, (), "Acme", NOW)
    winner = next((step for step in outcome.steps if step.wins), None)
    said = because(facts, rules, "Acme", {}, NOW)
    if outcome.is_suspended:
        assert said == outcome.left_out
    elif winner is None:
        assert said == "nothing gives a role"
    elif winner.source is Source.GROUP and winner.role:
        assert said == f"a group → {winner.role.name}"
    elif winner.source is Source.OVERRIDE and winner.role:
        assert said == f"override to {winner.role.name}"
    else:
        assert said.lower() == winner.label.lower()


SEEN = [move(9, MANAGER, VIEWER), move(3, KB, VIEWER, first=9)]


def test_what_was_seen_is_recognised_in_any_order_and_for_any_cause() -> None:
    split = [move(4, MANAGER, VIEWER, because="x"), move(5, MANAGER, VIEWER, first=4), SEEN[1]]
    arranged = SEEN, SEEN[::-1], split, [replace(each, members=each.members[::-1]) for each in SEEN]
    for seen, moves in itertools.product(arranged, repeat=2):
        token = preview_tokens.make(ACME, VIEWERS, seen, AT)
        preview_tokens.read(token, ACME, VIEWERS, AT + timedelta(minutes=9)).must_be(moves)


OTHERWISE = [
    ([*SEEN, move(2, KB, VIEWER, first=20)], "2 more people would change than you saw"),
    ([*SEEN, move(1, KB, VIEWER, first=20)], "1 more person would change than you saw"),
    (SEEN[1:], "9 fewer people would change than you saw"),
    ([], "12 fewer people would change"),
    ([move(9, MANAGER, KB), SEEN[1]], "Not the same people would change as you saw, or not in the same way"),
    ([move(9, MANAGER, VIEWER, first=20), SEEN[1]], "Not the same people"),
    ([move(9, MANAGER, VIEWER, becomes="SUSPENDED"), SEEN[1]], "Not the same people"),
    ([replace(SEEN[0], after=Standing(VIEWER, "ACTIVE", "lite")), SEEN[1]], "Not the same people"),
]


@pytest.mark.parametrize(("moves", "text"), OTHERWISE)
def test_what_was_not_seen_is_told_with_the_difference(moves: list[Move], text: str) -> None:
    seen = preview_tokens.read(preview_tokens.make(ACME, VIEWERS, SEEN, AT), ACME, VIEWERS, AT)
    with pytest.raises(FactsMoved, match=f"^{text}.*Look again.$"):
        seen.must_be(moves)


def test_what_is_replaced_has_to_be_what_was_seen() -> None:
    token = preview_tokens.make(ACME, VIEWERS, SEEN, AT, [("default_role_changed", [MEMBER], {"key": "viewer"})])
    seen = preview_tokens.read(token, ACME, VIEWERS, AT)
    seen.must_be(SEEN, [("default_role_changed", [MEMBER], {"key": "viewer"})])
    with pytest.raises(FactsMoved, match="Somebody changed meanwhile"):
        seen.must_be(SEEN, [("default_role_changed", [MEMBER], {"key": "admin"})])
    with pytest.raises(FactsMoved, match="2 more people"):
        seen.must_be([*SEEN, move(2, KB, VIEWER, first=20)], [])


def test_a_token_is_good_for_ten_minutes_and_nobody_can_prolong_it() -> None:
    token = preview_tokens.make(ACME, VIEWERS, SEEN, AT)
    late = AT + preview_tokens.LIFETIME
    preview_tokens.read(token, ACME, VIEWERS, late - timedelta(milliseconds=1))
    with pytest.raises(BadSetting, match="older than ten minutes"):
        preview_tokens.read(token, ACME, VIEWERS, late)
    packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    prolonged = base64.urlsafe_b64encode((int.from_bytes(packed[:8]) + 10**6).to_bytes(8) + packed[8:]).decode()
    with pytest.raises(BadSetting, match="another act"):
        preview_tokens.read(prolonged, ACME, VIEWERS, late)


GROUP, MEMBER = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.mark.parametrize(
    ("organization", "intent"),
    [
        (OTHER, VIEWERS),
        (ACME, SetDefault("admin")),
        (ACME, MapGroups({GROUP: "viewer"})),
        (ACME, OverrideRoles((MEMBER,), "viewer", "so", "somebody", AT)),
    ],
)
def test_a_token_is_good_for_one_act_in_one_organization(organization: OrganizationId, intent: object) -> None:
    token = preview_tokens.make(ACME, VIEWERS, SEEN, AT)
    with pytest.raises(BadSetting, match="another act"):
        preview_tokens.read(token, organization, intent, AT)
    own = preview_tokens.make(organization, intent, SEEN, AT)
    preview_tokens.read(own, organization, intent, AT).must_be(SEEN)


@given(st.text(max_size=80))
def test_anything_else_is_no_token(text: str) -> None:
    with pytest.raises(BadSetting):
        preview_tokens.read(text, ACME, VIEWERS, AT)
