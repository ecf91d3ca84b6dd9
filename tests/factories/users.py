"""Directory users and the traces of those who left."""

from __future__ import annotations

import msgspec
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory

from api.scim.language.definitions import USER
from api.scim.language.folding import fold_text
from db.ids import new_id
from db.tables import DepartedUser, DirectoryUser

from .directories import DirectoryFactory
from .members import MemberFactory
from .rows import RowFactory


def _document(made: DirectoryUser) -> str:
    return msgspec.json.encode({"schemas": [USER.id], "userName": made.user_name, "active": made.active}).decode()


def _search(made: DirectoryUser) -> str:
    return msgspec.json.encode({"username": made.user_name_key}).decode()


class DirectoryUserFactory(RowFactory[DirectoryUser]):
    """An active user, of a member of its own in the directory's organization."""

    class Meta:
        model = DirectoryUser

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    member = SubFactory(MemberFactory, organization=SelfAttribute("..organization"))
    id = LazyFunction(new_id)
    user_name = Sequence("User{}".format)
    user_name_key = LazyAttribute(lambda made: fold_text(made.user_name))
    active = True
    lets_in = SelfAttribute("active")
    document = LazyAttribute(_document)
    search = LazyAttribute(_search)


class DepartedUserFactory(RowFactory[DepartedUser]):
    """The trace of a user who was deleted."""

    class Meta:
        model = DepartedUser

    directory = SubFactory(DirectoryFactory)
    organization = LazyAttribute(lambda made: made.directory.organization_id)
    member = SubFactory(MemberFactory, organization=SelfAttribute("..organization"))
    id = LazyFunction(new_id)
    user_name_key = Sequence("departed{}".format)
