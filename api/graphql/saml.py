"""What a connection that speaks SAML shows, and what can be chosen about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import strawberry

from api.identity import choices, saml_checks, saml_flow, saml_metadata
from api.identity.choices import Choice
from api.identity.saml.metadata import Described
from api.provisioning import clock
from api.provisioning.actor import Actor
from api.provisioning.errors import BadSetting
from db.sso_rows import ConnectionRow

from .inputs import said


@strawberry.type(description="A certificate by whose key an identity provider signs what it says.")
class SamlCertificate:
    fingerprint: str = strawberry.field(description="SHA-256, in hexadecimal digits.")
    subject: str
    begins_at: datetime
    ends_at: datetime = strawberry.field(description="After that it still works; only admins are warned.")
    warning: str | None = strawberry.field(description="Set when the end is near or past: what to do.")


@strawberry.type(description="What SAML needs to know, on both sides.")
class SamlSettings:
    sso_url: str | None = strawberry.field(description="Where the identity provider asks people who they are.")
    certificates: list[SamlCertificate]
    metadata_url: str | None = strawberry.field(
        description="Where the identity provider publishes its keys; they are fetched from there once a day."
    )
    allows_idp_initiated: bool = strawberry.field(
        description="Whether people may come from the identity provider without having begun here; they are asked then."
    )
    subject_attribute: str | None = strawberry.field(description="The attribute of people's id; null for the NameID.")
    email_attribute: str | None = strawberry.field(
        description="The attribute of people's address; null for where it usually stands."
    )
    entity_id: str = strawberry.field(description="What has to be entered at the identity provider as entity id.")
    acs_url: str = strawberry.field(description="What has to be entered there as ACS URL or reply URL.")
    sp_metadata_url: str = strawberry.field(description="Both as metadata, for identity providers that read that.")


def settings(row: ConnectionRow, public_url: str) -> SamlSettings:
    """What the schema shows of a connection's settings."""
    chosen, ours = choices.saml(row), saml_flow.provider(public_url, row.id)
    described = saml_checks.described(row, clock.now())
    return SamlSettings(
        sso_url=chosen.sso_url,
        certificates=[
            SamlCertificate(
                fingerprint=each.fingerprint,
                subject=each.subject,
                begins_at=each.begins_at,
                ends_at=each.ends_at,
                warning=each.warning,
            )
            for each in described
        ],
        metadata_url=chosen.metadata_url,
        allows_idp_initiated=chosen.allows_idp_initiated,
        subject_attribute=chosen.subject_attribute,
        email_attribute=chosen.email_attribute,
        entity_id=ours.entity_id,
        acs_url=ours.acs_url,
        sp_metadata_url=ours.entity_id,
    )


@strawberry.input(
    description="What SAML needs to know; absent fields can follow. Metadata says issuer, ssoUrl and certificates."
)
class SamlSettingsInput:
    metadata_xml: str | None = strawberry.field(description="The identity provider's metadata.", default=None)
    metadata_url: strawberry.Maybe[str | None] = strawberry.field(
        description="Where that is published. It is fetched now, and once a day from then on."
    )
    sso_url: strawberry.Maybe[str | None]
    certificates: strawberry.Maybe[list[str]] = strawberry.field(
        description="In PEM; all that may sign from now on. Two, while one replaces the other."
    )
    allows_idp_initiated: strawberry.Maybe[bool]
    subject_attribute: strawberry.Maybe[str | None] = strawberry.field(
        description="People are recognised by their addresses anew after a change."
    )
    email_attribute: strawberry.Maybe[str | None]

    async def described(self, actor: Actor) -> Described | None:
        """What metadata says, if there is any here; raises BadSetting for what cannot be used."""
        if self.metadata_xml is not None:
            return await saml_metadata.read(self.metadata_xml)
        if self.metadata_url is not None and self.metadata_url.value:
            return await saml_metadata.fetch(actor, self.metadata_url.value)
        return None

    def edited(self, choice: Choice, described: Described | None) -> Choice:
        """The choice with what is said here, by metadata first; raises BadSetting where another protocol is chosen."""
        if not isinstance(choice.settings, choices.SamlSettings):
            raise BadSetting(f"{choice.name} speaks OpenID Connect. There is nothing to choose about SAML.")
        if described is not None:
            choice = saml_metadata.chosen(choice, described)
        told = said(self)
        told.pop("metadata_xml", None)
        if "certificates" in told:
            told["certificates"] = tuple(told["certificates"])
        return replace(choice, settings=msgspec.structs.replace(choice.settings, **told))


def remarks(described: Described | None) -> Sequence[str]:
    """What an admin should know of metadata that was taken."""
    return () if described is None else described.remarks
