"""Closed lists of values that columns hold."""

from enum import StrEnum


class MemberStatus(StrEnum):
    """Where a member stands in the organization; provisioning.lifecycle says which may follow which."""

    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    WAITING_FOR_SEAT = "WAITING_FOR_SEAT"
    HELD = "HELD"
    SUSPENDED = "SUSPENDED"
    DEACTIVATED = "DEACTIVATED"
    DEPROVISIONED = "DEPROVISIONED"
    ERASED = "ERASED"


class MemberSource(StrEnum):
    """By which way somebody became a member."""

    SCIM = "SCIM"
    JIT = "JIT"
    INVITATION = "INVITATION"
    IMPORT = "IMPORT"


class Hold(StrEnum):
    """Why a member keeps access that a directory would have ended; null for everybody else.

    `REMOVAL` and `SUSPENSION` wait for a decision; the others were decided: the person stays until the directory says
    something new.
    """

    REMOVAL = "REMOVAL"
    SUSPENSION = "SUSPENSION"
    REMOVAL_REJECTED = "REMOVAL_REJECTED"
    SUSPENSION_REJECTED = "SUSPENSION_REJECTED"


class SeatType(StrEnum):
    """The seats that a member can have, in SCIM's words; people know the free one as Guest (R127)."""

    FULL = "full"
    LITE = "lite"
    FREE = "free"


class RemovalState(StrEnum):
    """What became of a loss of access that a directory caused."""

    APPLIED = "APPLIED"
    HELD = "HELD"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class Passage(StrEnum):
    """How a directory may remove people now: not at all, beside others who do, or only alone."""

    FULL = "FULL"
    BESIDE = "BESIDE"
    ALONE = "ALONE"


class PurchaseState(StrEnum):
    """How far a purchase of seats has come."""

    RESERVED = "RESERVED"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"


class BillingProvider(StrEnum):
    """Who charges for seats: Rollcall's own ledger, Stripe, or the host application."""

    LEDGER = "ledger"
    STRIPE = "stripe"
    HTTP = "http"


class BillingInterval(StrEnum):
    """How long a billing period is."""

    MONTH = "MONTH"
    YEAR = "YEAR"


class ReportOutcome(StrEnum):
    """What became of a sign-in that a host application told of; a failed one is ignored."""

    APPLIED = "APPLIED"
    IGNORED = "IGNORED"
    REFUSED = "REFUSED"


class LinkState(StrEnum):
    """What was decided about a person whom a directory brought and who is a member already."""

    OPEN = "OPEN"
    LINK = "LINK"
    KEEP_APART = "KEEP_APART"


class ExtensionState(StrEnum):
    """Whether an extension that an organization wants is in force."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


class JobState(StrEnum):
    """How far a job has come."""

    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"


class RowOutcome(StrEnum):
    """What became of one row of a job."""

    WAITING = "WAITING"
    APPLIED = "APPLIED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


class ContactKind(StrEnum):
    """For which mails somebody is an organization's contact."""

    BILLING = "BILLING"
    TECHNICAL = "TECHNICAL"
    SECURITY = "SECURITY"


class MailKind(StrEnum):
    """What a mail is about; provisioning.notice_facts says what each tells."""

    SIGN_IN_CODE = "SIGN_IN_CODE"
    PASSWORD_SET = "PASSWORD_SET"
    PASSWORD_RESET = "PASSWORD_RESET"
    PORTAL_LINK = "PORTAL_LINK"
    INVITATION = "INVITATION"
    PURCHASE_SUMMARY = "PURCHASE_SUMMARY"
    PURCHASE_FAILED = "PURCHASE_FAILED"
    CAP_REACHED = "CAP_REACHED"
    SEAT_THRESHOLD = "SEAT_THRESHOLD"
    KEY_EXPIRING = "KEY_EXPIRING"
    DIRECTORY_STALE = "DIRECTORY_STALE"
    DIRECTORY_FAILING = "DIRECTORY_FAILING"
    DIRECTORY_RECOVERED = "DIRECTORY_RECOVERED"
    REMOVALS_HELD = "REMOVALS_HELD"
    REMOVALS_REMINDER = "REMOVALS_REMINDER"
    LAST_ADMIN_REFUSED = "LAST_ADMIN_REFUSED"
    BREAK_GLASS_USED = "BREAK_GLASS_USED"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"
    DOMAIN_WARNING = "DOMAIN_WARNING"
    DOMAIN_LAPSED = "DOMAIN_LAPSED"
    DOMAIN_CLAIMED = "DOMAIN_CLAIMED"
    DIGEST = "DIGEST"
    HELP_REQUEST = "HELP_REQUEST"
    TEST = "TEST"


class MailState(StrEnum):
    """What became of a mail: it waits, a server took it, none ever will, or it was not sent while it mattered."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class DomainState(StrEnum):
    """Whether a domain is known to belong to its organization."""

    REGISTERED = "REGISTERED"
    VERIFIED = "VERIFIED"
    LAPSED = "LAPSED"


class Provider(StrEnum):
    """Identity providers whose habits are known; GENERIC is any other that speaks SCIM 2.0."""

    ENTRA_ID = "ENTRA_ID"
    OKTA = "OKTA"
    JUMPCLOUD = "JUMPCLOUD"
    GOOGLE_WORKSPACE = "GOOGLE_WORKSPACE"
    ONELOGIN = "ONELOGIN"
    PING = "PING"
    RIPPLING = "RIPPLING"
    CYBERARK = "CYBERARK"
    AUTHENTIK = "AUTHENTIK"
    KEYCLOAK = "KEYCLOAK"
    RAUTHY = "RAUTHY"
    GENERIC = "GENERIC"


class WebhookSigning(StrEnum):
    """How messages to an endpoint are signed: with a secret that both sides have, or with a key that only we have."""

    HMAC = "HMAC"
    ED25519 = "ED25519"


class WebhookDisabled(StrEnum):
    """Why nothing is sent to an endpoint any more: somebody wanted it, it said so itself, or it failed for days."""

    BY_HAND = "BY_HAND"
    GONE = "GONE"
    FAILING = "FAILING"


class DeliveryState(StrEnum):
    """What became of a message to an endpoint; what has failed is sent again only when somebody asks for it."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Way(StrEnum):
    """How somebody signs in."""

    SSO = "SSO"
    CODE = "CODE"
    PASSWORD = "PASSWORD"


class SsoKind(StrEnum):
    """The protocol of a single sign-on."""

    OIDC = "OIDC"
    SAML = "SAML"


class ConnectionState(StrEnum):
    """Whether people sign in by a connection: not yet, now, or not any more."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    OFF = "OFF"


class PortalPurpose(StrEnum):
    """What somebody without an account may set up by a portal link."""

    PROVISIONING = "PROVISIONING"
    DOMAINS = "DOMAINS"
