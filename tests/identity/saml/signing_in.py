"""What tests of single sign-on by SAML do: an organization with a connection, and browsers that go and come back."""

from __future__ import annotations

import base64
import uuid
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from lxml import etree

from api.identity import connections
from api.identity.choices import Choice, SamlSettings
from api.identity.saml import certificates
from api.provisioning import clock
from api.provisioning.actor import Actor
from db.sso_rows import ConnectionRow
from tests.conftest import BASE_URL

from .forging import HONEST, ISSUER, Answer, Signer, idp, posted, signed_by_idp, with_signed_assertion

SSO_URL = "https://idp.example.com/sso"
SESSION, BROWSER = "rollcall-session", "rollcall-browser"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an identity provider was asked: the id of the question, and what it has to give back with the answer."""

    request: str
    relay_state: str
    acs_url: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody's browser in front of one connection. Posting from another site, it has no cookies."""

    http: httpx.AsyncClient
    elsewhere: httpx.AsyncClient
    connection: ConnectionRow

    @property
    def base(self) -> str:
        return f"/sso/{self.connection.id}"

    async def go(self, **query: str) -> Asked:
        """Begin to sign in; what the identity provider is asked."""
        answer = await self.http.get(f"{self.base}/start", params=query)
        assert answer.status_code == 303, answer.text
        return asked(answer.headers["location"])

    async def post(self, field: str, relay_state: str | None = None) -> httpx.Response:
        """Bring an answer, as the identity provider's page has browsers do."""
        form = {"SAMLResponse": field, **({} if relay_state is None else {"RelayState": relay_state})}
        headers = {"origin": "https://idp.example.com", "sec-fetch-site": "cross-site"}
        return await self.elsewhere.post(f"{self.base}/acs", data=form, headers=headers)

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer leads, if it leads anywhere."""
        return await self.http.get(answer.headers["location"]) if answer.status_code == 303 else answer

    async def sign_in(self, answer: Answer = HONEST, by: Signer | None = None, **query: str) -> httpx.Response:
        """Go and come back."""
        begun = await self.go(**query)
        field = posted(with_signed_assertion(self.current(answer, begun.request), by or idp()))
        return await self.follow(await self.post(field, begun.relay_state))

    def current(self, answer: Answer = HONEST, request: str | None = None) -> Answer:
        """The answer as one of now to this connection; without a request, to none."""
        base, at = f"{BASE_URL}{self.base}", clock.now()
        return replace(
            answer,
            audience=f"{base}/metadata",
            recipient=f"{base}/acs",
            destination=f"{base}/acs",
            issued=_written(at),
            begins=_written(at - timedelta(minutes=1)),
            ends=_written(at + timedelta(minutes=5)),
            request=request or "",
            outer_request=request or "",
            id=f"_a{uuid.uuid4().hex}",
        )

    def unasked(self, answer: Answer = HONEST) -> str:
        """An answer that nobody asked for, as the field of a form."""
        xml = self.current(answer).xml().replace(' InResponseTo=""', "")
        return posted(signed_by_idp(xml))


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(location: str) -> Asked:
    """What stands in the URL by which a browser is sent to an identity provider."""
    query = parse_qs(urlsplit(location).query)
    root = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15))
    issuer = root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer") or ""
    acs = str(root.get("AssertionConsumerServiceURL"))
    return Asked(str(root.get("ID")), query["RelayState"][0], acs, issuer)


async def connect(actor: Actor, by: Signer | None = None, *, name: str = "Okta", **chosen: Any) -> ConnectionRow:
    """A connection to an identity provider by which people sign in."""
    text = certificates.text((by or idp()).certificate)
    settings = SamlSettings(**{"sso_url": SSO_URL, "certificates": (text,), **chosen})
    made = await connections.create(actor, Choice(name, settings, issuer=ISSUER))
    return await connections.activate(actor, made.id)


def is_in(answer: httpx.Response) -> bool:
    """Whether somebody was signed in; an answer is one or the other, and nothing between."""
    has_session = bool(answer.cookies.get(SESSION))
    assert (answer.status_code == 303) == has_session, answer.text
    return has_session
