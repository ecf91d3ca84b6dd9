"""OAuth clients of directories over GraphQL."""

from __future__ import annotations

from typing import Any

from api.provisioning.actor import Right
from tests.oauth.signing import EC, RSA
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

ERRORS = "userErrors { code message } auditEntry { action }"
SHOWN = """id name clientId tokenUrl createdBy revokedAt secrets { id lastFour state }
  trust { jwksUri keyIds issuer subject audience }"""
LIST = f"{{ organization {{ directories {{ oauthClients {{ {SHOWN} }} }} }} }}"
CREATE = f"""mutation ($id: ID!, $input: OauthClientCreateInput!) {{
  oauthClientCreate(directoryId: $id, input: $input) {{
  clientId secret tokenUrl scimUrl oauthClient {{ {SHOWN} }} {ERRORS} }} }}"""
UPDATE = f"""mutation ($id: ID!, $input: OauthClientUpdateInput!) {{ oauthClientUpdate(id: $id, input: $input) {{
  oauthClient {{ {SHOWN} }} {ERRORS} }} }}"""
ADD = f"""mutation ($id: ID!, $days: Int!, $hours: Int) {{
  oauthClientSecretAdd(id: $id, expiresInDays: $days, overlapHours: $hours) {{
    secret oauthClient {{ {SHOWN} }} {ERRORS} }} }}"""
REVOKE_SECRET = f"mutation ($id: ID!) {{ oauthClientSecretRevoke(id: $id) {{ oauthClient {{ {SHOWN} }} {ERRORS} }} }}"
REVOKE = f"mutation ($id: ID!) {{ oauthClientRevoke(id: $id) {{ oauthClient {{ {SHOWN} }} {ERRORS} }} }}"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def made_by(api: Api, scim: Scim, **given: Any) -> Any:
    """What came of making a client."""
    variables = {"id": api.id("Directory", scim.access.directory_id), "input": {"name": "Entra", **given}}
    return (await api.ask(CREATE, **variables))["oauthClientCreate"]


async def test_a_client_with_its_whole_life(scim: Scim, api: Api) -> None:
    made = await made_by(api, scim)
    assert made["userErrors"] == []
    assert made["auditEntry"] == {"action": "oauth_client_created"}
    assert made["tokenUrl"].endswith("/oauth2/token")
    assert made["scimUrl"].endswith("/scim/v2")
    shown = made["oauthClient"]
    assert (shown["clientId"], shown["trust"], shown["createdBy"]) == (made["clientId"], None, "Backstage")
    assert [(each["lastFour"], each["state"]) for each in shown["secrets"]] == [(made["secret"][-4:], "ACTIVE")]
    id = shown["id"]
    added = (await api.ask(ADD, id=id, days=10, hours=24))["oauthClientSecretAdd"]
    assert added["auditEntry"] == {"action": "oauth_secret_added"}
    assert [each["state"] for each in added["oauthClient"]["secrets"]] == ["EXPIRING", "EXPIRING"]
    refused = (await api.ask(ADD, id=id, days=10, hours=None))["oauthClientSecretAdd"]
    assert [each["code"] for each in refused["userErrors"]] == ["CONFLICT"]
    secret = added["oauthClient"]["secrets"][1]["id"]
    ended = (await api.ask(REVOKE_SECRET, id=secret))["oauthClientSecretRevoke"]
    assert [each["state"] for each in ended["oauthClient"]["secrets"]] == ["EXPIRING", "REVOKED"]
    for place, type in ((id, "OauthClient"), (secret, "OauthSecret")):
        assert (await api.ask(NODE, id=place))["node"] == {"__typename": type, "id": place}
    gone = (await api.ask(REVOKE, id=id))["oauthClientRevoke"]
    assert gone["oauthClient"]["revokedAt"] is not None
    [directory] = (await api.ask(LIST))["organization"]["directories"]
    assert directory["oauthClients"] == [gone["oauthClient"]]
    assert made["secret"] not in str(directory)


async def test_a_client_with_keys(scim: Scim, api: Api) -> None:
    made = await made_by(api, scim, trust={"jwks": {"keys": [RSA.jwk, EC.jwk]}})
    assert made["secret"] is None
    shown = made["oauthClient"]
    assert (shown["secrets"], shown["trust"]["keyIds"]) == ([], ["rsa-1", "ec-1"])
    entra = {
        "jwksUri": "https://login.microsoftonline.com/x/discovery/v2.0/keys",
        "issuer": "https://login.microsoftonline.com/x/v2.0",
        "subject": "y",
        "audience": "api://z",
    }
    changed = (await api.ask(UPDATE, id=shown["id"], input={"trust": entra}))["oauthClientUpdate"]
    assert changed["oauthClient"]["trust"] == {**entra, "keyIds": []}
    assert changed["oauthClient"]["name"] == "Entra"
    refused = (await api.ask(UPDATE, id=shown["id"], input={"trust": None}))["oauthClientUpdate"]
    assert [each["code"] for each in refused["userErrors"]] == ["INVALID"]
    await api.ask(ADD, id=shown["id"], days=365, hours=None)
    changed = (await api.ask(UPDATE, id=shown["id"], input={"trust": None, "name": "E"}))["oauthClientUpdate"]
    assert (changed["oauthClient"]["trust"], changed["oauthClient"]["name"]) == (None, "E")


async def test_a_client_with_both(scim: Scim, api: Api) -> None:
    made = await made_by(api, scim, trust={"jwks": {"keys": [RSA.jwk]}}, secretExpiresInDays=400)
    assert made["secret"].startswith("rc_secret_")


async def test_what_makes_no_sense_is_told(scim: Scim, api: Api) -> None:
    attempts: tuple[dict[str, Any], ...] = (
        {"name": ""},
        {"trust": {}},
        {"trust": {"jwks": [1]}},
        {"trust": {"jwks": "x"}},
        {"secretExpiresInDays": 0},
        {"secretExpiresInDays": 2_000_000_000},
    )
    for given in attempts:
        made = await made_by(api, scim, **given)
        assert [each["code"] for each in made["userErrors"]] == ["INVALID"], given
        assert (made["secret"], made["oauthClient"]) == (None, None)
    id = (await made_by(api, scim))["oauthClient"]["id"]
    for days, hours in ((0, None), (365, 169), (365, -1), (2_000_000_000, 0)):
        answer = (await api.ask(ADD, id=id, days=days, hours=hours))["oauthClientSecretAdd"]
        assert [each["code"] for each in answer["userErrors"]] == ["INVALID"]


async def test_who_may_act_and_not_look_gets_the_secret(scim: Scim, new_api: NewApi) -> None:
    api = await new_api(scim.access.organization_id, [Right.ORGANIZATION_MANAGE])
    made = await made_by(api, scim)
    assert (made["oauthClient"], made["secret"][:10]) == (None, "rc_secret_")
