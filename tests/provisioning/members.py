"""Members and directory users for tests of pure rules."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from api.provisioning import lifecycle
from api.provisioning.fields import UserFields
from db.enums import MemberSource, MemberStatus
from db.rows import KnownMember, LockedUser, MemberRow, UserRow

AT = datetime(2026, 1, 31, tzinfo=UTC)
MEMBER, ACCOUNT = uuid.uuid4(), uuid.uuid4()
ANN = UserFields(
    "ann", "ann", None, "ann@example.com", "ann@example.com", True, "Ann", "Ann Lee", "lite", (), "{}", "{}"
)


def member(**differences: Any) -> MemberRow:
    """Ann, active with a lite seat, by a directory."""
    made = lifecycle.newcomer(
        MEMBER,
        source=MemberSource.SCIM,
        managed_by=lifecycle.DIRECTORY,
        email=ANN.email,
        email_key=ANN.email_key,
        display_name=ANN.full_name,
        seat_type=ANN.seat_type,
        at=AT,
        status=differences.pop("status", MemberStatus.ACTIVE),
    )
    return replace(made, **{"seat": "lite"} | differences)


def known(there: MemberRow, *, records: int = 0, letting_in: int = 0) -> KnownMember:
    """A member as they are found when a directory brings them."""
    return KnownMember(there, None, ACCOUNT, records, letting_in)


def locked(there: MemberRow, *, lets_in: bool = True, others: int = 0, others_in: int = 0) -> LockedUser:
    """Ann's directory user with its member, and that many users in other directories."""
    user = UserRow(
        id=uuid.uuid4(),
        member_id=there.id,
        user_name=ANN.user_name,
        user_name_key=ANN.user_name_key,
        external_id=None,
        email=ANN.email,
        email_key=ANN.email_key,
        active=lets_in,
        lets_in=lets_in,
        display_name=ANN.display_name,
        seat_type=ANN.seat_type,
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
        member=there,
        role_id=None,
        policies="{}",
        account_id=ACCOUNT,
        account_members=1,
        others=others,
        others_in=others_in,
        is_urgent=False,
        groups_let_in=False,
    )
