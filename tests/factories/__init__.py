"""Rows for tests: `await MemberFactory.make(…)` saves one with what it needs, `.build()` only makes it."""

from .directories import DirectoryFactory, DirectoryKeyFactory
from .groups import DirectoryGroupFactory
from .members import AccountFactory, MemberFactory
from .organizations import OrganizationFactory
from .users import DirectoryUserFactory

__all__ = [
    "AccountFactory",
    "DirectoryFactory",
    "DirectoryGroupFactory",
    "DirectoryKeyFactory",
    "DirectoryUserFactory",
    "MemberFactory",
    "OrganizationFactory",
]
