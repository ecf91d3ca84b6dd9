"""Connections to identity providers over GraphQL: what is shown, what is not, and what a check says."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from api.graphql import schema
from api.provisioning.actor import Right
from tests.identity.oidc.conftest import loopback, provider
from tests.identity.oidc.provider import Provider
from tests.identity.oidc.signing_in import Browser, connect
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .conftest import Api, NewApi
from .operations.members import own

__all__ = ["loopback", "provider"]

ROOT = Path(__file__).parents[2]

CREATE = """mutation ($id: ID!, $input: SsoConnectionCreateInput!) {
  ssoConnectionCreate(organizationId: $id, input: $input) {
    connection { id } userErrors { code message field } auditEntry { action actor { name } } } }"""
UPDATE = """mutation ($id: ID!, $input: SsoConnectionUpdateInput!) {
  ssoConnectionUpdate(id: $id, input: $input) { connection { id } userErrors { code message } } }"""
ALL = """{ organization { ssoConnections { kind name state issuer lacks startUrl
  oidc { clientId hasClientSecret trustsAddress redirectUri } lastRefusals { reason email trace } } } }"""
CHECK = """mutation ($id: ID!) { ssoConnectionCheck(id: $id) {
  findings { isFine text } userErrors { code message } } }"""


async def make(api: Api, scim: Scim, **input: Any) -> str:
    """A connection; its id."""
    made = await api.ask(CREATE, **await own(api, scim), input={"name": "Okta", "oidc": {}, **input})
    assert made["ssoConnectionCreate"]["userErrors"] == []
    found: str = made["ssoConnectionCreate"]["connection"]["id"]
    return found


async def test_a_connection_can_be_begun_with_nothing_but_a_name(api: Api, scim: Scim) -> None:
    """The redirect URI is what the provider wants first."""
    await make(api, scim)
    [shown] = (await api.ask(ALL))["organization"]["ssoConnections"]
    redirect_uri = shown["oidc"].pop("redirectUri")
    assert redirect_uri.startswith("http://rollcall.test/sso/")
    assert redirect_uri.endswith("/callback")
    assert shown == {
        "kind": "OIDC",
        "name": "Okta",
        "state": "DRAFT",
        "issuer": None,
        "lacks": ["the issuer", "the client id", "the client secret"],
        "startUrl": redirect_uri.replace("/callback", "/start"),
        "oidc": {"clientId": None, "hasClientSecret": False, "trustsAddress": False},
        "lastRefusals": [],
    }


async def test_the_secret_is_never_shown(api: Api, scim: Scim) -> None:
    id = await make(api, scim, oidc={"clientId": "client", "clientSecret": "s3cret-s3cret"})
    await api.ask(UPDATE, id=id, input={"oidc": {"clientSecret": "an0ther-s3cret"}})
    answer = await api.post(ALL)
    audit = await api.post("{ organization { audit(first: 20) { nodes { action before after } } } }")
    assert answer.json()["data"]["organization"]["ssoConnections"][0]["oidc"]["hasClientSecret"] is True
    assert "sso_connection_changed" in audit.text
    assert "s3cret" not in answer.text + audit.text


async def test_what_is_not_said_stays_and_null_is_nothing(api: Api, scim: Scim) -> None:
    id = await make(api, scim, issuer="https://a.example.com", oidc={"clientId": "client", "clientSecret": "x"})
    await api.ask(UPDATE, id=id, input={"name": "Entra", "oidc": {"trustsAddress": True}})
    [shown] = (await api.ask(ALL))["organization"]["ssoConnections"]
    assert (shown["name"], shown["issuer"], shown["oidc"]["clientId"]) == ("Entra", "https://a.example.com", "client")
    await api.ask(UPDATE, id=id, input={"issuer": None, "oidc": {"clientSecret": None}})
    [shown] = (await api.ask(ALL))["organization"]["ssoConnections"]
    assert shown["lacks"] == ["the issuer", "the client secret"]


async def test_a_protocol_has_to_be_named(api: Api, scim: Scim) -> None:
    done = await api.ask(CREATE, **await own(api, scim), input={"name": "Okta"})
    [error] = done["ssoConnectionCreate"]["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID", ["input"])
    assert "Name the protocol" in error["message"]


async def test_whoever_may_not_read_the_audit_sees_no_refusals(scim: Scim, new_api: NewApi, api: Api) -> None:
    await make(api, scim)
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    assert (await reader.refused(ALL))["extensions"]["code"] == "FORBIDDEN"


async def test_refusals_are_shown_with_the_connection(api: Api, scim: Scim, provider: Provider, loopback: None) -> None:
    browser = Browser(scim.http, await connect(governor(scim), provider), provider)
    for _ in range(11):
        await browser.sign_in(code=None, error="server_error")
    provider.claims = {"email_verified": False}
    answer = await browser.sign_in()
    [shown] = (await api.ask(ALL))["organization"]["ssoConnections"]
    assert len(shown["lastRefusals"]) == 10
    assert f"Trace: {shown['lastRefusals'][0]['trace']}" in answer.text
    assert shown["lastRefusals"][0]["email"] == "ann@example.com"
    assert "did not say that the address ann@example.com is verified" in shown["lastRefusals"][0]["reason"]


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch, _application: Any) -> None:
    """The operator allows what is on this machine."""
    chosen = _application.state["settings"]
    monkeypatch.setitem(_application.state, "settings", replace(chosen, allow_networks=[ip_network("127.0.0.0/8")]))


@pytest.mark.usefixtures("allowed")
async def test_a_check_says_what_works_and_what_is_wrong(api: Api, scim: Scim, provider: Provider) -> None:
    id = await make(api, scim)

    async def check() -> list[tuple[bool, str]]:
        done = (await api.ask(CHECK, id=id))["ssoConnectionCheck"]
        assert done["userErrors"] == []
        return [(each["isFine"], each["text"]) for each in done["findings"]]

    assert await check() == [
        (False, "The connection still lacks the issuer."),
        (False, "The connection still lacks the client id."),
        (False, "The connection still lacks the client secret."),
    ]
    await api.ask(UPDATE, id=id, input={"issuer": provider.url, "oidc": {"clientId": "x", "clientSecret": "y"}})
    found = await check()
    assert [is_fine for is_fine, _ in found] == [True, True, True]
    assert f"{provider.url}/authorize" in found[0][1]
    provider.document = {"id_token_signing_alg_values_supported": ["HS256"]}
    assert (await check())[-1][1] == (
        "The provider signs by HS256 only, which is not taken. Choose RS256 or ES256 there."
    )
    provider.keys = []
    assert "has no key that ID tokens may be signed by" in (await check())[-1][1]
    provider.document = {"issuer": f"{provider.url}/"}
    assert [is_fine for is_fine, _ in await check()] == [False]
    await api.ask(UPDATE, id=id, input={"issuer": "http://127.0.0.1:9"})
    assert "The provider was not reached" in (await check())[0][1]


def test_what_the_paper_says_can_be_asked() -> None:
    block = (ROOT / "docs" / "sso.md").read_text().split("```graphql\n")[1].split("```")[0]
    asked = [f"mutation{each}" for each in block.split("mutation")[1:]]
    assert len(asked) == 4
    assert [validate(schema.core(), parse(each)) for each in asked] == [[], [], [], []]


async def test_a_check_reaches_no_inner_network_and_has_its_pace(
    api: Api, scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.identity.oidc.checks.AT_ONCE", 2)
    monkeypatch.setattr("api.identity.oidc.checks.A_MINUTE", 0.001)
    id = await make(api, scim, issuer=provider.url)
    texts = [await api.ask(CHECK, id=id) for _ in range(3)]
    assert "this machine itself" in texts[0]["ssoConnectionCheck"]["findings"][-1]["text"]
    assert provider.asked.total() == 0
    [error] = texts[-1]["ssoConnectionCheck"]["userErrors"]
    assert error["code"] == "TOO_OFTEN"
