"""Extensions of the User schema over GraphQL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.graphql import ids
from api.provisioning.actor import Right
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.governing import choose

from .conftest import Api, NewApi
from .operations.rules import DEFINITION, SAMPLES

PROPOSE, APPROVE, REFUSE = (SAMPLES[f"extension{act}"].document for act in ("Propose", "Approve", "Refuse"))
LIST = "{ organization { extensions { id urn state definition decidedAt } } }"


@pytest.fixture
def own(api: Api) -> str:
    """The global id of the organization."""
    return api.id("Organization", api.organization)


def code(payload: dict[str, Any]) -> str:
    [error] = payload["userErrors"]
    return str(error["code"])


async def test_what_is_proposed_waits_until_the_operator_decides(api: Api, new_api: NewApi, own: str) -> None:
    made = (await api.ask(PROPOSE, id=own, definition=DEFINITION))["extensionPropose"]
    assert (made["userErrors"], made["auditEntry"]) == ([], {"action": "extension_proposed"})
    waiting = made["extension"]
    assert (waiting["urn"], waiting["state"], waiting["proposedBy"]) == (DEFINITION["id"], "PENDING", "Backstage")
    assert [each["name"] for each in waiting["definition"]["attributes"]] == ["badge"]
    assert code((await api.ask(APPROVE, id=waiting["id"]))["extensionApprove"]) == "FORBIDDEN"
    operator = await new_api(None)
    refused = (await operator.ask(REFUSE, id=waiting["id"]))["extensionRefuse"]
    assert (refused["extension"]["state"], refused["userErrors"]) == ("REFUSED", [])
    done = (await operator.ask(APPROVE, id=waiting["id"]))["extensionApprove"]
    assert (done["extension"]["state"], done["auditEntry"]) == ("APPROVED", {"action": "extension_approved"})
    assert code((await operator.ask(REFUSE, id=waiting["id"]))["extensionRefuse"]) == "CONFLICT"
    [found] = (await api.ask(LIST))["organization"]["extensions"]
    assert (found["id"], found["state"]) == (waiting["id"], "APPROVED")
    assert found["decidedAt"]
    node = await api.ask("query ($id: ID!) { node(id: $id) { ... on Extension { urn } } }", id=found["id"])
    assert node["node"] == {"urn": DEFINITION["id"]}


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        "text",
        {"id": "urn:ietf:params:scim:schemas:core:2.0:User", "attributes": [{"name": "a"}]},
        DEFINITION | {"attributes": [{"name": "a"}, {"name": "A"}]},
    ],
)
async def test_what_the_command_refuses_is_refused_here_too(api: Api, own: str, wrong: object) -> None:
    assert code((await api.ask(PROPOSE, id=own, definition=wrong))["extensionPropose"]) == "INVALID"
    assert (await api.ask(LIST))["organization"]["extensions"] == []


async def test_the_policy_decides_what_follows(scim: Scim, api: Api, own: str) -> None:
    await choose(scim, custom_attributes="OFF")
    assert code((await api.ask(PROPOSE, id=own, definition=DEFINITION))["extensionPropose"]) == "POLICY"
    await choose(scim, custom_attributes="SELF_SERVICE")
    made = (await api.ask(PROPOSE, id=own, definition=DEFINITION))["extensionPropose"]
    assert made["extension"]["state"] == "APPROVED"


async def test_another_organization_and_no_right(
    api: Api, new_api: NewApi, new_directory: NewDirectory, own: str
) -> None:
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    assert code((await reader.ask(PROPOSE, id=own, definition=DEFINITION))["extensionPropose"]) == "FORBIDDEN"
    stranger = await new_api((await new_directory()).organization_id)
    assert code((await stranger.ask(PROPOSE, id=own, definition=DEFINITION))["extensionPropose"]) == "NOT_FOUND"
    assert api.organization is not None
    nobody = ids.write("Extension", api.organization, uuid.uuid4())
    assert code((await (await new_api(None)).ask(APPROVE, id=nobody))["extensionApprove"]) == "NOT_FOUND"
