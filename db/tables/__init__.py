"""Tables hold columns and constraints only; composite keys, foreign keys and indexes stand in the migrations."""

from .accounts import Account
from .audit import AuditSeal
from .billing import BilledQuantity, BillingAccount, BillingSecret
from .directories import Directory, DirectoryCount, DirectoryKey
from .domains import Domain
from .groups import DirectoryGroup, GroupMember, ParkedMember
from .jobs import Job, JobRow
from .log import Change, Request
from .members import Invitation, Member
from .organizations import Extension, Organization
from .pulls import Pull, PullItem
from .removals import LinkRequest, Removal, RemovalCount, RemovalWindow
from .roles import Role, RoleOverride
from .seats import BillingTerms, SeatAlert, SeatCount, SeatEntry, SeatPool, SeatPurchase, SeatSnapshot
from .tokens import ApiBudget, ApiToken, IdempotencyKey
from .users import DepartedUser, DirectoryUser
from .webhooks import Outbox, WebhookEndpoint

TABLES = (
    Organization,
    Extension,
    Domain,
    Role,
    Account,
    Member,
    Invitation,
    RoleOverride,
    SeatPool,
    SeatCount,
    BillingTerms,
    SeatEntry,
    SeatPurchase,
    SeatSnapshot,
    SeatAlert,
    BillingAccount,
    BilledQuantity,
    BillingSecret,
    Directory,
    DirectoryKey,
    DirectoryCount,
    DirectoryUser,
    DepartedUser,
    DirectoryGroup,
    GroupMember,
    ParkedMember,
    Removal,
    RemovalCount,
    RemovalWindow,
    LinkRequest,
    Job,
    JobRow,
    Request,
    Change,
    AuditSeal,
    ApiToken,
    ApiBudget,
    IdempotencyKey,
    WebhookEndpoint,
    Outbox,
    Pull,
    PullItem,
)
"""Parents before children."""

__all__ = [
    "TABLES",
    "Account",
    "ApiBudget",
    "ApiToken",
    "AuditSeal",
    "BilledQuantity",
    "BillingAccount",
    "BillingSecret",
    "BillingTerms",
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
    "IdempotencyKey",
    "Invitation",
    "Job",
    "JobRow",
    "LinkRequest",
    "Member",
    "Organization",
    "Outbox",
    "ParkedMember",
    "Pull",
    "PullItem",
    "Removal",
    "RemovalCount",
    "RemovalWindow",
    "Request",
    "Role",
    "RoleOverride",
    "SeatAlert",
    "SeatCount",
    "SeatEntry",
    "SeatPool",
    "SeatPurchase",
    "SeatSnapshot",
    "WebhookEndpoint",
]
