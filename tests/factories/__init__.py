"""Rows for tests: `await UserFactory.make(directory=okta)` saves one, `UserFactory.build()` does not."""

from .accounts import AccountFactory
from .audit import AuditSealFactory
from .billing import BilledQuantityFactory, BillingAccountFactory, BillingSecretFactory
from .directories import DirectoryCountFactory, DirectoryFactory, DirectoryKeyFactory
from .domains import DomainFactory
from .groups import DirectoryGroupFactory, GroupMemberFactory, ParkedMemberFactory
from .jobs import JobFactory, JobRowFactory
from .log import ChangeFactory, RequestFactory
from .mails import ContactFactory, MailMessageFactory
from .members import InvitationFactory, MemberFactory
from .oauth import OauthAssertionFactory, OauthClientFactory, OauthSecretFactory, OauthTokenFactory
from .organizations import ExtensionFactory, OrganizationFactory
from .portal import PortalLinkFactory
from .pulls import PullFactory, PullItemFactory
from .removals import LinkRequestFactory, RemovalCountFactory, RemovalFactory, RemovalWindowFactory
from .roles import RoleFactory, RoleOverrideFactory
from .seats import (
    BillingTermsFactory,
    SeatAlertFactory,
    SeatCountFactory,
    SeatEntryFactory,
    SeatPoolFactory,
    SeatPurchaseFactory,
    SeatSnapshotFactory,
)
from .sessions import BreakGlassFactory, PasswordTokenFactory, RateFactory, SessionFactory, SignInCodeFactory
from .sign_ins import SignInReportFactory
from .sso import (
    SamlAssertionFactory,
    SsoAttemptFactory,
    SsoConnectionFactory,
    SsoIdentityFactory,
    SsoTicketFactory,
)
from .tokens import ApiBudgetFactory, ApiTokenFactory, IdempotencyKeyFactory
from .users import DepartedUserFactory, DirectoryUserFactory
from .webhooks import (
    AccessRevocationFactory,
    OutboxFactory,
    WebhookAttemptFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
    WebhookMessageFactory,
    WebhookSecretFactory,
)

__all__ = [
    "AccessRevocationFactory",
    "AccountFactory",
    "ApiBudgetFactory",
    "ApiTokenFactory",
    "AuditSealFactory",
    "BilledQuantityFactory",
    "BillingAccountFactory",
    "BillingSecretFactory",
    "BillingTermsFactory",
    "BreakGlassFactory",
    "ChangeFactory",
    "ContactFactory",
    "DepartedUserFactory",
    "DirectoryCountFactory",
    "DirectoryFactory",
    "DirectoryGroupFactory",
    "DirectoryKeyFactory",
    "DirectoryUserFactory",
    "DomainFactory",
    "ExtensionFactory",
    "GroupMemberFactory",
    "IdempotencyKeyFactory",
    "InvitationFactory",
    "JobFactory",
    "JobRowFactory",
    "LinkRequestFactory",
    "MailMessageFactory",
    "MemberFactory",
    "OauthAssertionFactory",
    "OauthClientFactory",
    "OauthSecretFactory",
    "OauthTokenFactory",
    "OrganizationFactory",
    "OutboxFactory",
    "ParkedMemberFactory",
    "PasswordTokenFactory",
    "PortalLinkFactory",
    "PullFactory",
    "PullItemFactory",
    "RateFactory",
    "RemovalCountFactory",
    "RemovalFactory",
    "RemovalWindowFactory",
    "RequestFactory",
    "RoleFactory",
    "RoleOverrideFactory",
    "SamlAssertionFactory",
    "SeatAlertFactory",
    "SeatCountFactory",
    "SeatEntryFactory",
    "SeatPoolFactory",
    "SeatPurchaseFactory",
    "SeatSnapshotFactory",
    "SessionFactory",
    "SignInCodeFactory",
    "SignInReportFactory",
    "SsoAttemptFactory",
    "SsoConnectionFactory",
    "SsoIdentityFactory",
    "SsoTicketFactory",
    "WebhookAttemptFactory",
    "WebhookDeliveryFactory",
    "WebhookEndpointFactory",
    "WebhookMessageFactory",
    "WebhookSecretFactory",
]
