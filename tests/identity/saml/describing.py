"""Metadata as identity providers publish it."""

from __future__ import annotations

from collections.abc import Sequence

from .forging import ISSUER, Signer, idp

SSO_URL = "https://idp.example.com/sso?app=7"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"


def key(of: Signer | str, use: str | None = "signing") -> str:
    """A key of metadata."""
    text = of if isinstance(of, str) else of.base64
    attribute = f' use="{use}"' if use else ""
    return (
        f"<KeyDescriptor{attribute}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate>"
        "</ds:X509Data></ds:KeyInfo></KeyDescriptor>"
    )


def metadata(
    keys: Sequence[str] | None = None,
    *,
    entity: str = ISSUER,
    sso_url: str = SSO_URL,
    binding: str = REDIRECT,
    attributes: str = "",
    more: str = "",
) -> str:
    """What an identity provider publishes of itself."""
    return (
        f'<EntityDescriptor xmlns="{MD}" xmlns:ds="{DS}" entityID="{entity}" {attributes}><!-- made by hand -->'
        f'<IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}" {more}>{"".join(keys or [key(idp())])}'
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://other/"/>'
        f'<SingleSignOnService Binding="{binding}" Location="{sso_url}"/></IDPSSODescriptor></EntityDescriptor>'
    )
