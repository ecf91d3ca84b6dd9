"""Single sign-on: the identity providers by which an organization's people sign in."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.identity import choices, connections, refusals
from api.identity.oidc import flow
from api.provisioning.actor import Right
from db.enums import ConnectionState, SsoKind
from db.sso_rows import ConnectionRow, RefusalRow

from . import ids, saml
from .access import field
from .context import Info
from .nodes import Node, found_by
from .saml import SamlSettings


@strawberry.type(description="Somebody whom a connection did not let in.")
class SignInRefusal:
    at: datetime
    reason: str = strawberry.field(description="What was in the way and what to do, for admins.")
    email: str | None = strawberry.field(description="The address that the provider said, if it said one.")
    trace: strawberry.ID | None = strawberry.field(description="The trace id that the person was shown.")


@strawberry.type(description="What OpenID Connect needs to know.")
class OidcSettings:
    client_id: str | None
    has_client_secret: bool = strawberry.field(description="Whether there is one; nobody is shown it.")
    trusts_address: bool = strawberry.field(
        description="Whether addresses count although the provider does not say that they are verified."
    )
    redirect_uri: str = strawberry.field(description="What has to be entered at the provider.")


@strawberry.type(description="An identity provider by which people sign in.")
class SsoConnection(Node):
    row: strawberry.Private[ConnectionRow]
    kind: SsoKind
    name: str
    state: ConnectionState
    issuer: str | None = strawberry.field(description="The provider's issuer or, for SAML, its entity id.")
    last_used_at: datetime | None = strawberry.field(description="When somebody signed in last, to the minute.")
    created_at: datetime
    updated_at: datetime
    lacks: list[str] = strawberry.field(description="What has to be filled in before it is activated, in words.")
    start_url: str = strawberry.field(description="Where a browser begins to sign in; with ?return_to=/… if so wished.")
    oidc: OidcSettings | None = strawberry.field(description="Null for a connection that speaks SAML.")
    saml: SamlSettings | None = strawberry.field(description="Null for a connection that speaks OpenID Connect.")

    @field(needs=Right.AUDIT_READ, assumed=10, description="Who was not let in lately and why, newest first.")
    async def last_refusals(self, info: Info) -> list[SignInRefusal]:
        found = await info.context.load(refusals.lately, self.row.organization_id, self.row.id)
        return [_refusal(each) for each in found or ()]


def _refusal(row: RefusalRow) -> SignInRefusal:
    trace = strawberry.ID(str(row.trace)) if row.trace else None
    return SignInRefusal(at=row.at, reason=row.reason, email=row.email, trace=trace)


def connection(row: ConnectionRow, public_url: str) -> SsoConnection:
    """What the schema shows of a connection."""
    return SsoConnection(
        id=ids.write("SsoConnection", row.organization_id, row.id),
        row=row,
        kind=SsoKind(row.kind),
        name=row.name,
        state=ConnectionState(row.state),
        issuer=row.issuer,
        last_used_at=row.last_used_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        lacks=list(choices.missing_of(row)),
        start_url=f"{public_url}/sso/{row.id}/start",
        oidc=_oidc(row, public_url) if row.kind == SsoKind.OIDC else None,
        saml=saml.settings(row, public_url) if row.kind == SsoKind.SAML else None,
    )


def _oidc(row: ConnectionRow, public_url: str) -> OidcSettings:
    chosen = choices.oidc(row)
    return OidcSettings(
        client_id=chosen.client_id,
        has_client_secret=row.client_secret is not None,
        trusts_address=chosen.trusts_address,
        redirect_uri=flow.redirect_uri(public_url, row.id),
    )


@found_by("SsoConnection")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> SsoConnection | None:
    row = await info.context.load(connections.many, organization, id)
    return connection(row, info.context.settings.public_url) if row else None


@strawberry.type
class OrganizationSsoConnections:
    """What an organization shows of its connections."""

    key: strawberry.Private[uuid.UUID]

    @field(needs=Right.ORGANIZATION_READ, description="The identity providers by which people sign in, oldest first.")
    async def sso_connections(self, info: Info) -> list[SsoConnection]:
        found = await connections.all_of_them(info.context.actor(self.key))
        return [connection(row, info.context.settings.public_url) for row in found]
