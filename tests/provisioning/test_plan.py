"""What becomes of a member when directories come and go."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.provisioning import plan
from api.provisioning.decisions import Decided
from api.provisioning.explanation import decide
from api.provisioning.fields import UserFields
from api.provisioning.roles import Role, RoleFacts, RoleRules
from db.enums import MemberStatus
from db.rows import KnownMember, LockedUser, UserRow

AT = datetime(2026, 1, 31, tzinfo=UTC)
MEMBER, ACCOUNT = uuid.uuid4(), uuid.uuid4()
ANN = UserFields(
    "ann", "ann", None, "ann@example.com", "ann@example.com", True, "Ann", "Ann Lee", "lite", (), "{}", "{}"
)
KNOWN = KnownMember(MEMBER, MemberStatus.DEPROVISIONED, ANN.email, ANN.email_key, "Ann", None, ACCOUNT, 0, 0)


def locked(fields: UserFields = ANN, *, others: int = 0, others_active: int = 0) -> LockedUser:
    """Ann as she is stored, with that many users in other directories."""
    user = UserRow(
        id=uuid.uuid4(),
        member_id=MEMBER,
        user_name=fields.user_name,
        user_name_key=fields.user_name_key,
        external_id=None,
        email=fields.email,
        email_key=fields.email_key,
        active=fields.active,
        display_name=fields.display_name,
        seat_type=fields.seat_type,
        role_keys=None,
        document="{}",
        search="{}",
        version=1,
        created_at=AT,
        updated_at=AT,
    )
    return LockedUser(
        user=user,
        groups=None,
        member_status=plan.status_of(active=others_active + fields.active, known=others + 1),
        member_email=fields.email,
        member_email_key=fields.email_key,
        member_display_name=fields.full_name,
        member_seat_type=fields.seat_type,
        member_is_admin=False,
        policies="{}",
        account_id=ACCOUNT,
        account_members=1,
        others=others,
        others_active=others_active,
        groups_let_in=False,
    )


@pytest.mark.parametrize(
    ("active", "known", "status"),
    [
        (1, 1, MemberStatus.ACTIVE),
        (1, 2, MemberStatus.ACTIVE),
        (0, 1, MemberStatus.DEACTIVATED),
        (0, 0, MemberStatus.DEPROVISIONED),
    ],
)
def test_a_member_is_as_active_as_the_directories_say(active: int, known: int, status: MemberStatus) -> None:
    assert plan.status_of(active=active, known=known) is status


def test_a_person_nobody_knew_becomes_a_new_member() -> None:
    viewer = Role(uuid.uuid4(), "viewer", "Viewer", 2)
    planned = plan.first_arrival(MEMBER, ANN, decide(RoleFacts(), RoleRules(viewer), [viewer], "Acme", AT))
    assert planned.row is not None
    assert (planned.row.id, planned.row.status, planned.row.seat_type) == (MEMBER, MemberStatus.ACTIVE, "lite")
    assert planned.decisions[0].code is Decided.CREATED


def test_somebody_who_was_deprovisioned_is_revived_as_the_same_member() -> None:
    planned = plan.arrival(KNOWN, "externalId", ANN, with_profile=True)
    assert planned.row is not None
    assert (planned.row.id, planned.row.status) == (MEMBER, MemberStatus.ACTIVE)
    assert [each.code for each in planned.decisions][:2] == [Decided.MATCHED, Decided.REVIVED]


def test_somebody_whom_another_directory_has_is_linked() -> None:
    there = replace(KNOWN, status=MemberStatus.ACTIVE, others=1, others_active=1)
    assert plan.arrival(there, "emails", ANN, with_profile=True).decisions[1].code is Decided.LINKED


def test_arriving_inactive_does_not_take_access_away_that_another_directory_gives() -> None:
    there = replace(KNOWN, status=MemberStatus.ACTIVE, others=1, others_active=1)
    planned = plan.arrival(there, "emails", replace(ANN, active=False), with_profile=True)
    assert planned.row is not None
    assert planned.row.status is MemberStatus.ACTIVE


def test_nothing_is_planned_for_a_member_when_nothing_of_theirs_changes() -> None:
    assert plan.update(locked(), replace(ANN, display_name="Annie"), with_profile=True).row is None


def test_a_deactivation_says_so() -> None:
    planned = plan.update(locked(), replace(ANN, active=False), with_profile=True)
    assert planned.row is not None
    assert planned.row.status is MemberStatus.DEACTIVATED
    assert [each.code for each in planned.decisions] == [Decided.STATUS]


@pytest.mark.parametrize(
    ("others", "others_active", "status"),
    [(0, 0, MemberStatus.DEPROVISIONED), (1, 0, MemberStatus.DEACTIVATED), (1, 1, MemberStatus.ACTIVE)],
)
def test_a_departure_leaves_what_other_directories_say(others: int, others_active: int, status: MemberStatus) -> None:
    planned = plan.departure(locked(others=others, others_active=others_active))
    assert planned.row is not None
    assert (planned.row.status, planned.row.email) == (status, "ann@example.com")
