"""Tables hold columns and constraints only; composite keys, foreign keys and indexes stand in the migrations."""

from .accounts import Account, BreakGlass, PasswordToken, Rate, Session, SignInCode
from .audit import AuditSeal
from .directories import Directory, DirectoryCount, DirectoryKey
from .domains import Domain
from .groups import DirectoryGroup, GroupMember, ParkedMember
from .jobs import Job, JobRow
from .log import Change, Request
from .mails import Contact, MailMessage
from .members import Invitation, Member
from .oauth import OauthAssertion, OauthClient, OauthSecret, OauthToken
from .organizations import Extension, Organization
from .pulls import Pull, PullItem
from .removals import LinkRequest, Removal, RemovalCount, RemovalWindow
from .roles import Role, RoleOverride
from .seats import BillingTerms, SeatAlert, SeatCount, SeatEntry, SeatPool, SeatPurchase, SeatSnapshot
from .sign_ins import SignInReport
from .tokens import ApiBudget, ApiToken, IdempotencyKey
from .users import DepartedUser, DirectoryUser
from .webhooks import (
    AccessRevocation,
    Outbox,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
    WebhookSecret,
)

TABLES = (
    Organization,
    Extension,
    Domain,
    Role,
    Account,
    Session,
    SignInCode,
    PasswordToken,
    Rate,
    Member,
    BreakGlass,
    Invitation,
    RoleOverride,
    SeatPool,
    SeatCount,
    BillingTerms,
    SeatEntry,
    SeatPurchase,
    SeatSnapshot,
    SeatAlert,
    Directory,
    DirectoryKey,
    DirectoryCount,
    OauthClient,
    OauthSecret,
    OauthToken,
    OauthAssertion,
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
    SignInReport,
    AuditSeal,
    ApiToken,
    ApiBudget,
    IdempotencyKey,
    WebhookEndpoint,
    WebhookSecret,
    WebhookMessage,
    WebhookDelivery,
    WebhookAttempt,
    AccessRevocation,
    Outbox,
    Pull,
    PullItem,
    Contact,
    MailMessage,
)
"""Parents before children."""

__all__ = [
    "TABLES",
    "AccessRevocation",
    "Account",
    "ApiBudget",
    "ApiToken",
    "AuditSeal",
    "BillingTerms",
    "BreakGlass",
    "Change",
    "Contact",
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
    "MailMessage",
    "Member",
    "OauthAssertion",
    "OauthClient",
    "OauthSecret",
    "OauthToken",
    "Organization",
    "Outbox",
    "ParkedMember",
    "PasswordToken",
    "Pull",
    "PullItem",
    "Rate",
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
    "Session",
    "SignInCode",
    "SignInReport",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookSecret",
]
