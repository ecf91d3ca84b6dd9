"""Directory groups, who is in them, and whom they wait for."""

from __future__ import annotations

import msgspec
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory

from api.scim.language.definitions import GROUP
from api.scim.language.folding import fold_text
from db.ids import new_id
from db.tables import DirectoryGroup, GroupMember, ParkedMember

from .directories import DirectoryFactory
from .rows import RowFactory
from .users import DirectoryUserFactory


def _document(made: DirectoryGroup) -> str:
    return msgspec.json.encode({"schemas": [GROUP.id], "displayName": made.display_name}).decode()


def _search(made: DirectoryGroup) -> str:
    return msgspec.json.encode({"displayname": made.display_name_key}).decode()


class DirectoryGroupFactory(RowFactory[DirectoryGroup]):
    """A group without members."""

    class Meta:
        model = DirectoryGroup

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    id = LazyFunction(new_id)
    display_name = Sequence("Group {}".format)
    display_name_key = LazyAttribute(lambda made: fold_text(made.display_name))
    unique_name = SelfAttribute("display_name_key")
    document = LazyAttribute(_document)
    search = LazyAttribute(_search)


class GroupMemberFactory(RowFactory[GroupMember]):
    """A user in a group of the same directory."""

    class Meta:
        model = GroupMember

    group = SubFactory(DirectoryGroupFactory)
    organization = LazyAttribute(lambda made: made.group.organization_id)
    value = SubFactory(
        DirectoryUserFactory,
        organization=SelfAttribute("..organization"),
        directory=SelfAttribute("..group.directory_id"),
    )
    type = "User"


class ParkedMemberFactory(RowFactory[ParkedMember]):
    """Somebody whom a group waits for."""

    class Meta:
        model = ParkedMember

    group = SubFactory(DirectoryGroupFactory)
    organization = LazyAttribute(lambda made: made.group.organization_id)
    directory = LazyAttribute(lambda made: made.group.directory_id)
    value = Sequence("nobody{}".format)
