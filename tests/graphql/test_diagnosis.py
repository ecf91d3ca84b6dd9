"""Why somebody is not here, over GraphQL."""

from __future__ import annotations

from api.provisioning.actor import Right
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

WHY = """query ($id: ID!, $name: String!) { diagnosePerson(organizationId: $id, name: $name) {
  code text nextStep requestId } }"""


async def test_who_was_never_received(api: Api) -> None:
    found = (await api.ask(WHY, id=api.id("Organization", api.organization), name="ann@example.com"))["diagnosePerson"]
    assert "NEVER_RECEIVED" in [each["code"] for each in found]


async def test_nobody_named_another_organization_and_no_right(
    scim: Scim, api: Api, new_api: NewApi, new_directory: NewDirectory
) -> None:
    id, other = api.id("Organization", api.organization), (await new_directory()).organization_id
    assert (await api.refused(WHY, id=id, name=" "))["extensions"]["code"] == "INVALID"
    assert await api.ask(WHY, id=api.id("Organization", other, other), name="ann") == {"diagnosePerson": None}
    auditor = await new_api(api.organization, [Right.AUDIT_READ])
    assert (await auditor.refused(WHY, id=id, name="ann"))["extensions"]["code"] == "FORBIDDEN"
