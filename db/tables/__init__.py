"""Tables hold columns and constraints only; composite keys, foreign keys and indexes stand in the migrations."""

from .accounts import Account
from .directories import Directory, DirectoryCount, DirectoryKey
from .groups import DirectoryGroup, GroupMember, ParkedMember
from .log import Change, Request
from .members import Member
from .organizations import Extension, Organization
from .users import DepartedUser, DirectoryUser

TABLES = (
    Organization,
    Extension,
    Account,
    Member,
    Directory,
    DirectoryKey,
    DirectoryCount,
    DirectoryUser,
    DepartedUser,
    DirectoryGroup,
    GroupMember,
    ParkedMember,
    Request,
    Change,
)
"""Parents before children."""

__all__ = [
    "TABLES",
    "Account",
    "Change",
    "DepartedUser",
    "Directory",
    "DirectoryCount",
    "DirectoryGroup",
    "DirectoryKey",
    "DirectoryUser",
    "Extension",
    "GroupMember",
    "Member",
    "Organization",
    "ParkedMember",
    "Request",
]
