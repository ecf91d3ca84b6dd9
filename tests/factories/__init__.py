"""Rows for tests: `await UserFactory.make(directory=okta)` saves one, `UserFactory.build()` does not."""

from .accounts import AccountFactory
from .directories import DirectoryCountFactory, DirectoryFactory, DirectoryKeyFactory
from .domains import DomainFactory
from .groups import DirectoryGroupFactory, GroupMemberFactory, ParkedMemberFactory
from .log import ChangeFactory, RequestFactory
from .members import MemberFactory
from .organizations import ExtensionFactory, OrganizationFactory
from .roles import RoleFactory, RoleOverrideFactory
from .users import DepartedUserFactory, DirectoryUserFactory

__all__ = [
    "AccountFactory",
    "ChangeFactory",
    "DepartedUserFactory",
    "DirectoryCountFactory",
    "DirectoryFactory",
    "DirectoryGroupFactory",
    "DirectoryKeyFactory",
    "DirectoryUserFactory",
    "DomainFactory",
    "ExtensionFactory",
    "GroupMemberFactory",
    "MemberFactory",
    "OrganizationFactory",
    "ParkedMemberFactory",
    "RequestFactory",
    "RoleFactory",
    "RoleOverrideFactory",
]
