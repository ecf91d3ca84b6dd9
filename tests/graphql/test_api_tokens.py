"""API tokens over GraphQL."""

from __future__ import annotations

import uuid
from datetime import datetime

import httpx
import pytest

from api.provisioning import clock, organizations, tokens
from api.provisioning.actor import Right
from db import sql
from tests.scim.conversation import Scim

from .conftest import OPERATOR, Api, NewApi

FIELDS = "id name lastFour permissions state createdBy createdAt expiresAt revokedAt lastUsedAt"
LIST = f"query ($id: ID) {{ organization(id: $id) {{ apiTokens {{ {FIELDS} }} }} }}"
OWN = f"query {{ apiTokens {{ {FIELDS} }} }}"
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on ApiToken {{ {FIELDS} }} }} }}"
CREATE = f"""mutation ($organization: ID, $input: ApiTokenCreateInput!) {{
  apiTokenCreate(organizationId: $organization, input: $input) {{
    secret apiToken {{ {FIELDS} }} userErrors {{ code message field }} auditEntry {{ action subjectId }} }} }}"""
REVOKE = """mutation ($id: ID!) { apiTokenRevoke(id: $id) {
  apiToken { state } userErrors { code message } auditEntry { action } } }"""


def own_id(api: Api) -> str:
    """The global id of the organization."""
    return api.id("Organization", api.organization)


@pytest.fixture
async def operator(client: httpx.AsyncClient, new_api: NewApi) -> Api:
    """The operator's token."""
    return await new_api(None)


async def count() -> object:
    """How many tokens there are."""
    return await sql.value("SELECT count(*) FROM api_token")


async def test_a_new_token_is_shown_once_and_lets_its_program_in(client: httpx.AsyncClient, api: Api) -> None:
    wanted = {"name": "CI", "permissions": ["ORGANIZATION_READ"], "expiresInDays": 3}
    done = (await api.ask(CREATE, organization=own_id(api), input=wanted))["apiTokenCreate"]
    assert done["userErrors"] == []
    assert done["apiToken"]["state"] == "LIVE"
    assert done["apiToken"]["createdBy"] == "Backstage"
    assert done["secret"][-4:] == done["apiToken"]["lastFour"]
    assert done["auditEntry"] == {"action": "token_created", "subjectId": done["apiToken"]["id"]}
    program = Api(client, done["secret"], api.organization)
    assert (await program.ask("{ viewer { name } }"))["viewer"] == {"name": "CI"}
    listed = (await api.ask(LIST))["organization"]["apiTokens"]
    assert [each["name"] for each in listed] == ["CI", "Backstage"]
    assert (await api.ask(NODE, id=done["apiToken"]["id"]))["node"]["name"] == "CI"
    assert done["secret"] not in str(listed)


CI = {"name": "CI", "permissions": ["ORGANIZATION_READ"]}


async def test_without_days_it_never_expires_and_by_itself_after_ninety(api: Api) -> None:
    for days, ends in (({}, True), ({"expiresInDays": None}, False)):
        done = await api.ask(CREATE, organization=own_id(api), input=CI | days)
        assert (done["apiTokenCreate"]["apiToken"]["expiresAt"] is not None) is ends


async def test_an_ended_token_lets_nobody_in(client: httpx.AsyncClient, api: Api, new_api: NewApi) -> None:
    other = await new_api(api.organization)
    [id] = [
        each["id"]
        for each in (await api.ask(LIST))["organization"]["apiTokens"]
        if each["lastFour"] == other.token[-4:]
    ]
    done = (await api.ask(REVOKE, id=id))["apiTokenRevoke"]
    assert (done["apiToken"], done["userErrors"]) == ({"state": "REVOKED"}, [])
    assert done["auditEntry"] == {"action": "token_revoked"}
    assert (await other.post("{ viewer { name } }")).status_code == 401
    again = (await api.ask(REVOKE, id=id))["apiTokenRevoke"]
    assert (again["apiToken"], again["auditEntry"]) == ({"state": "REVOKED"}, None)


@pytest.mark.parametrize(
    ("input", "code"),
    [
        ({"name": " ", "permissions": ["ORGANIZATION_READ"]}, "INVALID"),
        ({"name": "a\u0000b", "permissions": ["ORGANIZATION_READ"]}, "INVALID"),
        ({"name": "x" * 101, "permissions": ["ORGANIZATION_READ"]}, "INVALID"),
        ({"name": "x", "permissions": []}, "INVALID"),
        ({"name": "x", "permissions": ["ORGANIZATION_READ"], "expiresInDays": 0}, "INVALID"),
        ({"name": "x", "permissions": ["ORGANIZATION_READ"], "expiresInDays": 3651}, "INVALID"),
        ({"name": "x", "permissions": ["PLATFORM_MANAGE"]}, "FORBIDDEN"),
        ({"name": "x", "permissions": ["PROVISION"]}, "FORBIDDEN"),
    ],
)
async def test_a_token_that_makes_no_sense_or_may_too_much_is_refused(
    api: Api, operator: Api, input: dict[str, object], code: str
) -> None:
    """Also for the operator: no organization's token runs the platform."""
    before = await count()
    for asking in (api, operator):
        done = (await asking.ask(CREATE, organization=own_id(api), input=input))["apiTokenCreate"]
        assert [each["code"] for each in done["userErrors"]] == [code]
        assert (done["apiToken"], done["secret"], done["auditEntry"]) == (None, None, None)
    assert await count() == before


