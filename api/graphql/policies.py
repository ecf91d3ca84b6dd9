"""What an organization has chosen, and how that changed."""

from __future__ import annotations

import uuid
from functools import partial

import msgspec
import strawberry

from api.provisioning import governance, policies
from api.provisioning.actor import Actor, Right
from api.provisioning.policies import ChangePolicies
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
from db.enums import SeatType

from . import acting, audit, connections, mutating, references
from .access import field, mutation
from .audit import AuditEntry
from .connections import After, Before, Connection, First, Last
from .context import Info
from .mutating import Payload


@strawberry.type(description="What an organization has chosen; docs/rules.md tells what each value means.")
class OrganizationPolicy:
    key: strawberry.Private[uuid.UUID]
    email_change: EmailChange
    require_email: bool
    domain_rule: DomainRule
    group_mode: GroupMode
    on_no_mapped_group: OnNoMappedGroup
    override_mode: OverrideMode
    accept_roles_attribute: bool
    existing_member: ExistingMember
    match_order: list[MatchedBy]
    delete_action: DeleteAction
    grace_days: int
    after_delete_read: AfterDeleteRead
    require_sso: RequireSso
    jit_enabled: bool
    sso_enforced: bool
    code_enabled: bool
    password_enabled: bool
    control_plane: ControlPlane
    custom_attributes: CustomAttributes
    default_seat_type: SeatType
    seat_limit: SeatLimit
    seat_thresholds: list[int]
    breaker_response: BreakerResponse
    breaker_people: int
    breaker_percent: int
    breaker_minutes: int
    breaker_hours: int
    breaker_timeout: BreakerTimeout
    version: int = strawberry.field(description="How often it was changed; `policyUpdate` takes it.")

    @field(description="Its changes, newest first.")
    async def history(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AuditEntry]:
        span = connections.span("policies", first, after, last, before)
        page = await policies.history_page(info.context.actor(self.key), span)
        return connections.connection("policies", page, span, audit.entry)


async def _policy(info: Info, organization: uuid.UUID) -> OrganizationPolicy:
    chosen = await info.context.load(policies.chosen, organization, organization)
    assert chosen is not None
    values = msgspec.structs.asdict(chosen.policies)
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return OrganizationPolicy(key=organization, version=chosen.version, **{**values, **lists})


@strawberry.type
class OrganizationPolicies:
    """What an organization shows of its policies."""

    key: strawberry.Private[uuid.UUID]

    @field(description="What it has chosen.")
    async def policy(self, info: Info) -> OrganizationPolicy:
        return await _policy(info, self.key)


@strawberry.input(description="Policies that are to have another value; what is left out stays as it is.")
class PolicyUpdateInput:
    email_change: strawberry.Maybe[EmailChange]
    require_email: strawberry.Maybe[bool]
    domain_rule: strawberry.Maybe[DomainRule]
    group_mode: strawberry.Maybe[GroupMode]
    on_no_mapped_group: strawberry.Maybe[OnNoMappedGroup]
    override_mode: strawberry.Maybe[OverrideMode]
    accept_roles_attribute: strawberry.Maybe[bool]
    existing_member: strawberry.Maybe[ExistingMember]
    match_order: strawberry.Maybe[list[MatchedBy]]
    delete_action: strawberry.Maybe[DeleteAction]
    grace_days: strawberry.Maybe[int]
    after_delete_read: strawberry.Maybe[AfterDeleteRead]
    require_sso: strawberry.Maybe[RequireSso]
    jit_enabled: strawberry.Maybe[bool]
    sso_enforced: strawberry.Maybe[bool]
    code_enabled: strawberry.Maybe[bool]
    password_enabled: strawberry.Maybe[bool]
    control_plane: strawberry.Maybe[ControlPlane]
    custom_attributes: strawberry.Maybe[CustomAttributes]
    default_seat_type: strawberry.Maybe[SeatType]
    seat_limit: strawberry.Maybe[SeatLimit]
    seat_thresholds: strawberry.Maybe[list[int]]
    breaker_response: strawberry.Maybe[BreakerResponse]
    breaker_people: strawberry.Maybe[int]
    breaker_percent: strawberry.Maybe[int]
    breaker_minutes: strawberry.Maybe[int]
    breaker_hours: strawberry.Maybe[int]
    breaker_timeout: strawberry.Maybe[BreakerTimeout]

    def intent(self) -> ChangePolicies:
        """What is wanted, the same for a preview and for the act."""
        return ChangePolicies({name: some.value for name, some in vars(self).items() if some is not None})


@strawberry.type(description="Policies as they are after an act.")
class PolicyPayload(Payload):
    policy: OrganizationPolicy | None = None
    changed_members: int | None = None


@strawberry.type
class PolicyMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Choose other policies. Where members would change by it, preview it first. With the version that"
        " was read, nothing is changed that somebody else has changed since.",
    )
    async def policy_update(
        self,
        info: Info,
        organization_id: strawberry.ID,
        input: PolicyUpdateInput,
        preview_token: str | None = None,
        expected_version: int | None = None,
    ) -> PolicyPayload:
        async def act(actor: Actor) -> int:
            check = None if expected_version is None else partial(policies.must_be, actor, expected_version)
            return await governance.apply_seen(actor, input.intent(), token=preview_token, unless=check)

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "input")
        if tried.done is None:
            return PolicyPayload(user_errors=tried.user_errors)
        there = await mutating.seen(_policy(info, references.organization(organization_id)))
        return PolicyPayload(policy=there, changed_members=tried.done, user_errors=[], remembered=tried.remembered)
