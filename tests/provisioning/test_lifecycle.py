"""The table of transitions, and what status the facts give."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.provisioning import lifecycle
from api.provisioning.errors import ImpossibleTransition
from api.provisioning.lifecycle import CAN_USE, HOLDS_SEAT, TRANSITIONS, Cause, Records
from db.enums import Hold, MemberStatus

from .members import AT, member

S = MemberStatus
RECORDS = st.integers(0, 3).flatmap(lambda known: st.builds(Records, st.just(known), st.integers(0, known)))


@pytest.mark.parametrize(
    ("differences", "records", "status"),
    [
        ({}, Records(1, 1), S.ACTIVE),
        ({}, Records(2, 1), S.ACTIVE),
        ({}, Records(1, 0), S.DEACTIVATED),
        ({}, Records(0, 0), S.DEPROVISIONED),
        ({"managed_by": lifecycle.LOCAL}, Records(0, 0), S.ACTIVE),
        ({"managed_by": lifecycle.LOCAL, "locked_out_at": AT}, Records(0, 0), S.DEACTIVATED),
        ({"locked_out_at": AT}, Records(1, 1), S.DEACTIVATED),
        ({"hold": Hold.REMOVAL}, Records(0, 0), S.HELD),
        ({"hold": Hold.REMOVAL_REJECTED}, Records(0, 0), S.ACTIVE),
        ({"hold": Hold.REMOVAL_REJECTED, "locked_out_at": AT}, Records(1, 0), S.DEACTIVATED),
        ({"hold": Hold.SUSPENSION}, Records(1, 1), S.HELD),
        ({"hold": Hold.SUSPENSION}, Records(1, 0), S.HELD),
        ({"status": S.SUSPENDED}, Records(1, 1), S.SUSPENDED),
        ({"status": S.SUSPENDED}, Records(1, 0), S.DEACTIVATED),
        ({"status": S.INVITED, "managed_by": lifecycle.LOCAL}, Records(0, 0), S.INVITED),
        ({"status": S.INVITED}, Records(1, 1), S.ACTIVE),
        ({"status": S.ERASED}, Records(1, 1), S.ERASED),
    ],
)
def test_a_status_follows_from_the_facts(differences: dict[str, object], records: Records, status: S) -> None:
    assert lifecycle.standing(member(**differences), records) is status


def test_a_hold_ends_when_a_directory_lets_the_person_in_again() -> None:
    held = member(status=S.HELD, hold=Hold.REMOVAL)
    assert lifecycle.released(held, Records(1, 1)).hold is None
    assert lifecycle.released(held, Records(1, 0)).hold is Hold.REMOVAL


def test_the_table_knows_every_status_and_nobody_leaves_the_erased() -> None:
    assert set(TRANSITIONS) == {None, *S}
    assert not TRANSITIONS[S.ERASED]
    assert all(before not in after for before, after in TRANSITIONS.items())


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        (S.ERASED, S.ACTIVE, Cause.ARRIVED),
        (S.DEPROVISIONED, S.ACTIVE, Cause.SIGNED_IN),
        (S.DEACTIVATED, S.ACTIVE, Cause.SIGNED_IN),
        (S.ACTIVE, S.ERASED, Cause.GRACE_OVER),
        (None, S.HELD, Cause.ARRIVED),
    ],
)
def test_what_the_table_does_not_have_is_refused_by_name(before: S | None, after: S, cause: Cause) -> None:
    """C19 among them: signing in brings nobody back."""
    with pytest.raises(ImpossibleTransition, match=after.lower()):
        lifecycle.check(before, after, cause)


@given(st.sampled_from([S.ACTIVE, S.SUSPENDED, S.WAITING_FOR_SEAT]), RECORDS, RECORDS, st.booleans())
def test_every_change_by_a_directory_is_in_the_table(before: S, was: Records, now: Records, is_removal: bool) -> None:
    """Whatever directories say one after the other, no transition is missing."""
    start = lifecycle.standing(member(status=before if was.letting_in else S.DEACTIVATED), was)
    there = member(status=start)
    after = lifecycle.standing(there, now)
    came, left = now.known > was.known, now.known < was.known
    if start is S.DEPROVISIONED and after is S.DEPROVISIONED:
        return
    if now.letting_in > was.letting_in or came:
        cause = Cause.ARRIVED if came else Cause.ACTIVATED
    else:
        cause = Cause.REMOVED if left or is_removal else Cause.DEACTIVATED
    if (start is S.DEPROVISIONED and not came) or (after is S.DEPROVISIONED and cause is not Cause.REMOVED):
        return  # a directory user comes and goes by its own request
    lifecycle.check(start, after, cause)


def test_who_can_use_the_organization_holds_a_seat() -> None:
    assert CAN_USE < HOLDS_SEAT
    assert not HOLDS_SEAT & {S.DEACTIVATED, S.DEPROVISIONED, S.WAITING_FOR_SEAT, S.ERASED}


def test_released_leaves_everything_else_as_it_is() -> None:
    there = member(hold=Hold.REMOVAL_REJECTED, awaits_seat="full")
    assert replace(lifecycle.released(there, Records(1, 1)), hold=there.hold) == there
