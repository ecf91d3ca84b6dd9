"""Rows of db/tables/users.py."""

import factory
import msgspec

from api.scim.language.definitions import USER
from db.ids import new_id
from db.tables import DirectoryUser
from tests.factories.base import RowFactory
from tests.factories.directories import DirectoryFactory
from tests.factories.members import MemberFactory


class DirectoryUserFactory(RowFactory):
    """An active user with a member behind it."""

    class Meta:
        model = DirectoryUser

    id = factory.LazyFunction(new_id)
    user_name = factory.Sequence("user{}@example.com".format)
    user_name_key = factory.LazyAttribute(lambda made: made.user_name.lower())
    active = True
    document = factory.LazyAttribute(
        lambda made: msgspec.json.encode({"schemas": [USER.id], "userName": made.user_name}).decode()
    )
    search = factory.LazyAttribute(lambda made: msgspec.json.encode({"username": made.user_name_key}).decode())

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        if "directory_id" not in fields:
            directory = await DirectoryFactory.make()
            fields |= {"directory_id": directory.id, "organization_id": directory.organization_id}
        if "member_id" not in fields:
            fields["member_id"] = (await MemberFactory.make(organization_id=fields["organization_id"])).id
        return fields
