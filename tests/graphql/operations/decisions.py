"""Operations about removals, questions about linking, and drift."""

from __future__ import annotations

from typing import Any

from api.provisioning import link_requests, removals
from api.provisioning.actor import operator
from tests.graphql.conftest import Api
from tests.scim.conftest import second_directory
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, choose, person

from . import Sample


async def gone(scim: Scim, *names: str) -> None:
    """People whom a directory brought and removes again, one after the other; more than one is too many."""
    await choose(scim, breaker_people="1", breaker_percent="1")
    made = [document(await scim.post("/Users", person(name))) for name in names]
    for each in made:
        document(await scim.patch(f"/Users/{each['id']}", active(False)))


async def asked(scim: Scim) -> Scim:
    """A second directory that brings somebody who is a member already, about whom an admin is asked now."""
    await choose(scim, existing_member="ASK")
    document(await scim.post("/Users", person("ann")))
    second = await second_directory(scim)
    assert (await second.post("/Users", person("ann"))).status_code == 409
    return second


async def _organization(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    return {"organization": api.id("Organization", organization, organization)}


async def _held(api: Api, scim: Scim) -> dict[str, Any]:
    await gone(scim, "ann", "bob", "cleo")
    found = await removals.held(operator(scim.access.organization_id))
    ids = [api.id("Removal", each["id"], scim.access.organization_id) for each in found]
    return {**await _organization(api, scim), "ids": ids}


async def _applied(api: Api, scim: Scim) -> dict[str, Any]:
    await gone(scim, "ann", "bob")
    found = await removals.applied(operator(scim.access.organization_id), scim.access.directory_id)
    ids = [api.id("Removal", each["id"], scim.access.organization_id) for each in found]
    return {**await _organization(api, scim), "ids": ids}


async def _asked(api: Api, scim: Scim) -> dict[str, Any]:
    await asked(scim)
    [found] = await link_requests.page(operator(scim.access.organization_id))
    return {"id": api.id("LinkRequest", found["id"], scim.access.organization_id)}


def _on_removals(name: str) -> str:
    return f"""mutation ($organization: ID!, $ids: [ID!]!) {{ {name}(organizationId: $organization, ids: $ids) {{
      people removals {{ state decidedBy }} userErrors {{ code message }} auditEntry {{ action after }} }} }}"""


SAMPLES: dict[str, Sample] = {
    "heldRemovalsApprove": Sample(_on_removals("heldRemovalsApprove"), _held),
    "heldRemovalsKeep": Sample(_on_removals("heldRemovalsKeep"), _held),
    "removalsUndo": Sample(_on_removals("removalsUndo"), _applied),
    "linkRequestDecide": Sample(
        """mutation ($id: ID!, $decision: LinkState = LINK) { linkRequestDecide(id: $id, decision: $decision) {
             linkRequest { state decidedBy } userErrors { code message } auditEntry { action before after } } }""",
        _asked,
    ),
    "driftFix": Sample(
        """mutation ($organization: ID!) { driftFix(organizationId: $organization) {
             members users seatEntries problems { text member { email } }
             userErrors { code message } auditEntry { action actor { name } } } }""",
        _organization,
    ),
}
