"""Marks on groups, overrides that are looked at first, and how long keys live, over GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning.actor import Right
from api.provisioning.directories import ChangeDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import adding, govern, member_of, person, role_of

from .conftest import Api, NewApi

MARK = """mutation ($id: ID!, $access: Boolean, $urgent: Boolean, $token: String) {
  groupMark(id: $id, givesAccess: $access, isUrgent: $urgent, previewToken: $token) {
    group { givesAccess isUrgent } changedMembers userErrors { code message } auditEntry { action } } }"""
LOOK = "query ($input: PreviewInput!) { preview(input: $input) { token changed losingAccess } }"
OVERRIDE = """mutation ($ref: MemberRef!, $role: ID!, $token: String) {
  memberRoleOverrideSet(ref: $ref, roleId: $role, reason: "pilot", previewToken: $token) {
    userErrors { code message } } }"""
CLEAR = """mutation ($ref: MemberRef!, $token: String) {
  memberRoleOverrideClear(ref: $ref, previewToken: $token) { userErrors { code message } } }"""
ROTATE = """mutation ($id: ID!, $days: Int, $hours: Int! = 0) {
  directoryKeyRotate(id: $id, expiresInDays: $days, overlapHours: $hours) {
    secret directory { keys { expiresAt } } userErrors { code message } } }"""


def code(payload: dict[str, Any]) -> str:
    [error] = payload["userErrors"]
    return str(error["code"])


async def test_who_would_lose_access_by_a_mark_is_looked_at_first(scim: Scim, api: Api, new_api: NewApi) -> None:
    document(await scim.post("/Users", person("ann")))
    bob = document(await scim.post("/Users", person("bob")))
    team = await scim.make_group("Team")
    await scim.patch(f"/Groups/{team['id']}", adding(bob["id"]))
    id, directory = api.id("Group", team["id"]), scim.access.directory_id
    await govern(scim, ChangeDirectory(directory, {"suspend_on_leaving_groups": True}, None))
    urgent = (await api.ask(MARK, id=id, urgent=True))["groupMark"]
    assert (urgent["group"]["isUrgent"], urgent["auditEntry"]) == (True, {"action": "group_marked"})
    assert code((await api.ask(MARK, id=id, access=True))["groupMark"]) == "PREVIEW_REQUIRED"
    seen = (await api.ask(LOOK, input={"groupMark": {"id": id, "givesAccess": True}}))["preview"]
    assert seen["losingAccess"] == 1
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    assert code((await reader.ask(MARK, id=id, access=True, token=seen["token"]))["groupMark"]) == "FORBIDDEN"
    done = (await api.ask(MARK, id=id, access=True, token=seen["token"]))["groupMark"]
    assert (done["changedMembers"], done["userErrors"]) == (seen["changed"], [])
    assert done["group"] == {"givesAccess": True, "isUrgent": True}
    assert (await member_of(scim, "ann@example.com"))["status"] != "ACTIVE"


async def test_overrides_are_looked_at_and_then_set_and_cleared(scim: Scim, api: Api, new_api: NewApi) -> None:
    document(await scim.post("/Users", person("ann")))
    ref = {"id": api.id("Member", (await member_of(scim))["id"])}
    roles = (await api.ask("{ organization { roles { id key } } }"))["organization"]["roles"]
    [admin] = [role["id"] for role in roles if role["key"] == "admin"]
    wanted = {"override": {"ref": ref, "roleId": admin, "reason": "pilot"}}
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ, Right.ORGANIZATION_MANAGE])
    assert (await reader.refused(LOOK, input=wanted))["extensions"]["code"] == "FORBIDDEN"
    seen = (await api.ask(LOOK, input=wanted))["preview"]
    assert (seen["changed"], await role_of(scim)) == (1, "viewer")
    done = await api.ask(OVERRIDE, ref=ref, role=admin, token=seen["token"])
    assert (done["memberRoleOverrideSet"]["userErrors"], await role_of(scim)) == ([], "admin")
    document(await scim.post("/Users", person("bob")))
    await api.ask(OVERRIDE, ref={"id": api.id("Member", (await member_of(scim, "bob@example.com"))["id"])}, role=admin)
    seen = (await api.ask(LOOK, input={"overrideClear": ref}))["preview"]
    done = await api.ask(CLEAR, ref=ref, token=seen["token"])
    assert (done["memberRoleOverrideClear"]["userErrors"], await role_of(scim)) == ([], "viewer")


@pytest.mark.parametrize("more", [{"days": 0}, {"days": -1}, {"days": 3651}, {"hours": 169}, {"hours": 2147483647}])
async def test_a_key_lives_within_bounds(scim: Scim, api: Api, more: dict[str, int]) -> None:
    id = api.id("Directory", scim.access.directory_id)
    assert code((await api.ask(ROTATE, id=id, **more))["directoryKeyRotate"]) == "INVALID"
    done = (await api.ask(ROTATE, id=id, days=3650))["directoryKeyRotate"]
    assert done["userErrors"] == []
