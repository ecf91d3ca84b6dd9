"""Samples of extensions and of marks on groups."""

from __future__ import annotations

from typing import Any

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .members import own

DEFINITION: dict[str, Any] = {"id": "urn:example:extension:2.0:User", "attributes": [{"name": "badge"}]}
_DONE = "userErrors { code message } auditEntry { action }"
_EXTENSION = f"{{ extension {{ id urn state definition proposedBy }} {_DONE} }}"


async def to_propose(api: Api, scim: Scim) -> dict[str, Any]:
    """An extension that nobody proposed yet."""
    return await own(api, scim) | {"definition": DEFINITION}


async def proposed(api: Api, scim: Scim) -> dict[str, Any]:
    """An extension that waits."""
    made = await api.ask(SAMPLES["extensionPropose"].document, **await to_propose(api, scim))
    return {"id": made["extensionPropose"]["extension"]["id"]}


async def group(api: Api, scim: Scim) -> dict[str, Any]:
    """A group that is mapped to nothing."""
    return {"id": api.id("Group", (await scim.make_group("Team"))["id"])}


SAMPLES: dict[str, Sample] = {
    "extensionPropose": Sample(
        f"""mutation ($id: ID!, $definition: JSON!) {{
              extensionPropose(organizationId: $id, definition: $definition) {_EXTENSION} }}""",
        to_propose,
    ),
    "extensionApprove": Sample(f"mutation ($id: ID!) {{ extensionApprove(id: $id) {_EXTENSION} }}", proposed),
    "extensionRefuse": Sample(f"mutation ($id: ID!) {{ extensionRefuse(id: $id) {_EXTENSION} }}", proposed),
    "groupMark": Sample(
        f"mutation ($id: ID!) {{ groupMark(id: $id, isUrgent: true) {{ group {{ isUrgent }} {_DONE} }} }}", group
    ),
}
