"""API tokens: by which programs come in here."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import clock, tokens
from api.provisioning.actor import Right
from api.provisioning.caller import NOWHERE
from api.provisioning.errors import NotFound
from api.provisioning.tokens import TokenState
from db.ids import OrganizationId, RequestId, new_id
from db.token_rows import TokenRow

from . import ids, mutating, references
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="A bearer token of a program. Its text is shown when it is made, and never again.")
class ApiToken(Node):
    name: str
    last_four: str
    permissions: list[Right]
    state: TokenState
    created_by: str = strawberry.field(description="Who made it, in words for people.")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = strawberry.field(description="Accurate to five minutes.")


@strawberry.input(description="A new token.")
class ApiTokenCreateInput:
    name: str
    permissions: list[Right] = strawberry.field(description="At least one, and none that the caller does not have.")
    expires_in_days: int | None = strawberry.field(
        description="Null for never, which only programs may ask for; for people it is at most 365.", default=90
    )


@strawberry.type(description="A token as it is after an act.")
class ApiTokenPayload(Payload):
    api_token: ApiToken | None = None


@strawberry.type(description="A new token.")
class ApiTokenSecretPayload(Payload):
    api_token: ApiToken | None = None
    secret: str | None = strawberry.field(description="The text of the token; it is shown this once.", default=None)
    signing_secret: str | None = strawberry.field(
        description="By which calls that tell of sign-ins are signed, for a token that may: `whsec_…`; shown once.",
        default=None,
    )


def api_token(row: TokenRow) -> ApiToken:
    """What the schema shows of a token."""
    return ApiToken(
        id=ids.write("ApiToken", row.organization_id or NOWHERE, row.id),
        name=row.name,
        last_four=row.last_four,
        permissions=[Right(right) for right in row.rights],
        state=tokens.state(row, clock.now()),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


@found_by("ApiToken")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> ApiToken | None:
    if organization == NOWHERE:
        row = await tokens.own(info.context.caller, id)
    else:
        row = await info.context.load(tokens.many, organization, id)
    return api_token(row) if row else None


@strawberry.type
class OrganizationApiTokens:
    """What an organization shows of its tokens."""

    key: strawberry.Private[uuid.UUID]

    @field(needs=Right.DEVELOPERS_MANAGE, description="Tokens of the organization's own, newest first, ended ones too.")
    async def api_tokens(self, info: Info) -> list[ApiToken]:
        return [api_token(row) for row in await tokens.all_of(info.context.caller, self.key)]


@strawberry.type
class ApiTokenQuery:
    @field(needs=Right.PLATFORM_MANAGE, description="The operator's tokens, newest first, ended ones too.")
    async def api_tokens(self, info: Info) -> list[ApiToken]:
        return [api_token(row) for row in await tokens.all_of(info.context.caller, None)]


@strawberry.type
class ApiTokenMutation:
    @mutation(
        needs=Right.DEVELOPERS_MANAGE,
        description="Make a token for an organization, or without one the operator's, which needs PLATFORM_MANAGE.",
    )
    async def api_token_create(
        self, info: Info, input: ApiTokenCreateInput, organization_id: strawberry.ID | None = None
    ) -> ApiTokenSecretPayload:
        request, organization = RequestId(new_id()), None

        async def act() -> tokens.Made:
            nonlocal organization
            organization = references.organization(organization_id) if organization_id is not None else None
            return await tokens.create(
                info.context.caller,
                organization,
                name=input.name,
                rights=input.permissions,
                expires_in_days=input.expires_in_days,
                request=request,
            )

        tried = await mutating.tried(act, "input")
        made = tried.done
        return ApiTokenSecretPayload(
            api_token=api_token(made.token) if made else None,
            secret=made.text if made else None,
            signing_secret=made.signing.shared if made and made.signing else None,
            user_errors=tried.user_errors,
            remembered=(OrganizationId(organization or NOWHERE), request) if made else None,
        )

    @mutation(needs=Right.DEVELOPERS_MANAGE, description="End a token at once. One that has ended stays as it is.")
    async def api_token_revoke(self, info: Info, id: strawberry.ID) -> ApiTokenPayload:
        request = RequestId(new_id())

        async def act() -> TokenRow:
            place, caller = ids.must_be(id, "ApiToken"), info.context.caller
            if not caller.may_enter(place.organization) or not await _find(info, place.organization, place.id):
                raise NotFound("There is no such api token.")
            return await tokens.revoke(caller, place.id, request)

        tried = await mutating.tried(act, "id")
        row = tried.done
        return ApiTokenPayload(
            api_token=api_token(row) if row else None,
            user_errors=tried.user_errors,
            remembered=(OrganizationId(row.organization_id or NOWHERE), request) if row else None,
        )
