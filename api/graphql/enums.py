"""The enums of the domain that the schema shows; registering them lets types name them as they are."""

from __future__ import annotations

import strawberry

from api.identity.portal import PortalState
from api.provisioning.actor import ActorKind, Right
from api.provisioning.attention import Concern
from api.provisioning.decisions import Decided
from api.provisioning.deletion_choices import Choice
from api.provisioning.diagnosis import Found
from api.provisioning.directories import Profile, State, UnknownAttributes
from api.provisioning.drift import Unmanaged
from api.provisioning.explanation import Source as RoleSource
from api.provisioning.health import Health
from api.provisioning.keys import KeyState
from api.provisioning.lifecycle import Cause
from api.provisioning.overview import Suggestion
from api.provisioning.plan_catalogue import Access, Feature
from api.provisioning.policy_values import (
    AfterDeleteRead,
    BreakerResponse,
    BreakerTimeout,
    ControlPlane,
    CustomAttributes,
    DeleteAction,
    DomainRule,
    EmailChange,
    ExistingMember,
    GroupMode,
    MatchedBy,
    OnNoMappedGroup,
    OverrideMode,
    RequireSso,
    SeatLimit,
)
from api.provisioning.tasks import TaskState
from api.provisioning.tokens import TokenState
from db.enums import (
    BillingInterval,
    BillingProvider,
    ConnectionState,
    ContactKind,
    DeliveryState,
    DomainState,
    ExtensionState,
    Hold,
    JobState,
    LinkState,
    MailKind,
    MailState,
    MemberSource,
    MemberStatus,
    PortalPurpose,
    Provider,
    PurchaseState,
    RemovalState,
    ReportOutcome,
    RowOutcome,
    SeatType,
    SsoKind,
    WebhookDisabled,
    WebhookSigning,
)
from db.request_rows import Method, Outcome

strawberry.enum(Right, name="Permission", description="What a caller may be allowed to do.")
strawberry.enum(ActorKind, description="What kind of actor did something.")
strawberry.enum(RoleSource, name="RoleSource", description="Where a step of an explanation comes from.")
strawberry.enum(MemberStatus, description="Where a member stands.")
strawberry.enum(MemberSource, description="By which way somebody came first.")
strawberry.enum(TaskState, description="Where a task that is not done stands; one that waits may have been tried.")
strawberry.enum(TokenState, name="ApiTokenState", description="Whether a token lets anybody in.")
strawberry.enum(Feature, name="Feature", description="What may be part of a plan, or be granted as an add-on.")
strawberry.enum(Access, name="FeatureAccess", description="How a plan has a feature.")
strawberry.enum(SeatType, description="The seats that a member can have; people know the free one as Guest.")
strawberry.enum(BillingInterval, description="How long a billing period is.")
strawberry.enum(PurchaseState, description="How far a purchase of seats has come.")
strawberry.enum(BillingProvider, description="Who charges for seats.")
strawberry.enum(Cause, name="StandingCause", description="Why a member's standing or seat changed.")
strawberry.enum(Suggestion, name="SuggestionCode", description="What an organization could do better.")
strawberry.enum(Found, name="FindingCode", description="What was found about somebody who is looked for.")
strawberry.enum(Provider, description="Identity providers whose habits are known.")
strawberry.enum(Profile, name="CompatibilityProfile", description="How strictly a directory takes RFC 7644.")
strawberry.enum(UnknownAttributes, name="UnknownAttributeRule", description="What becomes of unknown attributes.")
strawberry.enum(State, name="DirectoryState", description="Whether a directory's requests are carried out.")
strawberry.enum(Health, name="DirectoryHealth", description="Whether a directory is alive; the first that applies.")
strawberry.enum(KeyState, description="Whether a key still opens its directory; expiring within two weeks.")
strawberry.enum(Choice, name="DeletionChoice", description="What becomes of those whom only that directory has.")
strawberry.enum(Hold, description="Why a member keeps access that a directory would have ended.")
strawberry.enum(JobState, description="How far a job has come.")
strawberry.enum(RowOutcome, name="JobLineOutcome", description="What became of one row of a job.")
strawberry.enum(EmailChange, description="Whether a directory may change an e-mail address.")
strawberry.enum(DomainRule, description="Of which domains people may come in.")
strawberry.enum(GroupMode, description="What groups are for roles.")
strawberry.enum(OnNoMappedGroup, description="What becomes of whoever is in no mapped group.")
strawberry.enum(OverrideMode, description="What a role by hand may do.")
strawberry.enum(ExistingMember, description="What happens when a directory brings somebody who is a member already.")
strawberry.enum(MatchedBy, description="An attribute by which people are known again.")
strawberry.enum(DeleteAction, description="What a deletion by a directory does to the member.")
strawberry.enum(AfterDeleteRead, description="What a directory reads of whom it deleted.")
strawberry.enum(SsoKind, description="The protocol of a single sign-on.")
strawberry.enum(
    ConnectionState, name="SsoConnectionState", description="Whether people sign in by it: not yet, now, no longer."
)
strawberry.enum(RequireSso, description="What single sign-on must be before a directory.")
strawberry.enum(ControlPlane, description="Who has the last word about members.")
strawberry.enum(CustomAttributes, description="Who may add attributes.")
strawberry.enum(SeatLimit, description="What happens when all seats are taken.")
strawberry.enum(BreakerResponse, description="What happens to too many removals at once.")
strawberry.enum(BreakerTimeout, description="What becomes of held removals that nobody decides about.")
strawberry.enum(ExtensionState, description="Whether an extension is in force.")
strawberry.enum(DomainState, description="Whether a domain is known to belong to its organization.")
strawberry.enum(ReportOutcome, name="SignInReportOutcome", description="What became of a sign-in that was told of.")
strawberry.enum(RemovalState, description="What became of a loss of access that a directory caused.")
strawberry.enum(LinkState, description="What was decided about a directory that wants a member.")
strawberry.enum(Unmanaged, name="UnmanagedReason", description="Why nobody manages a member any more.")
strawberry.enum(Decided, name="DecisionCode", description="What a step of the explanation of a request is about.")
strawberry.enum(PortalState, name="PortalLinkState", description="Whether a portal link can be used, or is.")
strawberry.enum(PortalPurpose, description="What somebody without an account may set up by a portal link.")
strawberry.enum(ContactKind, name="MailContactKind", description="For which mails somebody is a contact.")
strawberry.enum(MailKind, description="What a mail is about.")
strawberry.enum(MailState, description="What became of a mail: it waits, was sent, failed, or was of no use any more.")
strawberry.enum(Outcome, name="RequestOutcome", description="Whether a request only read, changed things, or failed.")
strawberry.enum(Method, name="ScimMethod", description="The HTTP methods of SCIM.")
strawberry.enum(Concern, name="ConcernCode", description="What somebody in the organization has to look at.")
strawberry.enum(WebhookSigning, description="How messages are signed: by a shared secret, or by a key of ours.")
strawberry.enum(WebhookDisabled, name="WebhookDisabledReason", description="Why an endpoint is told nothing any more.")
strawberry.enum(DeliveryState, name="WebhookDeliveryState", description="What became of a message to an endpoint.")
