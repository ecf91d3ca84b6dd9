"""Directories and their keys over GraphQL."""

from __future__ import annotations

import uuid

from api.provisioning import governance
from api.provisioning.actor import Right
from api.provisioning.deletion_choices import Choice
from api.provisioning.deletions import DeleteDirectory
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim, document
from tests.scim.governing import governor, person

from .conftest import Api, NewApi

ERRORS = "userErrors { code message } auditEntry { action }"
SHOWN = "name provider state userCount keys { id state lastFour } condition { health } deletedAt restorableUntil"
LIST = f"""{{ organization {{ directories(includeDeleted: true) {{ id scimUrl {SHOWN} seatExtension {{ urn }}
  users(first: 5) {{ totalCount nodes {{
    userName active document member {{ email }} directory {{ name }} }} }} }} }} }}"""
CREATE = f"""mutation ($id: ID!) {{ directoryCreate(organizationId: $id, input: {{name: "Okta", provider: OKTA}}) {{
  secret scimUrl directory {{ {SHOWN} }} {ERRORS} }} }}"""
UPDATE = f"""mutation ($id: ID!, $input: DirectoryUpdateInput!) {{ directoryUpdate(id: $id, input: $input) {{
  directory {{ {SHOWN} settings {{ pilotUsers profile }} }} {ERRORS} }} }}"""
ROTATE = f"""mutation ($id: ID!) {{ directoryKeyRotate(id: $id, overlapHours: 1) {{
  secret directory {{ keys {{ id state lastFour }} }} {ERRORS} }} }}"""
REVOKE = f"mutation ($id: ID!) {{ directoryKeyRevoke(id: $id) {{ directory {{ keys {{ state }} }} {ERRORS} }} }}"
DELETE = f"""mutation ($id: ID!, $name: String!, $token: String) {{
  directoryDelete(id: $id, members: KEEP_LOCAL, confirmName: $name, previewToken: $token) {{
    directory {{ {SHOWN} }} {ERRORS} }} }}"""
RESTORE = f"mutation ($id: ID!) {{ directoryRestore(id: $id) {{ secret directory {{ deletedAt }} {ERRORS} }} }}"


def code(payload: dict[str, list[dict[str, str]]]) -> str:
    [error] = payload["userErrors"]
    return error["code"]


async def test_directories_with_their_users_keys_and_health(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", person("ann")))
    [found] = (await api.ask(LIST))["organization"]["directories"]
    assert (found["state"], found["userCount"], found["condition"]["health"]) == ("LIVE", 1, "HEALTHY")
    assert found["scimUrl"].endswith("/scim/v2")
    [user] = found["users"]["nodes"]
    assert (user["userName"], user["member"]["email"]) == ("ann", "ann@example.com")
    assert user["document"]["userName"] == "ann"
    assert [key["state"] for key in found["keys"]] == ["ACTIVE"]


async def test_connecting_shows_the_key_once_and_is_remembered(scim: Scim, api: Api) -> None:
    made = (await api.ask(CREATE, id=api.id("Organization", scim.access.organization_id)))["directoryCreate"]
    assert made["secret"].endswith(made["directory"]["keys"][0]["lastFour"])
    assert made["auditEntry"] == {"action": "directory_created"}


async def test_pausing_leaves_the_rest_as_it_is(scim: Scim, api: Api) -> None:
    id = api.id("Directory", scim.access.directory_id)
    done = (await api.ask(UPDATE, id=id, input={"state": "PAUSED", "name": "Other"}))["directoryUpdate"]
    assert (done["directory"]["state"], done["directory"]["name"]) == ("PAUSED", "Other")
    assert done["directory"]["settings"] == {"pilotUsers": 1, "profile": "TOLERANT"}
    assert code((await api.ask(UPDATE, id=id, input={"pilotUsers": 0}))["directoryUpdate"]) == "INVALID"


async def test_keys_are_replaced_and_revoked_with_history(scim: Scim, api: Api) -> None:
    made = (await api.ask(ROTATE, id=api.id("Directory", scim.access.directory_id)))["directoryKeyRotate"]
    assert [key["state"] for key in made["directory"]["keys"]] == ["ACTIVE", "EXPIRING"]
    assert made["auditEntry"] == {"action": "key_rotated"}
    old = made["directory"]["keys"][1]["id"]
    done = (await api.ask(REVOKE, id=old))["directoryKeyRevoke"]
    assert [key["state"] for key in done["directory"]["keys"]] == ["ACTIVE", "REVOKED"]
    assert done["auditEntry"] == {"action": "key_revoked"}


async def test_deleting_needs_the_name_and_a_preview_and_can_be_undone(scim: Scim, api: Api) -> None:
    directory = scim.access.directory_id
    id = api.id("Directory", directory)
    assert code((await api.ask(DELETE, id=id, name="GENERIC"))["directoryDelete"]) == "PREVIEW_REQUIRED"
    token = (await governance.preview(governor(scim), DeleteDirectory(directory, Choice.KEEP_LOCAL))).token
    assert code((await api.ask(DELETE, id=id, name="x", token=token))["directoryDelete"]) == "CONFIRMATION_REQUIRED"
    document(await scim.post("/Users", person("ann")))
    assert code((await api.ask(DELETE, id=id, name="GENERIC", token="x"))["directoryDelete"]) == "INVALID"
    token = (await governance.preview(governor(scim), DeleteDirectory(directory, Choice.KEEP_LOCAL))).token
    gone = (await api.ask(DELETE, id=id, name="GENERIC", token=token))["directoryDelete"]
    assert gone["userErrors"] == []
    assert gone["directory"]["restorableUntil"] > gone["directory"]["deletedAt"]
    back = (await api.ask(RESTORE, id=id))["directoryRestore"]
    assert back["secret"]
    assert back["directory"] == {"deletedAt": None}


async def test_another_organization_is_answered_like_nothing(
    scim: Scim, new_directory: NewDirectory, new_api: NewApi
) -> None:
    stranger = await new_api((await new_directory()).organization_id)
    theirs = scim.access.organization_id
    for directory in (scim.access.directory_id, uuid.uuid4()):
        id = stranger.id("Directory", directory, theirs)
        assert code((await stranger.ask(ROTATE, id=id))["directoryKeyRotate"]) == "NOT_FOUND"
        assert await stranger.ask("query ($id: ID!) { node(id: $id) { id } }", id=id) == {"node": None}


async def test_without_the_right_nothing_happens(scim: Scim, new_api: NewApi) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    key = (await reader.ask(LIST))["organization"]["directories"][0]["keys"][0]["id"]
    own = reader.id("Directory", scim.access.directory_id)
    for id, name, query, more in (
        (reader.id("Organization", scim.access.organization_id), "directoryCreate", CREATE, {}),
        (own, "directoryUpdate", UPDATE, {"input": {"state": "PAUSED"}}),
        (own, "directoryKeyRotate", ROTATE, {}),
        (key, "directoryKeyRevoke", REVOKE, {}),
        (own, "directoryDelete", DELETE, {"name": "GENERIC", "token": "x"}),
        (own, "directoryRestore", RESTORE, {}),
    ):
        assert code((await reader.ask(query, id=id, **more))[name]) == "FORBIDDEN", name
    assert (await reader.ask(LIST))["organization"]["directories"][0]["state"] == "LIVE"
