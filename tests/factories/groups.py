"""Rows of db/tables/groups.py."""

import factory
import msgspec

from api.scim.language.definitions import GROUP
from db.ids import new_id
from db.tables import DirectoryGroup
from tests.factories.base import RowFactory
from tests.factories.directories import DirectoryFactory


class DirectoryGroupFactory(RowFactory):
    """A group without members."""

    class Meta:
        model = DirectoryGroup

    id = factory.LazyFunction(new_id)
    display_name = factory.Sequence("Group {}".format)
    display_name_key = factory.LazyAttribute(lambda made: made.display_name.lower())
    unique_name = factory.SelfAttribute("display_name_key")
    document = factory.LazyAttribute(
        lambda made: msgspec.json.encode({"schemas": [GROUP.id], "displayName": made.display_name}).decode()
    )
    search = factory.LazyAttribute(lambda made: msgspec.json.encode({"displayname": made.display_name_key}).decode())

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        if "directory_id" not in fields:
            directory = await DirectoryFactory.make()
            fields |= {"directory_id": directory.id, "organization_id": directory.organization_id}
        return fields
