"""Members and invitations."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from factory import LazyAttribute, LazyFunction, SubFactory

from api.scim.language.folding import fold_text
from db.enums import MemberStatus, SeatType
from db.ids import new_id
from db.tables import Invitation, Member

from .accounts import AccountFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class MemberFactory(RowFactory[Member]):
    """An active member with a full seat and the account's address."""

    class Meta:
        model = Member

    organization = SubFactory(OrganizationFactory)
    account = SubFactory(AccountFactory)
    id = LazyFunction(new_id)
    status = MemberStatus.ACTIVE
    seat = SeatType.FULL
    email = LazyAttribute(lambda made: getattr(made.account, "email", None))
    email_key = LazyAttribute(lambda made: made.email and fold_text(made.email))


class InvitationFactory(RowFactory[Invitation]):
    """An invitation that nobody has accepted."""

    class Meta:
        model = Invitation

    member = SubFactory(MemberFactory, status=MemberStatus.INVITED, source="INVITATION")
    organization = LazyAttribute(lambda made: made.member.organization_id)
    token_hash = LazyFunction(lambda: os.urandom(32))
    invited_by = "dana@example.com"
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(days=7))
