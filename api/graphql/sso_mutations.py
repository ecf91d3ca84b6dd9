"""What can be done with connections to identity providers."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import msgspec
import strawberry

from api.identity import connections, identities, saml_checks
from api.identity.choices import Choice, OidcSettings, SamlSettings
from api.identity.oidc import checks
from api.identity.oidc.checks import Finding
from api.identity.oidc.providers import Providers
from api.identity.saml.metadata import Described
from api.net.client import Client
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from db.enums import SsoKind
from db.sso_rows import ConnectionRow

from . import acting, saml
from .access import mutation
from .context import Info
from .inputs import said
from .mutating import Payload
from .saml import SamlSettingsInput
from .sso import SsoConnection, connection

_RIGHT = Right.ORGANIZATION_MANAGE


@strawberry.input(description="What OpenID Connect needs to know; absent fields can follow.")
class OidcSettingsInput:
    client_id: strawberry.Maybe[str | None]
    client_secret: strawberry.Maybe[str | None] = strawberry.field(description="It is sealed, and shown to nobody.")
    trusts_address: strawberry.Maybe[bool] = strawberry.field(
        description="Take addresses for verified though the provider does not say so, as Entra ID does not."
    )

    def edited(self, choice: Choice) -> Choice:
        """The choice with what is said here; raises BadSetting where another protocol is chosen."""
        if not isinstance(choice.settings, OidcSettings):
            raise BadSetting(f"{choice.name} speaks SAML. There is nothing to choose about OpenID Connect.")
        told = said(self)
        secret = told.pop("client_secret", choice.client_secret)
        return replace(
            choice,
            settings=msgspec.structs.replace(choice.settings, **told),
            client_secret=secret.encode() if isinstance(secret, str) else secret,
        )


@strawberry.input(description="A new connection, by which nobody signs in yet; exactly one protocol is named.")
class SsoConnectionCreateInput:
    name: str = strawberry.field(description="What people know the provider by, such as Okta.")
    issuer: str | None = strawberry.field(
        description="The issuer, to the letter as the provider shows it.", default=None
    )
    oidc: OidcSettingsInput | None = None
    saml: SamlSettingsInput | None = None

    def choice(self, described: Described | None) -> Choice:
        """What is chosen; raises BadSetting unless one protocol is named."""
        if self.oidc is not None and self.saml is None:
            return self.oidc.edited(Choice(self.name, OidcSettings(), self.issuer))
        if self.saml is None or self.oidc is not None:
            raise BadSetting("Name the protocol, one of them: `oidc: {}` or `saml: {}` will do to begin with.")
        made = self.saml.edited(Choice(self.name, SamlSettings()), described)
        return replace(made, issuer=self.issuer or made.issuer)


@strawberry.input(description="Absent fields stay as they are.")
class SsoConnectionUpdateInput:
    name: strawberry.Maybe[str]
    issuer: strawberry.Maybe[str | None] = strawberry.field(
        description="People are recognised by their addresses anew after a change, and so after one of the client id."
    )
    oidc: strawberry.Maybe[OidcSettingsInput]
    saml: strawberry.Maybe[SamlSettingsInput]

    @property
    def about_saml(self) -> SamlSettingsInput | None:
        """What is said of SAML, if anything is."""
        return self.saml.value if self.saml is not None else None

    def edited(self, choice: Choice, described: Described | None) -> Choice:
        """The choice with what is said here, by metadata first."""
        told = said(self)
        oidc, saml = told.pop("oidc", None), told.pop("saml", None)
        if isinstance(saml, SamlSettingsInput):
            choice = saml.edited(choice, described)
        if isinstance(oidc, OidcSettingsInput):
            choice = oidc.edited(choice)
        return replace(choice, **told)


@strawberry.type(description="A connection as it is after an act; null when it is gone.")
class SsoConnectionPayload(Payload):
    connection: SsoConnection | None = None
    remarks: list[str] = strawberry.field(
        description="What is worth knowing of metadata that was taken, such as a certificate that was left out.",
        default_factory=list,
    )


@strawberry.type(description="A step of a check.")
class SsoFinding:
    is_fine: bool
    text: str = strawberry.field(description="What was found, or what to do.")


@strawberry.type(description="What a check found.")
class SsoCheckPayload(Payload):
    findings: list[SsoFinding] | None = None


@strawberry.type(description="How many identities were forgotten.")
class SsoIdentitiesPayload(Payload):
    count: int | None = None


Act = Callable[[Actor, uuid.UUID], Awaitable[ConnectionRow]]


@strawberry.type
class SsoMutation:
    @mutation(needs=_RIGHT, description="Make a connection to an identity provider.")
    async def sso_connection_create(
        self, info: Info, organization_id: strawberry.ID, input: SsoConnectionCreateInput
    ) -> SsoConnectionPayload:
        told: list[str] = []

        async def act(actor: Actor, _: uuid.UUID) -> ConnectionRow:
            actor.must(_RIGHT)
            described = await input.saml.described(actor) if input.saml is not None else None
            told.extend(saml.remarks(described))
            return await connections.create(actor, input.choice(described))

        return await _done(info, organization_id, act, "input", type="Organization", remarks=told)

    @mutation(needs=_RIGHT, description="Change a connection.")
    async def sso_connection_update(
        self, info: Info, id: strawberry.ID, input: SsoConnectionUpdateInput
    ) -> SsoConnectionPayload:
        told: list[str] = []

        async def act(actor: Actor, key: uuid.UUID) -> ConnectionRow:
            await connections.find(actor, key)
            about = input.about_saml
            described = await about.described(actor) if about is not None else None
            told.extend(saml.remarks(described))
            return await connections.change(actor, key, lambda choice: input.edited(choice, described))

        return await _done(info, id, act, "input", remarks=told)

    @mutation(needs=_RIGHT, description="Let people sign in by a connection.")
    async def sso_connection_activate(self, info: Info, id: strawberry.ID) -> SsoConnectionPayload:
        return await _done(info, id, connections.activate, "id")

    @mutation(needs=_RIGHT, description="Let nobody sign in by a connection any more.")
    async def sso_connection_switch_off(self, info: Info, id: strawberry.ID) -> SsoConnectionPayload:
        return await _done(info, id, connections.switch_off, "id")

    @mutation(needs=_RIGHT, description="Forget a connection and by which ids it knows people; they stay members.")
    async def sso_connection_remove(self, info: Info, id: strawberry.ID) -> SsoConnectionPayload:
        tried = await acting.on(info, id, "SsoConnection", connections.remove, "id")
        return SsoConnectionPayload(user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(
        needs=_RIGHT,
        weight=50,
        description="Does it work? Asks the provider for its document and its keys, and says what is wrong.",
    )
    async def sso_connection_check(self, info: Info, id: strawberry.ID) -> SsoCheckPayload:
        async def act(actor: Actor, key: uuid.UUID) -> list[Finding]:
            if (await connections.find(actor, key)).kind == SsoKind.SAML:
                return list(await saml_checks.check(actor, key))
            chosen = info.context.settings
            async with Client(chosen.allow_networks, own_port=chosen.port) as client:
                return list(await checks.check(actor, key, Providers(client)))

        tried = await acting.on(info, id, "SsoConnection", act, "id")
        found = tried.done[1] if tried.done else None
        shown = None if found is None else [SsoFinding(is_fine=each.is_fine, text=each.text) for each in found]
        return SsoCheckPayload(findings=shown, user_errors=tried.user_errors)

    @mutation(
        needs=_RIGHT,
        description="Recognise a member by address once more, because the provider knows them by another id now.",
    )
    async def sso_identities_forget(self, info: Info, member_id: strawberry.ID) -> SsoIdentitiesPayload:
        tried = await acting.on(info, member_id, "Member", identities.forget, "memberId")
        count = tried.done[1] if tried.done else None
        return SsoIdentitiesPayload(count=count, user_errors=tried.user_errors, remembered=tried.remembered)


async def _done(
    info: Info, id: str, act: Act, *path: str, type: str = "SsoConnection", remarks: Sequence[str] = ()
) -> SsoConnectionPayload:
    tried = await acting.on(info, id, type, act, *path)
    shown = connection(tried.done[1], info.context.settings.public_url) if tried.done else None
    return SsoConnectionPayload(
        connection=shown, remarks=list(remarks), user_errors=tried.user_errors, remembered=tried.remembered
    )
