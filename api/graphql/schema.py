"""The schema: what the nouns offer, put together."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLEnumType, GraphQLError, GraphQLSchema
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from . import nodes
from .access import field
from .access_revocations import AccessRevocationMutation
from .api_tokens import ApiTokenMutation, ApiTokenQuery
from .attributes import AttributeMutation
from .audit import AuditQuery
from .billing_mutations import BillingMutation
from .break_glass import BreakGlassMutation
from .contacts import ContactMutation
from .context import Info
from .diagnosis import DiagnosisQuery
from .directory_mutations import DirectoryMutation
from .domains import DomainMutation
from .drift import DriftMutation
from .execution import Executor
from .extensions import ExtensionMutation
from .group_mutations import GroupMutation
from .invitations import InvitationMutation
from .jobs import JobMutation, JobQuery
from .ladder_mutations import LadderMutation
from .link_requests import LinkRequestMutation
from .mails import MailMutation, MailQuery
from .member_mutations import MemberMutation
from .members import MemberQuery
from .money import MINOR_UNITS, MinorUnits
from .nodes import Node
from .oauth_mutations import OauthMutation
from .organizations import OrganizationQuery
from .overview import OverviewMutation
from .plans import PlanQuery
from .platform import PlatformMutation, PlatformQuery
from .platform_requests import PlatformRequestQuery
from .policies import PolicyMutation
from .portal import PortalMutation
from .previews import PreviewQuery
from .pulls import PullMutation
from .removals import RemovalMutation
from .requests import RequestQuery
from .seat_mutations import SeatMutation
from .sso_mutations import SsoMutation
from .tasks import TaskMutation, TaskQuery
from .viewer import ViewerQuery
from .webhook_mutations import WebhookMutation


@strawberry.type
class NodeQuery:
    @field(description="Anything by its id; null for what there is not, or not for the caller.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await nodes.find(info, id)

    @field(description="Many things by their ids, in the same order, with null for what there is not.")
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        return await asyncio.gather(*(nodes.find(info, id) for id in ids))


@strawberry.type
class Query(
    NodeQuery,
    ViewerQuery,
    JobQuery,
    OrganizationQuery,
    MemberQuery,
    ApiTokenQuery,
    AuditQuery,
    PlanQuery,
    PlatformQuery,
    DiagnosisQuery,
    PreviewQuery,
    RequestQuery,
    PlatformRequestQuery,
    TaskQuery,
    MailQuery,
):
    pass


@strawberry.type
class Mutation(
    MemberMutation,
    ApiTokenMutation,
    PlatformMutation,
    SeatMutation,
    BillingMutation,
    OverviewMutation,
    DirectoryMutation,
    LadderMutation,
    InvitationMutation,
    BreakGlassMutation,
    JobMutation,
    PolicyMutation,
    DomainMutation,
    RemovalMutation,
    LinkRequestMutation,
    DriftMutation,
    ExtensionMutation,
    GroupMutation,
    PullMutation,
    OauthMutation,
    WebhookMutation,
    AccessRevocationMutation,
    TaskMutation,
    ContactMutation,
    AttributeMutation,
    MailMutation,
    SsoMutation,
    PortalMutation,
):
    pass


class Schema(strawberry.Schema):
    """Strawberry's, but for errors, which the edge logs with their trace id, and for enums."""

    def __init__(self, **chosen: Any) -> None:
        super().__init__(**chosen)
        for type_ in self._schema.type_map.values():
            if isinstance(type_, GraphQLEnumType) and "strawberry-definition" in type_.extensions:
                _give_members(type_, type_.extensions["strawberry-definition"].wrapped_cls)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave them to the edge."""


def _give_members(type_: GraphQLEnumType, enum: type[Enum]) -> None:
    """Let arguments of an enum be its members; sorting the schema makes texts of them, which are not `is` a member."""
    for value in type_.values.values():
        value.value = enum(value.value)
    type_.__dict__.pop("_value_lookup", None)


SCHEMA = Schema(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(sort_schema=True, disable_field_suggestions=True, scalar_map={MinorUnits: MINOR_UNITS}),
    execution_context_class=Executor,
    extensions=[lambda: ParserCache(maxsize=256), lambda: ValidationCache(maxsize=256)],
)
"""What /graphql and the dashboard run."""


def core() -> GraphQLSchema:
    """The schema as graphql-core knows it."""
    return SCHEMA._schema


def sdl() -> str:
    """The schema in its own language, as it is committed."""
    return SCHEMA.as_str() + "\n"
