"""Rows of db/tables/directories.py."""

import factory

from api.provisioning.key_text import digest, new_key
from db.enums import Provider
from db.ids import new_id
from db.tables import Directory, DirectoryKey
from tests.factories.base import RowFactory
from tests.factories.organizations import OrganizationFactory


class DirectoryFactory(RowFactory):
    """A tolerant directory of a generic provider."""

    class Meta:
        model = Directory

    id = factory.LazyFunction(new_id)
    name = factory.Sequence("Directory {}".format)
    provider = Provider.GENERIC
    settings = "{}"

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        if "organization_id" not in fields:
            fields["organization_id"] = (await OrganizationFactory.make()).id
        return fields


class DirectoryKeyFactory(RowFactory):
    """A live key; pass `key` to know its text."""

    class Meta:
        model = DirectoryKey

    class Params:
        key = factory.LazyFunction(new_key)

    id = factory.LazyFunction(new_id)
    hash = factory.LazyAttribute(lambda made: digest(made.key))
    last_four = factory.LazyAttribute(lambda made: made.key[-4:])

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        if "directory_id" not in fields:
            directory = await DirectoryFactory.make()
            fields |= {"directory_id": directory.id, "organization_id": directory.organization_id}
        return fields
