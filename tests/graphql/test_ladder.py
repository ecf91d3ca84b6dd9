"""Roles, groups, mappings and previews over GraphQL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.provisioning.actor import Right
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import adding, person, role_of

from .conftest import Api, NewApi

ALL = """{ organization { id roles { id key isDefault memberCount permissions }
  groups(first: 5, query: "TEAM", mapped: false) { totalCount nodes { id displayName memberCount unresolvedCount
    role { key } directory { name } members(first: 5) { totalCount nodes { email } } } } } }"""
PREVIEW = """query ($input: PreviewInput!) { preview(input: $input) { token headline warnings changed higher lower
  losingAccess people { email before { role { key } } after { role { key } status } because } } }"""
ANSWER = "{ roles { key isDefault } changedMembers userErrors { code message } auditEntry { action } }"
MAP = f"""mutation ($id: ID!, $mappings: [MappingInput!]!, $token: String) {{
  groupMappingsSet(organizationId: $id, mappings: $mappings, previewToken: $token) {ANSWER} }}"""
DEFAULT = f"""mutation ($id: ID!, $token: String, $sure: Boolean! = false) {{
  defaultRoleSet(roleId: $id, previewToken: $token, isSure: $sure) {ANSWER} }}"""
ORDER = f"""mutation ($id: ID!, $ids: [ID!]!, $token: String) {{
  rolesReorder(organizationId: $id, roleIds: $ids, previewToken: $token) {ANSWER} }}"""
ARCHIVE = f"""mutation ($id: ID!, $other: ID!, $token: String) {{
  roleArchive(id: $id, replacementId: $other, previewToken: $token) {ANSWER} }}"""
CREATE = f'mutation ($id: ID!) {{ roleCreate(organizationId: $id, name: "Auditor") {ANSWER} }}'
PERMIT = f'mutation ($id: ID!) {{ rolePermissionsSet(id: $id, permissions: ["read"]) {ANSWER} }}'


@pytest.fixture
async def there(scim: Scim, api: Api) -> dict[str, Any]:
    """The organization with ann in a group that is mapped to nothing."""
    ann = document(await scim.post("/Users", person("ann")))
    team = await scim.make_group("Team")
    await scim.patch(f"/Groups/{team['id']}", adding(ann["id"]))
    found: dict[str, Any] = (await api.ask(ALL))["organization"]
    return found | {"by": {role["key"]: role["id"] for role in found["roles"]}}


def code(payload: dict[str, Any]) -> str:
    [error] = payload["userErrors"]
    return str(error["code"])


async def test_groups_and_roles_with_counts(there: dict[str, Any]) -> None:
    [team] = there["groups"]["nodes"]
    assert (team["memberCount"], team["unresolvedCount"], team["role"]) == (1, 0, None)
    assert team["members"] == {"totalCount": 1, "nodes": [{"email": "ann@example.com"}]}
    assert [(r["key"], r["memberCount"]) for r in there["roles"] if r["isDefault"]] == [("viewer", 1)]


async def test_a_mapping_is_looked_at_and_then_done(scim: Scim, api: Api, there: dict[str, Any]) -> None:
    mappings = [{"groupId": there["groups"]["nodes"][0]["id"], "roleId": there["by"]["admin"]}]
    given = {"id": there["id"], "mappings": mappings}
    assert code((await api.ask(MAP, **given))["groupMappingsSet"]) == "PREVIEW_REQUIRED"
    looked = {"mappings": {"organizationId": there["id"], "mappings": mappings}}
    seen = (await api.ask(PREVIEW, input=looked))["preview"]
    assert (seen["changed"], seen["higher"], seen["losingAccess"]) == (1, 1, 0)
    assert seen["people"][0]["after"] == {"role": {"key": "admin"}, "status": "ACTIVE"}
    assert await role_of(scim) == "viewer"
    done = (await api.ask(MAP, **given, token=seen["token"]))["groupMappingsSet"]
    assert (done["changedMembers"], done["userErrors"], done["auditEntry"]) == (1, [], {"action": "group_mapped"})
    assert await role_of(scim) == "admin"


async def test_a_preview_whose_facts_moved_is_stale(scim: Scim, api: Api, there: dict[str, Any]) -> None:
    lowest = there["by"]["knowledge-base-viewer"]
    seen = (await api.ask(PREVIEW, input={"defaultRole": lowest}))["preview"]
    document(await scim.post("/Users", person("bob")))
    assert code((await api.ask(DEFAULT, id=lowest, token=seen["token"]))["defaultRoleSet"]) == "STALE_PREVIEW"
    assert await role_of(scim) == "viewer"


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten_though_nobody_would_move(
    scim: Scim, api: Api, there: dict[str, Any]
) -> None:
    empty = api.id("Group", (await scim.make_group("Empty"))["id"])
    own, by, keys = {"organizationId": there["id"]}, there["by"], [role["id"] for role in there["roles"]]
    wanted = [[{"groupId": empty, "roleId": by[key]}] for key in ("admin", "viewer")]
    mine, theirs = [
        (await api.ask(PREVIEW, input={"mappings": own | {"mappings": each}}))["preview"] for each in wanted
    ]
    assert (mine["changed"], theirs["changed"]) == (0, 0)
    done = (await api.ask(MAP, id=there["id"], mappings=wanted[1], token=theirs["token"]))["groupMappingsSet"]
    assert done["userErrors"] == []
    refused = (await api.ask(MAP, id=there["id"], mappings=wanted[0], token=mine["token"]))["groupMappingsSet"]
    assert code(refused) == "STALE_PREVIEW"
    group = await api.ask("query ($id: ID!) { node(id: $id) { ... on Group { role { key } } } }", id=empty)
    assert group == {"node": {"role": {"key": "viewer"}}}
    orders = [[*keys[1:], keys[0]], [*keys[2:], keys[0], keys[1]]]
    mine, theirs = [
        (await api.ask(PREVIEW, input={"roleOrder": own | {"roleIds": each}}))["preview"] for each in orders
    ]
    done = (await api.ask(ORDER, id=there["id"], ids=orders[1], token=theirs["token"]))["rolesReorder"]
    assert done["userErrors"] == []
    refused = (await api.ask(ORDER, id=there["id"], ids=orders[0], token=mine["token"]))["rolesReorder"]
    assert code(refused) == "STALE_PREVIEW"


async def test_a_warning_needs_a_second_word(api: Api, there: dict[str, Any]) -> None:
    admin = there["by"]["admin"]
    seen = (await api.ask(PREVIEW, input={"defaultRole": admin}))["preview"]
    assert seen["warnings"]
    given = {"id": admin, "token": seen["token"]}
    assert code((await api.ask(DEFAULT, **given))["defaultRoleSet"]) == "CONFIRMATION_REQUIRED"
    done = (await api.ask(DEFAULT, **given, sure=True))["defaultRoleSet"]
    assert [role["key"] for role in done["roles"] if role["isDefault"]] == ["admin"]


async def test_roles_are_made_permitted_ordered_and_archived(api: Api, there: dict[str, Any]) -> None:
    made = (await api.ask(CREATE, id=there["id"]))["roleCreate"]
    assert (made["roles"][0]["key"], made["auditEntry"]) == ("auditor", {"action": "role_added"})
    assert code((await api.ask(CREATE, id=there["id"]))["roleCreate"]) == "TAKEN"
    ladder = (await api.ask(ALL))["organization"]["roles"]
    auditor, *others = [role["id"] for role in ladder]
    assert (await api.ask(PERMIT, id=auditor))["rolePermissionsSet"]["userErrors"] == []
    order = [*others, auditor]
    seen = await api.ask(PREVIEW, input={"roleOrder": {"organizationId": there["id"], "roleIds": order}})
    done = (await api.ask(ORDER, id=there["id"], ids=order, token=seen["preview"]["token"]))["rolesReorder"]
    assert done["roles"][-1]["key"] == "auditor"
    gone = {"id": auditor, "replacementId": others[0]}
    seen = await api.ask(PREVIEW, input={"roleArchive": gone})
    token = seen["preview"]["token"]
    done = (await api.ask(ARCHIVE, id=auditor, other=others[0], token=token))["roleArchive"]
    assert "auditor" not in [role["key"] for role in done["roles"]]
    assert await api.ask("query ($id: ID!) { node(id: $id) { id } }", id=auditor) == {"node": None}


async def test_without_the_right_nothing_happens(scim: Scim, new_api: NewApi, there: dict[str, Any]) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    id, role = there["id"], there["by"]["viewer"]
    for name, query, given in (
        ("groupMappingsSet", MAP, {"id": id, "mappings": []}),
        ("defaultRoleSet", DEFAULT, {"id": role}),
        ("rolesReorder", ORDER, {"id": id, "ids": [role]}),
        ("roleArchive", ARCHIVE, {"id": role, "other": role}),
        ("roleCreate", CREATE, {"id": id}),
        ("rolePermissionsSet", PERMIT, {"id": role}),
    ):
        assert code((await reader.ask(query, **given))[name]) == "FORBIDDEN", name
    refused = await reader.refused(PREVIEW, input={"defaultRole": role})
    assert refused["extensions"]["code"] == "FORBIDDEN"


async def test_another_organization_is_answered_like_nothing(
    there: dict[str, Any], new_directory: NewDirectory, new_api: NewApi
) -> None:
    stranger = await new_api((await new_directory()).organization_id)
    own = stranger.id("Organization", stranger.organization)
    assert code((await stranger.ask(PERMIT, id=there["by"]["viewer"]))["rolePermissionsSet"]) == "NOT_FOUND"
    told = set()
    for group in (there["groups"]["nodes"][0]["id"], stranger.id("Group", uuid.uuid4())):
        given = {"mappings": {"organizationId": own, "mappings": [{"groupId": group, "roleId": None}]}}
        told.add((await stranger.refused(PREVIEW, input=given))["extensions"]["code"])
    assert told == {"NOT_FOUND"}
