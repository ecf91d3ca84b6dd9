"""The record of requests over GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning import request_log
from api.provisioning.actor import Right
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, member_of, person

from .conftest import Api, NewApi

LIST = """query ($filter: RequestFilterInput) { organization { requests(first: 20, filter: $filter) { nodes {
  id traceId method path status scimType detail subject directoryName decisions { code text } } } } }"""
BODIES = "{ organization { requests(first: 20) { nodes { method bodies { sent } changes { action } } } } }"


@pytest.fixture
async def story(scim: Scim, api: Api) -> dict[str, Any]:
    """Somebody comes, is changed, comes again in vain, and is looked for."""
    ann = document(await scim.post("/Users", person("Ann")))
    await scim.patch(f"/Users/{ann['id']}", active(False))
    assert (await scim.post("/Users", person("ann"))).status_code == 409
    await scim.read("/Users")
    await request_log.flush()
    return ann


async def methods(api: Api, **filter: object) -> list[tuple[str, int]]:
    """Which requests are found, newest first."""
    found = (await api.ask(LIST, filter=filter))["organization"]["requests"]["nodes"]
    return [(each["method"], each["status"]) for each in found]


async def test_requests_by_outcome_subject_directory_and_member(scim: Scim, api: Api, story: dict[str, Any]) -> None:
    assert await methods(api) == [("GET", 200), ("POST", 409), ("PATCH", 200), ("POST", 201)]
    assert await methods(api, outcome="REFUSED") == [("POST", 409)]
    assert await methods(api, outcome="READ") == [("GET", 200)]
    assert await methods(api, outcome="WRITE") == [("PATCH", 200), ("POST", 201)]
    assert await methods(api, subject="ANN") == [("POST", 409), ("PATCH", 200), ("POST", 201)]
    assert len(await methods(api, directoryId=api.id("Directory", scim.access.directory_id))) == 4
    member = api.id("Member", (await member_of(scim, "Ann@example.com"))["id"])
    assert await methods(api, memberId=member) == [("PATCH", 200), ("POST", 201)]
    assert await methods(api, **{"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}) == []


async def test_a_refusal_says_why(api: Api, story: dict[str, Any]) -> None:
    [refused] = (await api.ask(LIST, filter={"outcome": "REFUSED"}))["organization"]["requests"]["nodes"]
    assert refused["scimType"] == "uniqueness"
    assert refused["detail"]
    one = await api.ask("query ($t: String!) { scimRequest(traceId: $t) { id } }", t=refused["traceId"])
    assert one["scimRequest"]["id"] == refused["id"]
    node = await api.ask("query ($id: ID!) { node(id: $id) { ... on ScimRequest { status } } }", id=refused["id"])
    assert node["node"] == {"status": 409}


async def test_bodies_and_changes_are_for_those_who_may_see_them(
    scim: Scim, api: Api, new_api: NewApi, story: dict[str, Any]
) -> None:
    *_, first = (await api.ask(BODIES))["organization"]["requests"]["nodes"]
    assert '"userName":"Ann"' in first["bodies"]["sent"].replace(" ", "")
    assert "created" in {change["action"] for change in first["changes"]}
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    refused = await reader.refused("{ organization { requests(first: 1) { nodes { bodies { sent } } } } }")
    assert refused["extensions"]["code"] == "FORBIDDEN"
    assert await methods(reader) == await methods(api)


async def test_an_outcome_is_not_looked_for_in_years(api: Api, story: dict[str, Any]) -> None:
    refused = await api.refused(LIST, filter={"outcome": "REFUSED", "from": "2020-01-01T00:00:00Z"})
    assert "31 days" in refused["message"]