async def test_nobody_gives_away_more_than_they_have(scim: Scim, new_api: NewApi) -> None:
    some = await new_api(scim.access.organization_id, [Right.DEVELOPERS_MANAGE, Right.ORGANIZATION_READ])
    before = await count()
    wanted = {"name": "x", "permissions": ["ORGANIZATION_READ", "MEMBERS_MANAGE"]}
    done = (await some.ask(CREATE, organization=own_id(some), input=wanted))["apiTokenCreate"]
    assert done["userErrors"][0]["code"] == "FORBIDDEN"
    assert "members.manage" in done["userErrors"][0]["message"]
    assert await count() == before


async def test_it_needs_its_right(scim: Scim, api: Api, new_api: NewApi) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    wanted = {"name": "x", "permissions": ["ORGANIZATION_READ"]}
    before, own = await count(), (await api.ask(LIST))["organization"]["apiTokens"][0]["id"]
    for organization in (own_id(api), None):
        done = await reader.ask(CREATE, organization=organization, input=wanted)
        assert done["apiTokenCreate"]["userErrors"][0]["code"] == "FORBIDDEN"
    assert (await reader.ask(REVOKE, id=own))["apiTokenRevoke"]["userErrors"][0]["code"] == "FORBIDDEN"
    for query in (LIST, OWN):
        assert (await reader.refused(query))["extensions"]["code"] == "FORBIDDEN"
    assert await count() == before
    assert {each.revoked_at for each in await tokens.all_of(OPERATOR, api.organization)} == {None}


async def test_an_organizations_token_makes_none_of_the_operators(api: Api) -> None:
    done = await api.ask(CREATE, input={"name": "x", "permissions": ["ORGANIZATION_READ"]})
    assert done["apiTokenCreate"]["userErrors"][0]["code"] == "FORBIDDEN"
    assert (await api.refused(OWN))["extensions"]["code"] == "FORBIDDEN"


async def test_another_organizations_token_is_as_if_it_were_not(api: Api, new_api: NewApi) -> None:
    other = await new_api(await organizations.create("Other"))
    theirs = (await other.ask(LIST))["organization"]["apiTokens"][0]["id"]
    never = other.id("ApiToken", uuid.uuid4())
    moved = api.id("ApiToken", (await tokens.all_of(OPERATOR, other.organization))[0].id)
    for id in (theirs, never, moved, "nonsense"):
        assert (await api.ask(NODE, id=id))["node"] is None
        refused = (await api.ask(REVOKE, id=id))["apiTokenRevoke"]["userErrors"][0]
        assert refused["code"] == "NOT_FOUND"
    first, second = [
        (await api.ask(CREATE, organization=id, input={"name": "x", "permissions": ["AUDIT_READ"]}))["apiTokenCreate"]
        for id in (own_id(other), other.id("Organization", uuid.uuid4(), uuid.uuid4()))
    ]
    assert first["userErrors"][0]["code"] == second["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await other.ask("{ viewer { name } }"))["viewer"]["name"] == "Backstage"


async def test_the_operators_own_tokens(operator: Api, api: Api) -> None:
    wanted = {"name": "Billing", "permissions": ["PLATFORM_MANAGE"], "expiresInDays": None}
    done = (await operator.ask(CREATE, input=wanted))["apiTokenCreate"]
    assert (done["userErrors"], done["auditEntry"]["action"]) == ([], "token_created")
    listed = (await operator.ask(OWN))["apiTokens"]
    assert [each["name"] for each in listed] == ["Billing", "Backstage"]
    id = done["apiToken"]["id"]
    assert (await operator.ask(NODE, id=id))["node"]["name"] == "Billing"
    assert (await api.ask(NODE, id=id))["node"] is None
    assert (await api.ask(REVOKE, id=id))["apiTokenRevoke"]["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await operator.ask(REVOKE, id=id))["apiTokenRevoke"]["apiToken"] == {"state": "REVOKED"}


async def test_the_operator_makes_none_for_an_organization_that_is_not(operator: Api) -> None:
    nowhere = operator.id("Organization", uuid.uuid4(), uuid.uuid4())
    done = await operator.ask(CREATE, organization=nowhere, input={"name": "x", "permissions": ["AUDIT_READ"]})
    assert done["apiTokenCreate"]["userErrors"][0]["code"] == "NOT_FOUND"


async def test_a_token_makes_none_that_outlives_it(api: Api, new_api: NewApi) -> None:
    short = await new_api(api.organization, days=10)
    for days in (None, 300, 5):
        made = await short.ask(CREATE, organization=own_id(api), input={**CI, "expiresInDays": days})
        ends = datetime.fromisoformat(made["apiTokenCreate"]["apiToken"]["expiresAt"])
        assert (ends - clock.now()).days == (4 if days == 5 else 9)
