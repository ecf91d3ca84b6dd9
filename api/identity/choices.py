"""What can be chosen about a connection to an identity provider, and what it still lacks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from api.provisioning.errors import BadSetting
from db.enums import SsoKind
from db.sso_rows import ConnectionRow

from .saml import certificates, metadata

_LONGEST_NAME, _LONGEST_ISSUER, _LONGEST_CLIENT, _LONGEST_SECRET = 100, 500, 500, 1000
_LONGEST_ENTITY, _LONGEST_ATTRIBUTE = 1024, 200


class OidcSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is chosen about OpenID Connect, besides the issuer and the secret.

    `trusts_address` takes addresses for proved though the provider does not say that they are, as Entra ID does not.
    """

    client_id: str | None = None
    trusts_address: bool = False


class SamlSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is chosen about SAML, besides the provider's entity id.

    `certificates` are in PEM. Two attributes may be named from which people's id and address are taken, instead of from
    where they usually stand.
    """

    sso_url: str | None = None
    certificates: tuple[str, ...] = ()
    metadata_url: str | None = None
    allows_idp_initiated: bool = False
    subject_attribute: str | None = None
    email_attribute: str | None = None


Settings = OidcSettings | SamlSettings


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose about a connection; `client_secret` is in the clear. What is None can follow later."""

    name: str
    settings: Settings
    issuer: str | None = None
    client_secret: bytes | None = None

    @property
    def kind(self) -> SsoKind:
        """The protocol."""
        return SsoKind.OIDC if isinstance(self.settings, OidcSettings) else SsoKind.SAML


def oidc(row: ConnectionRow) -> OidcSettings:
    """What is chosen about a connection that speaks OpenID Connect."""
    return msgspec.json.decode(row.settings, type=OidcSettings)


def saml(row: ConnectionRow) -> SamlSettings:
    """What is chosen about a connection that speaks SAML."""
    return msgspec.json.decode(row.settings, type=SamlSettings)


def settings(row: ConnectionRow) -> Settings:
    """What is chosen about a connection, whatever it speaks."""
    return oidc(row) if row.kind == SsoKind.OIDC else saml(row)


def checked(choice: Choice) -> Choice:
    """The choice without blanks around its texts; raises BadSetting for what makes no sense."""
    name = choice.name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadSetting(f"A connection needs a name of at most {_LONGEST_NAME} characters, without line breaks.")
    if isinstance(choice.settings, OidcSettings):
        issuer = _text("The issuer", choice.issuer, _LONGEST_ISSUER)
        client = _text("The client id", choice.settings.client_id, _LONGEST_CLIENT)
        if choice.client_secret is not None and not 0 < len(choice.client_secret) <= _LONGEST_SECRET:
            raise BadSetting(f"The client secret has from 1 to {_LONGEST_SECRET} characters.")
        return Choice(name, msgspec.structs.replace(choice.settings, client_id=client), issuer, choice.client_secret)
    if choice.client_secret is not None:
        raise BadSetting("SAML knows no client secret.")
    return Choice(name, _checked_saml(choice.settings), _text("The entity id", choice.issuer, _LONGEST_ENTITY))


def _checked_saml(settings: SamlSettings) -> SamlSettings:
    found = certificates.read("\n".join(settings.certificates)) if settings.certificates else []
    for what, url in (("The sign-in URL", settings.sso_url), ("The URL of metadata", settings.metadata_url)):
        if url is not None:
            metadata.checked_url(url, what)
    return msgspec.structs.replace(
        settings,
        certificates=tuple(certificates.text(each) for each in found),
        subject_attribute=_text("The attribute of people's id", settings.subject_attribute, _LONGEST_ATTRIBUTE),
        email_attribute=_text("The attribute of people's address", settings.email_attribute, _LONGEST_ATTRIBUTE),
    )


def missing(choice: Choice) -> Sequence[str]:
    """What has to be filled in before anybody can sign in, in words for people."""
    needed: dict[str, object]
    match choice.settings:
        case OidcSettings(client_id=client):
            needed = {"the issuer": choice.issuer, "the client id": client, "the client secret": choice.client_secret}
        case SamlSettings(sso_url=url, certificates=certificates):
            needed = {"the entity id": choice.issuer, "the sign-in URL": url, "a certificate": certificates or None}
    return [words for words, value in needed.items() if value is None]


def missing_of(row: ConnectionRow) -> Sequence[str]:
    """The same of a connection, without opening its secret."""
    return missing(Choice(row.name, settings(row), row.issuer, row.client_secret))


def to_json(settings: Settings) -> str:
    """The settings as a connection's row holds them."""
    return msgspec.json.encode(settings).decode()


def _text(what: str, text: str | None, longest: int) -> str | None:
    """A text that is compared to the letter: blanks around it are slips, any other control character is refused."""
    found = (text or "").strip()
    if len(found) > longest or not found.isprintable():
        raise BadSetting(f"{what} has at most {longest} characters, and no line breaks or such.")
    return found or None
