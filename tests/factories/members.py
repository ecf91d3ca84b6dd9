"""Members."""

from __future__ import annotations

from factory import LazyAttribute, LazyFunction, SubFactory

from api.scim.language.folding import fold_text
from db.enums import MemberStatus
from db.ids import new_id
from db.tables import Member

from .accounts import AccountFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class MemberFactory(RowFactory[Member]):
    """An active member, with the account's address."""

    class Meta:
        model = Member

    organization = SubFactory(OrganizationFactory)
    account = SubFactory(AccountFactory)
    id = LazyFunction(new_id)
    status = MemberStatus.ACTIVE
    email = LazyAttribute(lambda made: getattr(made.account, "email", None))
    email_key = LazyAttribute(lambda made: made.email and fold_text(made.email))
