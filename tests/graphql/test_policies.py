"""Policies and domains over GraphQL."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from api.provisioning.policy_values import Policies
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from .conftest import Api

UPDATE = """mutation ($id: ID!, $input: PolicyUpdateInput!, $token: String, $version: Int) {
  policyUpdate(organizationId: $id, input: $input, previewToken: $token, expectedVersion: $version) {
    policy { version onNoMappedGroup breakerPeople matchOrder seatThresholds } changedMembers
    userErrors { code message } auditEntry { action before after } } }"""
ADD = """mutation ($id: ID!, $name: String!) { domainAdd(organizationId: $id, name: $name) {
  domain { id name state } userErrors { code message } auditEntry { action } } }"""


@pytest.fixture
def own(scim: Scim, api: Api) -> str:
    """The global id of the organization."""
    return api.id("Organization", scim.access.organization_id)


def test_every_policy_can_be_read_and_chosen() -> None:
    from api.graphql.policies import OrganizationPolicy, PolicyUpdateInput

    names = {field.name for field in msgspec.structs.fields(Policies)}
    assert names <= set(OrganizationPolicy.__annotations__)
    assert names == set(PolicyUpdateInput.__annotations__)


async def test_what_is_left_out_stays_and_the_change_is_remembered(api: Api, own: str) -> None:
    wanted = {"breakerPeople": 25, "matchOrder": ["USER_NAME"], "seatThresholds": [50, 100]}
    done = (await api.ask(UPDATE, id=own, input=wanted))["policyUpdate"]
    assert done["userErrors"] == []
    assert done["policy"] == {
        "version": 1,
        "onNoMappedGroup": "DEFAULT_ROLE",
        "breakerPeople": 25,
        "matchOrder": ["USER_NAME"],
        "seatThresholds": [50, 100],
    }
    assert done["auditEntry"]["action"] == "policies_changed"
    assert done["auditEntry"]["before"]["breaker_people"] == 10
    again = (await api.ask(UPDATE, id=own, input={"breakerHours": 2}))["policyUpdate"]
    assert again["policy"]["breakerPeople"] == 25


async def test_a_value_that_cannot_be_changes_nothing(api: Api, own: str) -> None:
    done = (await api.ask(UPDATE, id=own, input={"breakerPeople": 25, "breakerPercent": 101}))["policyUpdate"]
    [error] = done["userErrors"]
    assert error["code"] == "INVALID"
    assert "from 1 to 100" in error["message"]
    policy = (await api.ask("{ organization { policy { breakerPeople version } } }"))["organization"]["policy"]
    assert policy == {"breakerPeople": 10, "version": 0}


async def test_what_changes_members_is_looked_at_first(scim: Scim, api: Api, own: str) -> None:
    document(await scim.post("/Users", person("ann")))
    wanted: dict[str, Any] = {"onNoMappedGroup": "SUSPEND"}
    refused = (await api.ask(UPDATE, id=own, input=wanted))["policyUpdate"]
    assert refused["userErrors"][0]["code"] == "PREVIEW_REQUIRED"
    assert (await member_of(scim, "ann@example.com"))["status"] == "ACTIVE"
    look = "query ($input: PreviewInput!) { preview(input: $input) { token changed losingAccess } }"
    seen = (await api.ask(look, input={"policy": {"organizationId": own, "policy": wanted}}))["preview"]
    assert (seen["changed"], seen["losingAccess"]) == (1, 1)
    done = (await api.ask(UPDATE, id=own, input=wanted, token=seen["token"]))["policyUpdate"]
    assert (done["changedMembers"], done["userErrors"]) == (1, [])
    assert (await member_of(scim, "ann@example.com"))["status"] == "SUSPENDED"


async def test_what_somebody_else_has_changed_since_is_told_and_nothing_is_lost(api: Api, own: str) -> None:
    await api.ask(UPDATE, id=own, input={"breakerPeople": 25}, version=0)
    refused = (await api.ask(UPDATE, id=own, input={"breakerPeople": 30}, version=0))["policyUpdate"]
    [error] = refused["userErrors"]
    assert error["code"] == "STALE_VERSION"
    assert "have version 1, not 0. Since then Backstage chose breaker_people=25." in error["message"]
    assert refused["policy"] is None
    policy = (await api.ask("{ organization { policy { breakerPeople version } } }"))["organization"]["policy"]
    assert policy == {"breakerPeople": 25, "version": 1}
    done = (await api.ask(UPDATE, id=own, input={"breakerPeople": 30}, version=1))["policyUpdate"]
    assert (done["userErrors"], done["policy"]["version"]) == ([], 2)
    refused = (await api.ask(UPDATE, id=own, input={"breakerPeople": 35}, version=7))["policyUpdate"]
    assert "have version 2, not 7. Read them again" in refused["userErrors"][0]["message"]


@pytest.mark.parametrize(("name", "code"), [("gmail.com", "INVALID"), ("co.uk", "INVALID"), ("a b", "INVALID")])
async def test_what_nobody_can_own_is_no_domain(api: Api, own: str, name: str, code: str) -> None:
    done = (await api.ask(ADD, id=own, name=name))["domainAdd"]
    assert done["userErrors"][0]["code"] == code
    assert (await api.ask("{ organization { domains { name } } }"))["organization"]["domains"] == []


async def test_a_domain_is_added_once_and_shown(api: Api, own: str) -> None:
    done = (await api.ask(ADD, id=own, name="Acme.Example.COM"))["domainAdd"]
    assert (done["domain"]["name"], done["domain"]["state"]) == ("acme.example.com", "REGISTERED")
    assert done["auditEntry"] == {"action": "domain_added"}
    assert (await api.ask(ADD, id=own, name="acme.example.com"))["domainAdd"]["userErrors"][0]["code"] == "TAKEN"
    node = await api.ask("query ($id: ID!) { node(id: $id) { ... on Domain { name } } }", id=done["domain"]["id"])
    assert node["node"] == {"name": "acme.example.com"}


async def test_what_a_domain_was_before_is_remembered_and_nothing_where_nothing_changes(api: Api, own: str) -> None:
    domain = (await api.ask(ADD, id=own, name="acme.example.com"))["domainAdd"]["domain"]["id"]
    told = "userErrors { code } auditEntry { action before after } } }"
    include = f"mutation ($id: ID!) {{ domainSubdomainsSet(id: $id, includeSubdomains: true) {{ {told}"
    entry = (await api.ask(include, id=domain))["domainSubdomainsSet"]["auditEntry"]
    was = {"name": "acme.example.com", "state": "REGISTERED", "include_subdomains": False}
    assert entry == {"action": "domain_changed", "before": was, "after": was | {"include_subdomains": True}}
    assert (await api.ask(include, id=domain))["domainSubdomainsSet"] == {"userErrors": [], "auditEntry": None}
    remove = f"mutation ($id: ID!) {{ domainRemove(id: $id) {{ {told}"
    entry = (await api.ask(remove, id=domain))["domainRemove"]["auditEntry"]
    assert entry == {"action": "domain_removed", "before": was | {"include_subdomains": True}, "after": None}
