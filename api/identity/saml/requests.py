"""Asking an identity provider who somebody is: an AuthnRequest by HTTP-Redirect (SAML-BINDINGS §3.4)."""

from __future__ import annotations

import base64
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from lxml import etree

from . import names, times
from .names import a, p


@dataclass(frozen=True, slots=True)
class Provider:
    """Rollcall as a service provider, one for each connection: its entity id, and the URL that answers come to."""

    entity_id: str
    acs_url: str


def new_id() -> str:
    """An id that nobody guesses, and that begins as names in XML do."""
    return f"_{secrets.token_hex(20)}"


def url(sso_url: str, provider: Provider, request: str, relay_state: str, now: datetime) -> str:
    """Where to send the browser so that the identity provider asks its person and answers `request`."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = deflate.compress(document(sso_url, provider, request, now)) + deflate.flush()
    query = urlencode({"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": relay_state})
    parts = urlsplit(sso_url)
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query, fragment="").geturl()


def document(sso_url: str, provider: Provider, request: str, now: datetime) -> bytes:
    """The AuthnRequest. It asks for no format of NameID: that is set up at the identity provider."""
    root = etree.Element(p("AuthnRequest"), nsmap={"samlp": names.PROTOCOL, "saml": names.ASSERTION})
    root.attrib.update(
        {
            "ID": request,
            "Version": "2.0",
            "IssueInstant": times.write(now),
            "Destination": sso_url,
            "ProtocolBinding": names.HTTP_POST,
            "AssertionConsumerServiceURL": provider.acs_url,
        }
    )
    etree.SubElement(root, a("Issuer")).text = provider.entity_id
    etree.SubElement(root, p("NameIDPolicy"), AllowCreate="true")
    return etree.tostring(root, encoding="utf-8")
