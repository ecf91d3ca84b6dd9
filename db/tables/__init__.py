"""Tables hold columns and constraints only; composite keys, foreign keys and indexes stand in the migrations."""

from .accounts import Account
from .directories import Directory, DirectoryCount, DirectoryKey
from .domains import Domain
from .groups import DirectoryGroup, GroupMember, ParkedMember
from .log import Change, Request
from .members import Member
from .organizations import Extension, Organization
from .roles import Role, RoleOverride
from .users import DepartedUser, DirectoryUser

TABLES = (
    Organization,
    Extension,
    Domain,
    Role,
    Account,
    Member,
    RoleOverride,
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
    "Domain",
    "Extension",
    "GroupMember",
    "Member",
    "Organization",
    "ParkedMember",
    "Request",
    "Role",
    "RoleOverride",
]
