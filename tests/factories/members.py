"""Rows of db/tables/accounts.py and members.py."""

import factory

from db.enums import MemberStatus
from db.ids import new_id
from db.tables import Account, Member
from tests.factories.base import RowFactory
from tests.factories.organizations import OrganizationFactory


class AccountFactory(RowFactory):
    """An account with an address of its own."""

    class Meta:
        model = Account

    id = factory.LazyFunction(new_id)
    email = factory.Sequence("person{}@example.com".format)
    email_key = factory.SelfAttribute("email")


class MemberFactory(RowFactory):
    """An active member."""

    class Meta:
        model = Member

    id = factory.LazyFunction(new_id)
    status = MemberStatus.ACTIVE
    email = factory.Sequence("member{}@example.com".format)
    email_key = factory.SelfAttribute("email")

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        if "organization_id" not in fields:
            fields["organization_id"] = (await OrganizationFactory.make()).id
        if "account_id" not in fields:
            fields["account_id"] = (await AccountFactory.make()).id
        return fields
