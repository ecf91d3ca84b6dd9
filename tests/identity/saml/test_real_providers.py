"""Signing in at real identity providers that speak SAML: one by pysaml2, one by samlp on Node.js."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.identity import entering, sessions
from api.identity.problems import ShutOut
from tests.graphql.conftest import Api, NewApi, new_api
from tests.idps import node
from tests.idps.browsing import forms
from tests.idps.pysaml import IdentityProvider
from tests.scim.conversation import Scim
from tests.scim.governing import active, member_of, person

from ..browsers import browser_of
from .forging import posted, signer
from .signing_in import SESSION, is_in

__all__ = ["new_api"]

SHA256 = {
    "sign_alg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "digest_alg": "http://www.w3.org/2001/04/xmlenc#sha256",
}
PERSISTENT = {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "text": "ann-1"}
ANN = {"mail": ["ann@example.com"], "givenName": ["Ann"], "sn": ["Lee"]}
PEOPLE = {
    "ann": {
        "id": "ann-1",
        "emails": [{"value": "ann@example.com"}],
        "displayName": "Ann Lee",
        "name": {"givenName": "Ann", "familyName": "Lee"},
        "groups": ["admins"],
    },
    "nobody": {"denied": True},
}
CREATE = """mutation ($id: ID!, $input: SsoConnectionCreateInput!) {
  ssoConnectionCreate(organizationId: $id, input: $input) {
    connection { id lacks issuer saml { ssoUrl acsUrl entityId spMetadataUrl } } remarks userErrors { message } } }"""
ACTIVATE = "mutation ($id: ID!) { ssoConnectionActivate(id: $id) { userErrors { message } } }"
CHECK = "mutation ($id: ID!) { ssoConnectionCheck(id: $id) { findings { isFine text } userErrors { message } } }"


@pytest.fixture
async def api(acme: Scim, new_api: NewApi) -> Api:
    """A program of Acme's admins."""
    return await new_api(acme.access.organization_id)


@pytest.fixture
async def elsewhere(_application: object) -> AsyncIterator[httpx.AsyncClient]:
    """The browser as it comes from another site: without cookies of ours."""
    async with browser_of(_application) as http:
        yield http


@pytest.fixture
def samlp() -> Iterator[str]:
    """The address of an identity provider on Node.js."""
    with samlp_with() as address:
        yield address


def samlp_with(**options: Any) -> Any:
    by = signer("samlp")
    key = by.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    cert = by.certificate.public_bytes(Encoding.PEM).decode()
    return node.running("saml.mjs", "samlp", key=key, cert=cert, people=PEOPLE, options=options)


async def connected(api: Api, name: str, **saml: Any) -> dict[str, Any]:
    """A connection that was made as admins do, and is in use."""
    given = {"id": api.id("Organization", api.organization), "input": {"name": name, "saml": saml}}
    made = (await api.ask(CREATE, **given))["ssoConnectionCreate"]
    assert made["userErrors"] == [], made
    connection: dict[str, Any] = made["connection"]
    assert (await api.ask(ACTIVATE, id=connection["id"]))["ssoConnectionActivate"]["userErrors"] == []
    return connection


async def at_pysaml2(
    api: Api, http: httpx.AsyncClient, folder: Path, **chosen: Any
) -> tuple[dict[str, Any], IdentityProvider]:
    """A connection by pysaml2's own metadata, which has read that of the connection."""
    by = signer("pysaml2")
    connection = await connected(api, "pysaml2", metadataXml=IdentityProvider(folder, by).metadata, **chosen)
    ours = (await http.get(connection["saml"]["spMetadataUrl"])).text
    return connection, IdentityProvider(folder, by, [ours.partition("?>")[2]])


async def sign_in_at_pysaml2(
    api: Api, http: httpx.AsyncClient, elsewhere: httpx.AsyncClient, folder: Path, **chosen: Any
) -> httpx.Response:
    connection, provider = await at_pysaml2(api, http, folder)
    start = connection["saml"]["acsUrl"].replace("/acs", "/start")
    sent = await http.get(start, params={"return_to": "/o/7"})
    answered = provider.answer(sent.headers["location"], PERSISTENT, ANN, **chosen)
    form = {"SAMLResponse": posted(answered.response.encode()), "RelayState": answered.relay_state}
    back = await elsewhere.post(answered.acs_url, data=form)
    return await http.get(back.headers["location"]) if back.status_code == 303 else back


