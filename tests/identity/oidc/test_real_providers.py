"""Signing in at identity providers that others wrote: `oidc-provider` on Node.js, and `oidc-provider-mock`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest

from api.identity import connections
from api.identity.choices import Choice, OidcSettings
from db import sql
from db.sso_rows import ConnectionRow
from tests.conftest import BASE_URL
from tests.graphql.conftest import Api, NewApi, new_api
from tests.graphql.operations.members import own as own_id
from tests.idps import node
from tests.idps.browsing import Traveller
from tests.scim.conversation import Scim
from tests.scim.governing import active, governor, member_of, person

from ..browsers import browser_of, reasons
from .provider import CLIENT_ID
from .signing_in import BROWSER, SESSION, is_in, known

__all__ = ["new_api"]

SECRET = "s3cret/with:signs+and %20 more"
ANN = {"email": "ann@example.com", "email_verified": True, "name": "Ann Lee"}
CLIENT = {"client_id": "rollcall", "client_secret": SECRET}


@pytest.fixture
async def browser(_application: object, database: None) -> AsyncIterator[httpx.AsyncClient]:
    """What a person has in front of Rollcall."""
    async with browser_of(_application) as app:
        yield app


async def drafted(scim: Scim, client_id: str = "rollcall") -> ConnectionRow:
    """A connection whose provider is not known yet; the provider wants its redirect URI first."""
    choice = Choice("Provider", OidcSettings(client_id), client_secret=SECRET.encode())
    return await connections.create(governor(scim), choice)


async def used(scim: Scim, row: ConnectionRow, issuer: str) -> ConnectionRow:
    """The connection, by which people sign in now."""
    await connections.change(governor(scim), row.id, lambda before: replace(before, issuer=issuer))
    return await connections.activate(governor(scim), row.id)


@contextmanager
def strict(row: ConnectionRow, **chosen: Any) -> Iterator[str]:
    """`oidc-provider`, where the connection is registered, and Ann and Bob are known."""
    options = {
        "client": {**CLIENT, "redirect_uris": [f"{BASE_URL}/sso/{row.id}/callback"]},
        "people": {"ann": ANN, "bob": {"email": "bob@example.com", "email_verified": False}},
        "algorithm": "RS256",
        "authMethod": "client_secret_basic",
        "claimsInToken": False,
        **chosen,
    }
    with node.running("oidc.mjs", "oidc-provider", **options) as issuer:
        yield issuer


async def sign_in(traveller: Traveller, row: ConnectionRow, login: str, until: str = "/done") -> httpx.Response:
    """Sign in at `oidc-provider`, by its forms; the answer that leads to `until`, or the last one."""
    page = await traveller.go(f"{BASE_URL}/sso/{row.id}/start?return_to=/done")
    page = await traveller.send(page, login=login, password="whatever")
    return await traveller.send(page, until=f"{BASE_URL}{until}")


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "ES512", "Ed25519", "EdDSA"])
async def test_somebody_signs_in_at_a_strict_provider(acme: Scim, browser: httpx.AsyncClient, algorithm: str) -> None:
    """PKCE, `iss` with the answer, claims from userinfo."""
    row = await drafted(acme)
    with strict(row, algorithm=algorithm) as issuer:
        row = await used(acme, row, issuer)
        async with httpx.AsyncClient() as web:
            answer = await sign_in(Traveller(browser, web), row, "ann")
    assert is_in(answer), await reasons(row)
    assert await known(row) == {"ann": "ann@example.com"}
    assert (await member_of(acme))["display_name"] == "Ann Lee"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_a_provider_is_told_who_we_are_as_it_wants_it(
    acme: Scim, browser: httpx.AsyncClient, method: str
) -> None:
    """With an id and a secret that are full of what has to be encoded."""
    row = await drafted(acme, CLIENT_ID)
    redirect_uris = [f"{BASE_URL}/sso/{row.id}/callback"]
    client = {"client_id": CLIENT_ID, "client_secret": SECRET, "redirect_uris": redirect_uris}
    with strict(row, client=client, authMethod=method, claimsInToken=True) as issuer:
        row = await used(acme, row, issuer)
        async with httpx.AsyncClient() as web:
            answer = await sign_in(Traveller(browser, web), row, "ann")
    assert is_in(answer), await reasons(row)


async def test_a_strict_provider_tells_what_is_wrong(acme: Scim, browser: httpx.AsyncClient) -> None:
    row = await drafted(acme)
    with strict(row) as issuer:
        row = await used(acme, row, issuer)
        await connections.change(governor(acme), row.id, lambda before: replace(before, client_secret=b"wrong"))
        async with httpx.AsyncClient() as web:
            traveller = Traveller(browser, web)
            assert not is_in(await sign_in(traveller, row, "ann"))
            assert "invalid_client" in (await reasons(row))[-1]
    async with httpx.AsyncClient() as web:
        assert not is_in(await Traveller(browser, web).go(f"{BASE_URL}/sso/{row.id}/callback?state=x&code=y"))


async def test_an_address_that_a_strict_provider_has_not_verified_is_nobodys(
    acme: Scim, browser: httpx.AsyncClient
) -> None:
    row = await drafted(acme)
    with strict(row) as issuer:
        row = await used(acme, row, issuer)
        async with httpx.AsyncClient() as web:
            answer = await sign_in(Traveller(browser, web), row, "bob")
    assert not is_in(answer)
    assert await known(row) == {}


async def test_whoever_cancels_is_told_so(acme: Scim, browser: httpx.AsyncClient) -> None:
    row = await drafted(acme)
    with strict(row) as issuer:
        row = await used(acme, row, issuer)
        async with httpx.AsyncClient() as web:
            traveller = Traveller(browser, web)
            page = await traveller.go(f"{BASE_URL}/sso/{row.id}/start")
            answer = await traveller.go(f"{page.url}/abort")
    assert not is_in(answer)
    assert "did not let you in, or you cancelled" in answer.text


async def test_a_code_of_another_browser_is_refused_by_the_provider_itself(
    acme: Scim, browser: httpx.AsyncClient, another: httpx.AsyncClient
) -> None:
    """Code injection: the attacker's code with the victim's state. The verifier is another one (PKCE)."""
    row = await drafted(acme)
    with strict(row) as issuer:
        row = await used(acme, row, issuer)
        async with httpx.AsyncClient() as web, httpx.AsyncClient() as other_web:
            stopped = await sign_in(Traveller(another, other_web), row, "ann", until="/sso/")
            code = parse_qs(urlsplit(stopped.headers["location"]).query)["code"][0]
            begun = await browser.get(f"/sso/{row.id}/start")
            state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
            answer = await Traveller(browser, web).go(
                f"{BASE_URL}/sso/{row.id}/callback?code={code}&state={state}&iss={issuer}"
            )
    assert not is_in(answer)
    [reason] = await reasons(row)
    assert "invalid_grant" in reason


@pytest.fixture
def lenient() -> Iterator[str]:
    """`oidc-provider-mock`, where everybody is who they say they are."""
    people = [oidc_provider_mock.User(sub="ann", claims=ANN), oidc_provider_mock.User(sub="eve", claims={})]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


async def test_somebody_signs_in_at_a_lenient_provider(acme: Scim, browser: httpx.AsyncClient, lenient: str) -> None:
    row = await used(acme, await drafted(acme), lenient)
    async with httpx.AsyncClient() as web:
        traveller = Traveller(browser, web)
        page = await traveller.go(f"{BASE_URL}/sso/{row.id}/start?return_to=/done")
        answer = await traveller.send(page, sub="ann", until=f"{BASE_URL}/done")
        assert is_in(answer), await reasons(row)
        page = await traveller.go(f"{BASE_URL}/sso/{row.id}/start")
        assert not is_in(await traveller.send(page, sub="eve"))
        page = await traveller.go(f"{BASE_URL}/sso/{row.id}/start")
        assert not is_in(await traveller.send(page, action="deny"))
    assert await known(row) == {"ann": "ann@example.com"}


CREATE = """mutation ($id: ID!) { ssoConnectionCreate(organizationId: $id, input: {name: "Provider", oidc: {
  clientId: "rollcall", clientSecret: "%s"}}) {
    connection { id startUrl oidc { redirectUri } } userErrors { message } } }"""
UPDATE = """mutation ($id: ID!, $issuer: String!) {
  ssoConnectionUpdate(id: $id, input: {issuer: $issuer}) { userErrors { message } } }"""
ACTIVATE = "mutation ($id: ID!) { ssoConnectionActivate(id: $id) { connection { state } userErrors { message } } }"


async def test_from_a_connection_over_graphql_to_the_end_of_somebodys_access(
    acme: Scim, browser: httpx.AsyncClient, new_api: NewApi
) -> None:
    """The story: an admin connects the provider, Ann signs in, SCIM takes her over, and takes her access away."""
    api: Api = await new_api(acme.access.organization_id)
    made = (await api.ask(CREATE % SECRET, **await own_id(api, acme)))["ssoConnectionCreate"]["connection"]
    client = {**CLIENT, "redirect_uris": [made["oidc"]["redirectUri"]]}
    options = {"client": client, "people": {"ann": ANN}, "algorithm": "ES256", "claimsInToken": True}
    with node.running("oidc.mjs", "oidc-provider", **options, authMethod="client_secret_post") as issuer:
        await api.ask(UPDATE, id=made["id"], issuer=issuer)
        done = await api.ask(ACTIVATE, id=made["id"])
        assert done["ssoConnectionActivate"]["connection"]["state"] == "ACTIVE"
        async with httpx.AsyncClient() as web:
            traveller = Traveller(browser, web)
            page = await traveller.go(f"{made['startUrl']}?return_to=/done")
            page = await traveller.send(page, login="ann", password="whatever")
            answer = await traveller.send(page, until=f"{BASE_URL}/done")
            assert is_in(answer)
            member = await member_of(acme)
            assert (member["source"], member["seat"], member["role"]) == ("JIT", "full", "viewer")
            user = await acme.post("/Users", person())
            assert user.status_code == 201
            await acme.patch(f"/Users/{user.json()['id']}", active(False))
            browser.cookies.delete(SESSION)
            again = await traveller.go(f"{made['startUrl']}?return_to=/done")
            assert not is_in(again)
            assert "They were deactivated" in again.text
    assert await sql.value("SELECT count(*) FROM member") == 1
    assert BROWSER in browser.cookies
