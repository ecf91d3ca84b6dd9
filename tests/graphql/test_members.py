"""Members over GraphQL."""

from __future__ import annotations

import pytest

from api.provisioning.actor import Right
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from .conftest import Api, NewApi

ONE = """query ($ref: MemberRef!) { member(ref: $ref) {
  id email displayName status effectiveRole { key } roleExplanation { text result { key } steps { source isDecisive } }
} }"""
DEACTIVATE = """mutation ($ref: MemberRef!, $reason: String) { memberDeactivate(ref: $ref, reason: $reason) {
  member { status } userErrors { code message field } auditEntry { action reason actor { kind name } after } } }"""


@pytest.fixture
async def ann(scim: Scim, api: Api) -> str:
    """The global id of somebody whom a directory brought."""
    document(await scim.post("/Users", person("ann")))
    return api.id("Member", (await member_of(scim, "ann@example.com"))["id"])


async def test_a_member_by_id_address_and_external_id(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", {**person("ann"), "externalId": "00u1"}))
    member = (await member_of(scim, "ann@example.com"))["id"]
    organization = api.id("Organization", scim.access.organization_id)
    refs = [
        {"id": api.id("Member", member)},
        {"email": {"organizationId": organization, "email": "Ann@Example.com"}},
        {"externalId": {"directoryId": api.id("Directory", scim.access.directory_id), "externalId": "00u1"}},
    ]
    found = [(await api.ask(ONE, ref=ref))["member"] for ref in refs]
    assert found[0] == found[1] == found[2]
    assert found[0]["effectiveRole"] == found[0]["roleExplanation"]["result"]
    assert found[0]["roleExplanation"]["text"].startswith("Effective role: ")
    assert [step["isDecisive"] for step in found[0]["roleExplanation"]["steps"]] == [True]


async def test_deactivating_is_remembered_with_who_and_why(api: Api, ann: str) -> None:
    answer = (await api.ask(DEACTIVATE, ref={"id": ann}, reason="Left the project"))["memberDeactivate"]
    assert answer["member"] == {"status": "DEACTIVATED"}
    assert answer["userErrors"] == []
    entry = answer["auditEntry"]
    assert entry["reason"] == "Left the project"
    assert entry["actor"] == {"kind": "INTEGRATION", "name": "Backstage"}


async def test_a_right_that_is_missing_is_an_error_of_the_user_and_nothing_happens(
    scim: Scim, new_api: NewApi, ann: str
) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    answer = (await reader.ask(DEACTIVATE, ref={"id": ann}))["memberDeactivate"]
    assert answer["userErrors"][0]["code"] == "FORBIDDEN"
    assert answer["member"] is None
    assert (await member_of(scim, "ann@example.com"))["status"] == "ACTIVE"


EVERYBODY = """query ($id: ID, $first: Int, $after: String, $last: Int, $before: String) { organization(id: $id) {
  members(first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { email } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


async def test_pages_forwards_and_backwards_have_everybody_once(scim: Scim, api: Api) -> None:
    for number in range(5):
        document(await scim.post("/Users", person(f"p{number}")))
    seen, after = list[str](), None
    while True:
        page = (await api.ask(EVERYBODY, first=2, after=after))["organization"]["members"]
        seen += [node["email"] for node in page["nodes"]]
        assert page["totalCount"] == 5
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"p{number}@example.com" for number in range(5)]
    page = (await api.ask(EVERYBODY, last=2))["organization"]["members"]
    assert [node["email"] for node in page["nodes"]] == seen[3:]
    assert page["pageInfo"]["hasPreviousPage"]
    page = (await api.ask(EVERYBODY, last=2, before=page["pageInfo"]["startCursor"]))["organization"]["members"]
    assert [node["email"] for node in page["nodes"]] == seen[1:3]


async def test_who_may_act_and_not_look_sees_their_own_act_and_no_more(
    scim: Scim, new_api: NewApi, api: Api, ann: str
) -> None:
    blind = await new_api(scim.access.organization_id, [Right.MEMBERS_MANAGE])
    answer = (await blind.ask(DEACTIVATE, ref={"id": ann}, reason="Gone"))["memberDeactivate"]
    assert answer["userErrors"] == []
    assert answer["auditEntry"]["reason"] == "Gone"
    assert answer["member"] is None
    assert (await api.ask(ONE, ref={"id": ann}))["member"]["status"] == "DEACTIVATED"