@pytest.mark.parametrize("signed", ["sign_assertion", "sign_response"])
async def test_at_pysaml2_by_the_metadata_of_both(
    api: Api, client: httpx.AsyncClient, elsewhere: httpx.AsyncClient, acme: Scim, tmp_path: Path, signed: str
) -> None:
    answer = await sign_in_at_pysaml2(api, client, elsewhere, tmp_path, **SHA256, **{signed: True})
    assert is_in(answer), answer.text
    assert answer.headers["location"] == "/o/7"
    found = await member_of(acme)
    assert (found["status"], found["seat_type"], found["role"]) == ("ACTIVE", "full", "viewer")


@pytest.mark.parametrize("chosen", [{"sign_assertion": True}, {}])
async def test_what_pysaml2_does_by_itself_is_not_good_enough(
    api: Api, client: httpx.AsyncClient, elsewhere: httpx.AsyncClient, tmp_path: Path, chosen: dict[str, Any]
) -> None:
    """It signs by SHA-1, or nothing at all, unless it is told otherwise."""
    assert not is_in(await sign_in_at_pysaml2(api, client, elsewhere, tmp_path, **chosen))


async def at_samlp(
    client: httpx.AsyncClient, elsewhere: httpx.AsyncClient, connection: dict[str, Any], login: str
) -> httpx.Response:
    """Go to samlp, say who one is, and come back with its form."""
    start = connection["saml"]["acsUrl"].replace("/acs", "/start")
    sent = await client.get(start)
    async with httpx.AsyncClient() as web:
        asks = await web.get(sent.headers["location"])
        asking = forms(asks)[0]
        page = await web.get(urljoin(str(asks.url), asking.action), params={**asking.fields, "login": login})
    bringing = forms(page)[0]
    assert bringing.action == connection["saml"]["acsUrl"]
    back = await elsewhere.post(bringing.action, data=bringing.fields)
    return await client.get(back.headers["location"]) if back.status_code == 303 else back


async def test_at_samlp_by_the_url_of_its_metadata(
    api: Api,
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    acme: Scim,
    samlp: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The story: an admin connects the provider, Ann signs in, SCIM takes her over, and takes her access away."""
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    connection = await connected(api, "samlp", metadataUrl=f"{samlp}/metadata")
    assert connection["issuer"].startswith("urn:samlp:")
    assert all(each["isFine"] for each in (await api.ask(CHECK, id=connection["id"]))["ssoConnectionCheck"]["findings"])

    assert is_in(await at_samlp(client, elsewhere, connection, "ann"))
    found = await member_of(acme)
    assert (found["display_name"], found["seat_type"], found["role"]) == ("Ann Lee", "full", "viewer")

    session = await sessions.resume(client.cookies[SESSION])
    assert session is not None
    await entering.enter(session, acme.access.organization_id)
    ann = await acme.post("/Users", person())
    await acme.patch(f"/Users/{ann.json()['id']}", active(False))
    with pytest.raises(ShutOut):
        await entering.enter(session, acme.access.organization_id)
    client.cookies.delete(SESSION)
    refused = await at_samlp(client, elsewhere, connection, "ann")
    assert not is_in(refused)
    assert "They were deactivated" in refused.text


@pytest.mark.parametrize("options", [{"signResponse": True}, {"signResponse": True, "signAssertion": False}])
async def test_samlp_may_sign_the_response_as_well_or_alone(
    api: Api,
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    options: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    with samlp_with(**options) as address:
        connection = await connected(api, "samlp", metadataUrl=f"{address}/metadata")
        assert is_in(await at_samlp(client, elsewhere, connection, "ann"))


async def test_samlp_says_no(
    api: Api, client: httpx.AsyncClient, elsewhere: httpx.AsyncClient, samlp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    connection = await connected(api, "samlp", metadataUrl=f"{samlp}/metadata")
    answer = await at_samlp(client, elsewhere, connection, "nobody")
    assert not is_in(answer)
    assert "did not let you in" in answer.text
