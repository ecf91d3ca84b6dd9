"""Directories, their keys and counts."""

from __future__ import annotations

from factory import LazyAttribute, LazyFunction, Sequence, SubFactory

from api.provisioning.key_text import digest, new_key
from db.enums import Provider
from db.ids import new_id
from db.tables import Directory, DirectoryCount, DirectoryKey

from .organizations import OrganizationFactory
from .rows import RowFactory


class DirectoryFactory(RowFactory[Directory]):
    """A tolerant directory of a provider that nobody knows."""

    class Meta:
        model = Directory

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    name = Sequence("Directory {}".format)
    provider = Provider.GENERIC
    settings = "{}"


class DirectoryKeyFactory(RowFactory[DirectoryKey]):
    """A live key; give `text` to know it."""

    class Meta:
        model = DirectoryKey
        exclude = ("text",)

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    text = LazyFunction(new_key)
    hash = LazyAttribute(lambda made: digest(made.text))
    last_four = LazyAttribute(lambda made: made.text[-4:])


class DirectoryCountFactory(RowFactory[DirectoryCount]):
    """One slot of a directory's count of users."""

    class Meta:
        model = DirectoryCount

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    resource_type = "User"
    slot = 0
    total = 1
