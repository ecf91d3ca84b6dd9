"""Who may act and not look, and who may look and not act."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning.actor import Right
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from .conftest import Api, NewApi

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NODE = "query ($id: ID!) { node(id: $id) { id ... on Role { key memberCount } } }"
DEACTIVATE = "mutation ($ref: MemberRef!) { memberDeactivate(ref: $ref) { member { email } userErrors { code } } }"


@pytest.fixture
async def ann(scim: Scim) -> dict[str, Any]:
    """Somebody whom a directory brought."""
    document(await scim.post("/Users", {**person("ann"), "externalId": "00u1"}))
    return await member_of(scim, "ann@example.com")


@pytest.mark.parametrize("way", ["id", "email", "externalId"])
async def test_who_may_act_on_people_may_name_them_in_every_way(
    scim: Scim, api: Api, new_api: NewApi, ann: dict[str, Any], way: str
) -> None:
    ways: dict[str, Any] = {
        "id": api.id("Member", ann["id"]),
        "email": {"organizationId": api.id("Organization", api.organization), "email": "ann@example.com"},
        "externalId": {"directoryId": api.id("Directory", scim.access.directory_id), "externalId": "00u1"},
    }
    ref = {way: ways[way]}
    blind = await new_api(api.organization, [Right.MEMBERS_MANAGE])
    assert (await blind.ask(DEACTIVATE, ref=ref))["memberDeactivate"] == {"member": None, "userErrors": []}
    assert (await member_of(scim, "ann@example.com"))["status"] == "DEACTIVATED"
    auditor = await new_api(api.organization, [Right.AUDIT_READ])
    refused = (await auditor.ask(DEACTIVATE, ref=ref))["memberDeactivate"]["userErrors"]
    assert refused == [{"code": "FORBIDDEN"}]


async def test_a_node_is_null_for_whoever_may_not_look_at_it_and_the_others_are_there(
    api: Api, new_api: NewApi, ann: dict[str, Any]
) -> None:
    text = "{ organization { roles { id } audit(first: 1) { nodes { id } } apiTokens { id } } }"
    found = (await api.ask(text))["organization"]
    all_ids = [
        api.id("Member", ann["id"]),
        found["roles"][0]["id"],
        found["audit"]["nodes"][0]["id"],
        found["apiTokens"][0]["id"],
    ]
    seen = (await api.ask(NODES, ids=all_ids))["nodes"]
    assert [each["__typename"] for each in seen] == ["Member", "Role", "AuditEntry", "ApiToken"]
    auditor = await new_api(api.organization, [Right.AUDIT_READ])
    assert (await auditor.ask(NODES, ids=all_ids))["nodes"] == [None, None, seen[2], None]
    assert await auditor.ask(NODE, id=found["roles"][0]["id"]) == {"node": None}


async def test_a_role_as_a_node_has_what_the_ladder_says(api: Api, ann: dict[str, Any]) -> None:
    roles = (await api.ask("{ organization { roles { id key memberCount } } }"))["organization"]["roles"]
    for role in roles:
        assert (await api.ask(NODE, id=role["id"]))["node"] == role


WITHOUT_LOOKING = {
    "seatLimitsSet": (
        Right.BILLING_MANAGE,
        """mutation ($id: ID!) { seatLimitsSet(organizationId: $id, limits: [{seatType: FULL, limit: 9}]) {
             seats { byType { limit } } userErrors { code } auditEntry { action } } }""",
        {"seats": None},
    ),
    "roleCreate": (
        Right.ORGANIZATION_MANAGE,
        """mutation ($id: ID!) { roleCreate(organizationId: $id, name: "Auditor") {
             roles { key memberCount permissions } userErrors { code } auditEntry { action } } }""",
        {"roles": None},
    ),
    "directoryCreate": (
        Right.ORGANIZATION_MANAGE,
        """mutation ($id: ID!) { directoryCreate(organizationId: $id, input: {name: "Okta", provider: OKTA}) {
             directory { name } userErrors { code } auditEntry { action } } }""",
        {"directory": None},
    ),
    "membersImport": (
        Right.MEMBERS_MANAGE,
        """mutation ($id: ID!) { membersImport(organizationId: $id, rows: [{email: "gus@example.com"}]) {
             job { id } userErrors { code } auditEntry { action } } }""",
        {"job": None},
    ),
    "memberInvite": (
        Right.MEMBERS_MANAGE,
        """mutation ($id: ID!) { memberInvite(organizationId: $id, input: {email: "gus@example.com"}) {
             member { email } userErrors { code } auditEntry { action } } }""",
        {"member": None},
    ),
}


@pytest.mark.parametrize("name", WITHOUT_LOOKING)
async def test_who_may_act_and_not_look_is_told_that_it_is_done(api: Api, new_api: NewApi, name: str) -> None:
    right, text, unseen = WITHOUT_LOOKING[name]
    blind = await new_api(api.organization, [right])
    answer = (await blind.ask(text, id=api.id("Organization", api.organization)))[name]
    assert answer.pop("auditEntry") is not None
    assert answer == {**unseen, "userErrors": []}


async def test_a_job_that_was_run_is_told_as_run(api: Api, new_api: NewApi) -> None:
    """It once said FORBIDDEN after everything had been done."""
    organization = api.id("Organization", api.organization)
    made = await api.ask(
        """mutation ($id: ID!) { membersImport(organizationId: $id, rows: [{email: "gus@example.com"}]) {
             job { id } } }""",
        id=organization,
    )
    job = made["membersImport"]["job"]["id"]
    blind = await new_api(api.organization, [Right.MEMBERS_MANAGE])
    seen = await blind.ask("query ($id: ID!) { jobPreview(id: $id) { outcome member { email } } }", id=job)
    assert seen["jobPreview"] == [{"outcome": "APPLIED", "member": None}]
    done = await blind.ask("mutation ($id: ID!) { jobRun(id: $id) { job { state } userErrors { code } } }", id=job)
    assert done["jobRun"] == {"job": None, "userErrors": []}
    page = (await api.ask("{ organization { members(first: 2) { nodes { email } } } }"))["organization"]["members"]
    assert page["nodes"] == [{"email": "gus@example.com"}]
