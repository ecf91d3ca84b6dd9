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


async def with_role(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody, and a role that they could have."""
    found = await api.ask("{ organization { roles { id key } } }")
    roles = {role["key"]: role["id"] for role in found["organization"]["roles"]}
    return {**await ann(api, scim), "role": roles["account-manager"]}


async def overridden(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody whose role was chosen by hand."""
    found = await with_role(api, scim)
    await api.ask(SAMPLES["memberRoleOverrideSet"].document, **found)
    return {"ref": found["ref"]}


async def invited(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody who was invited."""
    organization = await own(api, scim)
    made = await api.ask(SAMPLES["memberInvite"].document, **organization)
    return {"ref": {"id": made["memberInvite"]["member"]["id"]}}


async def departed(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody whom no directory has any more."""
    found = await ann(api, scim)
    [user] = (await scim.read("/Users"))["Resources"]
    await scim.delete(f"/Users/{user['id']}")
    return found


async def job(api: Api, scim: Scim) -> dict[str, Any]:
    """A job that waits."""
    organization = await own(api, scim)
    made = await api.ask(SAMPLES["membersImport"].document, **organization)
    return {"id": made["membersImport"]["job"]["id"]}


async def breaking_glass(api: Api, scim: Scim) -> dict[str, Any]:
    """Somebody who may sign in although single sign-on is enforced."""
    found = await ann(api, scim)
    await api.ask(SAMPLES["breakGlassGrant"].document, **found)
    return found


_DONE = "userErrors { code message }"

SAMPLES = {
    "organization": Sample("query ($id: ID) { organization(id: $id) { id name roles { key } } }", own),
    "member": Sample("query ($ref: MemberRef!) { member(ref: $ref) { id email status } }", ann),
    "explainRole": Sample(
        "query ($id: ID!) { explainRole(organizationId: $id, groupIds: []) { text result { key } } }", own
    ),
    "breakGlassGrant": Sample(
        f"""mutation ($ref: MemberRef!) {{ breakGlassGrant(ref: $ref, reason: "Owns it") {{
              member {{ id }} {_DONE} auditEntry {{ action }} }} }}""",
        ann,
    ),
    "breakGlassWithdraw": Sample(_on_member("breakGlassWithdraw"), breaking_glass),
    "memberDeactivate": Sample(_on_member("memberDeactivate"), ann),
    "memberReactivate": Sample(_on_member("memberReactivate"), locked_out),
    "memberUpdate": Sample(
        f"""mutation ($ref: MemberRef!) {{ memberUpdate(ref: $ref, input: {{displayName: "Ann"}}) {{
              member {{ id displayName }} {_DONE} }} }}""",
        ann,
    ),
    "memberSeatSet": Sample(
        f"mutation ($ref: MemberRef!) {{ memberSeatSet(ref: $ref, seatType: LITE) {{ member {{ seat }} {_DONE} }} }}",
        ann,
    ),
    "memberRoleOverrideSet": Sample(
        f"""mutation ($ref: MemberRef!, $role: ID!) {{
              memberRoleOverrideSet(ref: $ref, roleId: $role, reason: "Stands in") {{ member {{ id }} {_DONE} }} }}""",
        with_role,
    ),
    "memberRoleOverrideClear": Sample(_on_member("memberRoleOverrideClear"), overridden),
    "memberRevokeNow": Sample(
        f"""mutation ($ref: MemberRef!) {{ memberRevokeNow(ref: $ref, reason: "Lost laptop") {{
              member {{ status }} {_DONE} }} }}""",
        ann,
    ),
    "memberRemove": Sample(
        f"""mutation ($ref: MemberRef!) {{ memberRemove(ref: $ref, confirmEmail: "guest@example.com") {{
              member {{ status }} {_DONE} }} }}""",
        invited,
    ),
    "memberErase": Sample(
        f"""mutation ($ref: MemberRef!) {{ memberErase(ref: $ref, reason: "Asked for it") {{
              member {{ status }} {_DONE} }} }}""",
        departed,
    ),
    "memberInvite": Sample(
        f"""mutation ($id: ID!) {{ memberInvite(organizationId: $id, input: {{email: "guest@example.com"}}) {{
              member {{ id status }} token expiresAt {_DONE} }} }}""",
        own,
    ),
    "memberInvitationWithdraw": Sample(_on_member("memberInvitationWithdraw"), invited),
    "membersBulkUpdate": Sample(
        f"""mutation ($id: ID!) {{ membersBulkUpdate(organizationId: $id,
              rows: [{{member: "ann@example.com", seatType: LITE}}]) {{ job {{ id state waiting }} {_DONE} }} }}""",
        own,
    ),
    "membersImport": Sample(
        f"""mutation ($id: ID!) {{ membersImport(organizationId: $id,
              rows: [{{email: "guest@example.com", displayName: "Guest"}}]) {{ job {{ id waiting }} {_DONE} }} }}""",
        own,
    ),
    "jobPreview": Sample("query ($id: ID!) { jobPreview(id: $id) { number outcome text } }", job),
    "jobRun": Sample(f"mutation ($id: ID!) {{ jobRun(id: $id) {{ job {{ state applied }} {_DONE} }} }}", job),
}
