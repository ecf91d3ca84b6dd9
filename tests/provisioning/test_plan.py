"""What directories want of a member when they come, change and go."""

from __future__ import annotations

import uuid
from dataclasses import replace

from api.provisioning import lifecycle, plan
from api.provisioning.decisions import Decided
from api.provisioning.explanation import decide
from api.provisioning.lifecycle import Cause, Records
from api.provisioning.roles import Role, RoleFacts, RoleRules
from db.enums import MemberStatus

from .members import ANN, AT, MEMBER, known, locked, member


def test_a_person_nobody_knew_becomes_a_new_member() -> None:
    viewer = Role(uuid.uuid4(), "viewer", "Viewer", 2)
    roles = decide(RoleFacts(), RoleRules(viewer), [viewer], "Acme", AT)
    planned = plan.first_arrival(MEMBER, ANN, roles, AT, lets_in=True)
    assert (planned.wanted.id, planned.wanted.seat_type, planned.records) == (MEMBER, "lite", Records(1, 1))
    assert planned.decisions[0].code is Decided.CREATED


def test_somebody_who_was_deprovisioned_is_revived_as_the_same_member() -> None:
    gone = member(status=MemberStatus.DEPROVISIONED, seat=None)
    planned = plan.arrival(known(gone), "externalId", ANN, with_profile=True, lets_in=True)
    assert (planned.wanted.id, lifecycle.standing(planned.wanted, planned.records)) == (MEMBER, MemberStatus.ACTIVE)
    assert [each.code for each in planned.decisions][:2] == [Decided.MATCHED, Decided.REVIVED]


def test_somebody_whom_another_directory_has_is_linked_and_keeps_the_access_that_it_gives() -> None:
    there = known(member(), records=1, letting_in=1)
    planned = plan.arrival(there, "emails", replace(ANN, active=False), with_profile=True, lets_in=False)
    assert planned.decisions[1].code is Decided.LINKED
    assert lifecycle.standing(planned.wanted, planned.records) is MemberStatus.ACTIVE


def test_a_directory_takes_over_whom_it_links() -> None:
    """R015: by whom somebody came first stays known."""
    there = known(member(source="JIT", managed_by=lifecycle.LOCAL))
    planned = plan.arrival(there, "emails", ANN, with_profile=True, lets_in=True)
    assert (planned.wanted.source, planned.wanted.managed_by) == ("JIT", lifecycle.DIRECTORY)


def test_without_the_profile_name_address_and_seat_type_stay() -> None:
    wanted = replace(ANN, email="other@example.com", full_name="Other", seat_type="full")
    planned = plan.update(locked(member()), wanted, with_profile=False, lets_in=True)
    assert planned.wanted == member()


def test_who_was_locked_out_by_hand_stays_so_until_a_directory_lets_them_in_again() -> None:
    out = member(status=MemberStatus.DEACTIVATED, locked_out_at=AT, seat=None)
    same = plan.update(locked(out), replace(ANN, full_name="Annie"), with_profile=True, lets_in=True)
    assert lifecycle.standing(same.wanted, same.records) is MemberStatus.DEACTIVATED
    again = plan.update(locked(out, lets_in=False), ANN, with_profile=True, lets_in=True)
    assert (lifecycle.standing(again.wanted, again.records), again.cause) == (MemberStatus.ACTIVE, Cause.ACTIVATED)


def test_a_departure_leaves_what_other_directories_say() -> None:
    for others, others_in, status in (
        (0, 0, MemberStatus.DEPROVISIONED),
        (1, 0, MemberStatus.DEACTIVATED),
        (1, 1, MemberStatus.ACTIVE),
    ):
        planned = plan.departure(locked(member(), others=others, others_in=others_in))
        assert lifecycle.standing(planned.wanted, planned.records) is status
