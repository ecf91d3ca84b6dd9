"""Making, changing and ending OAuth clients of directories."""

from __future__ import annotations

import uuid
from datetime import timedelta

import strawberry
from strawberry.scalars import JSON

from api.oauth import clients
from api.oauth.clients import USUAL_DAYS, Made
from api.oauth.endpoint import token_url
from api.oauth.trust import Trust
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from api.provisioning.keys import OVERLAP_AT_MOST
from db.ids import DirectoryId
from db.oauth_rows import ClientRow

from . import acting
from .access import mutation
from .context import Info
from .ids import Place
from .mutating import Payload, Tried
from .oauth_clients import OauthClient, as_text, find

_RIGHT = Right.ORGANIZATION_MANAGE


@strawberry.input(description="By which keys a client signs its assertions (RFC 7523), and what these have to say.")
class OauthTrustInput:
    jwks: JSON | None = strawberry.field(description="Public keys, a JWK Set; each needs a `kid`.", default=None)
    jwks_uri: str | None = strawberry.field(description="Or the https URL where they are.", default=None)
    issuer: str | None = strawberry.field(
        description="The `iss` of assertions that somebody else makes, such as Entra, with `subject`.", default=None
    )
    subject: str | None = strawberry.field(description="Their `sub`.", default=None)
    audience: str | None = strawberry.field(description="Their `aud`, if it is not the token endpoint.", default=None)

    def wanted(self) -> Trust:
        """What is to be kept."""
        keys = None if self.jwks is None else as_text(self.jwks)
        return Trust(keys, self.jwks_uri, self.issuer, self.subject, self.audience)


@strawberry.input(description="A new client: with a secret, or with keys, or with both.")
class OauthClientCreateInput:
    name: str
    trust: OauthTrustInput | None = None
    secret_expires_in_days: int | None = strawberry.field(
        description=f"With keys, no secret is made if this is null; else it lives for {USUAL_DAYS} days.", default=None
    )


@strawberry.input(description="Absent fields stay as they are.")
class OauthClientUpdateInput:
    name: strawberry.Maybe[str]
    trust: strawberry.Maybe[OauthTrustInput | None] = strawberry.field(description="Null for a client without keys.")


@strawberry.type(description="A client as it is after an act.")
class OauthClientPayload(Payload):
    oauth_client: OauthClient | None = None


@strawberry.type(description="A client with its new secret, which is shown here and never again.")
class OauthSecretPayload(Payload):
    oauth_client: OauthClient | None = None
    client_id: str | None = None
    secret: str | None = strawberry.field(description="Null for a client that was made without one.", default=None)
    token_url: str | None = None
    scim_url: str | None = None


async def _made(info: Info, tried: Tried[tuple[Place, Made]]) -> OauthSecretPayload:
    if tried.done is None:
        return OauthSecretPayload(user_errors=tried.user_errors)
    place, made = tried.done
    return OauthSecretPayload(
        user_errors=[],
        remembered=tried.remembered,
        oauth_client=await find(info, place.organization, made.client.id),
        client_id=str(made.client.id),
        secret=made.text,
        token_url=token_url(info.context.settings),
        scim_url=info.context.settings.scim_url,
    )


async def _changed(info: Info, tried: Tried[tuple[Place, ClientRow]]) -> OauthClientPayload:
    if tried.done is None:
        return OauthClientPayload(user_errors=tried.user_errors)
    place, row = tried.done
    there = await find(info, place.organization, row.id)
    return OauthClientPayload(user_errors=[], remembered=tried.remembered, oauth_client=there)


@strawberry.type
class OauthMutation:
    @mutation(needs=_RIGHT, description="Make an OAuth client for a directory.")
    async def oauth_client_create(
        self, info: Info, directory_id: strawberry.ID, input: OauthClientCreateInput
    ) -> OauthSecretPayload:
        async def act(actor: Actor, directory: uuid.UUID) -> Made:
            trust, days = input.trust.wanted() if input.trust else None, input.secret_expires_in_days
            return await clients.create(
                actor, DirectoryId(directory), name=input.name, trust=trust, expires_in_days=days
            )

        return await _made(info, await acting.on(info, directory_id, "Directory", act, "input"))

    @mutation(needs=_RIGHT, description="Give a client another name, or other keys.")
    async def oauth_client_update(
        self, info: Info, id: strawberry.ID, input: OauthClientUpdateInput
    ) -> OauthClientPayload:
        async def act(actor: Actor, client: uuid.UUID) -> ClientRow:
            trust = input.trust.value if input.trust else None
            return await clients.change(
                actor,
                client,
                name=input.name.value if input.name else None,
                trust=trust.wanted() if trust else None,
                trusts_nobody=input.trust is not None and trust is None,
            )

        return await _changed(info, await acting.on(info, id, "OauthClient", act, "input"))

    @mutation(
        needs=_RIGHT,
        description="Add a secret to a client. The others live on, or end after the overlap, at once for 0 hours.",
    )
    async def oauth_client_secret_add(
        self, info: Info, id: strawberry.ID, expires_in_days: int = USUAL_DAYS, overlap_hours: int | None = None
    ) -> OauthSecretPayload:
        async def act(actor: Actor, client: uuid.UUID) -> Made:
            actor.must(_RIGHT)
            if overlap_hours is not None and not 0 <= overlap_hours <= OVERLAP_AT_MOST // timedelta(hours=1):
                raise BadSetting("The old secret can live on for seven days at most.")
            overlap = None if overlap_hours is None else timedelta(hours=overlap_hours)
            return await clients.add_secret(actor, client, expires_in_days=expires_in_days, overlap=overlap)

        return await _made(info, await acting.on(info, id, "OauthClient", act))

    @mutation(needs=_RIGHT, description="End a secret at once, with the access tokens that were got by it.")
    async def oauth_client_secret_revoke(self, info: Info, id: strawberry.ID) -> OauthClientPayload:
        return await _changed(info, await acting.on(info, id, "OauthSecret", clients.revoke_secret, "id"))

    @mutation(needs=_RIGHT, description="End a client at once, and for good, with all its access tokens.")
    async def oauth_client_revoke(self, info: Info, id: strawberry.ID) -> OauthClientPayload:
        return await _changed(info, await acting.on(info, id, "OauthClient", clients.revoke, "id"))
