"""OAuth clients of directories: what identity providers get short-lived access tokens by."""

from __future__ import annotations

import uuid
from datetime import datetime

import msgspec
import strawberry

from api.oauth import client_views, trust
from api.oauth.endpoint import token_url
from api.provisioning import clock, keys
from api.provisioning.keys import KeyState
from db.oauth_rows import ClientRow, SecretRow

from . import ids, mutating
from .access import field
from .context import Info
from .nodes import Node, found_by


@strawberry.type(description="A secret of an OAuth client; its text is shown once, when it is made.")
class OauthSecret(Node):
    last_four: str
    state: KeyState
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = strawberry.field(description="When an access token was last got by it.")


@strawberry.type(description="By which keys a client signs its assertions (RFC 7523), and what these have to say.")
class OauthTrust:
    jwks_uri: str | None = strawberry.field(description="Where its keys are fetched; null where they were given.")
    key_ids: list[str] = strawberry.field(description="The ids of the keys that were given.")
    issuer: str | None = strawberry.field(description="Null where the client makes its assertions itself.")
    subject: str | None = strawberry.field(description="Null where the client makes its assertions itself.")
    audience: str | None = strawberry.field(description="Null for the token endpoint, or the issuer that it is of.")


@strawberry.type(description="What an identity provider gets access tokens for one directory by, instead of a key.")
class OauthClient(Node):
    row: strawberry.Private[ClientRow]
    name: str
    client_id: str = strawberry.field(description="What goes into the identity provider.")
    trust: OauthTrust | None = strawberry.field(description="Null for a client that has secrets only.")
    created_by: str = strawberry.field(description="Who made it, in words for people.")
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = strawberry.field(description="Accurate to five minutes.")

    @field(description="The URL of the token endpoint.")
    def token_url(self, info: Info) -> str:
        return token_url(info.context.settings)

    @field(description="Its secrets, newest first; two may live at once.")
    async def secrets(self, info: Info) -> list[OauthSecret]:
        found = await info.context.load(client_views.secrets_of, self.row.organization_id, self.row.id)
        return [_secret(row) for row in found or ()]


def oauth_client(row: ClientRow) -> OauthClient:
    """What the schema shows of a client."""
    return OauthClient(
        id=ids.write("OauthClient", row.organization_id, row.id),
        row=row,
        name=row.name,
        client_id=str(row.id),
        trust=_trust(row),
        created_by=row.created_by,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _trust(row: ClientRow) -> OauthTrust | None:
    if row.jwks is None and row.jwks_uri is None:
        return None
    key_ids = [] if row.jwks is None else [key.kid for key in trust.keys_of(row.jwks)]
    return OauthTrust(
        jwks_uri=row.jwks_uri, key_ids=key_ids, issuer=row.issuer, subject=row.subject, audience=row.audience
    )


def _secret(row: SecretRow) -> OauthSecret:
    return OauthSecret(
        id=ids.write("OauthSecret", row.organization_id, row.id),
        last_four=row.last_four,
        state=keys.state(row, clock.now()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


@found_by("OauthClient")
async def find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> OauthClient | None:
    """A client by id; None for whoever may act on it and not look."""
    row = await mutating.seen(info.context.load(client_views.many, organization, id))
    return oauth_client(row) if row else None


@found_by("OauthSecret")
async def find_secret(info: Info, organization: uuid.UUID, id: uuid.UUID) -> OauthSecret | None:
    """A secret by id."""
    row = await info.context.load(client_views.secrets, organization, id)
    return _secret(row) if row else None


def as_text(jwks: object) -> str:
    """A JWK Set as the services take it."""
    return msgspec.json.encode(jwks).decode()
