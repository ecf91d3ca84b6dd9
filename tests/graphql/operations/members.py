"""Samples about members."""

from __future__ import annotations

from typing import Any

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from . import Sample


async def ann(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody whom a directory brought."""
    document(await scim.post("/Users", person("ann")))
    return {"ref": {"id": api.id("Member", (await member_of(scim, "ann@example.com"))["id"])}}


async def locked_out(api: Api, scim: Scim) -> dict[str, Any]:
    """The same, deactivated by hand."""
    found = await ann(api, scim)
    await api.ask(SAMPLES["memberDeactivate"].document, **found)
    return found


def _on_member(name: str) -> str:
    return (
        f"mutation ($ref: MemberRef!) {{ {name}(ref: $ref)"
        " { member { id status } userErrors { code message } auditEntry { id } } }"
    )


async def own(api: Api, scim: Scim) -> dict[str, Any]:
    """The organization itself."""
    return {"id": api.id("Organization", scim.access.organization_id)}


SAMPLES = {
    "organization": Sample("query ($id: ID) { organization(id: $id) { id name roles { key } } }", own),
    "member": Sample("query ($ref: MemberRef!) { member(ref: $ref) { id email status } }", ann),
    "memberDeactivate": Sample(_on_member("memberDeactivate"), ann),
    "memberReactivate": Sample(_on_member("memberReactivate"), locked_out),
}
