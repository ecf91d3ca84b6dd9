"""Samples about directories, their keys, groups and the ladder of roles."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from api.dns import lookup
from tests.dns.server import Zone, serving
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim, document
from tests.scim.governing import adding, person

from . import Sample

_SERVED: list[AbstractAsyncContextManager[Zone]] = []
"""Name servers that go on until the tests are over."""

_DONE = "userErrors { code message }"
_ROLES = f"{{ roles {{ key }} changedMembers {_DONE} }}"
_LOOK = "query ($input: PreviewInput!) { preview(input: $input) { token } }"


async def own(api: Api, scim: Scim) -> dict[str, Any]:
    """The organization itself."""
    return {"id": api.id("Organization", scim.access.organization_id)}


async def directory(api: Api, scim: Scim) -> dict[str, Any]:
    """Its directory."""
    return {"id": api.id("Directory", scim.access.directory_id)}


async def old_key(api: Api, scim: Scim) -> dict[str, Any]:
    """A key that was replaced."""
    text = """mutation ($id: ID!) { directoryKeyRotate(id: $id, overlapHours: 1) {
                directory { keys { id state } } userErrors { code } } }"""
    made = (await api.ask(text, **await directory(api, scim)))["directoryKeyRotate"]
    [old] = [key["id"] for key in made["directory"]["keys"] if key["state"] == "EXPIRING"]
    return {"id": old}


async def to_delete(api: Api, scim: Scim) -> dict[str, Any]:
    """The directory, after a look at its end."""
    found = await directory(api, scim)
    return {**found, "token": await _seen(api, directoryDelete={**found, "members": "KEEP_LOCAL"})}


async def deleted(api: Api, scim: Scim) -> dict[str, Any]:
    """The directory, which is gone."""
    found = await to_delete(api, scim)
    await api.ask(SAMPLES["directoryDelete"].document, **found)
    return {"id": found["id"]}


async def roles(api: Api) -> dict[str, str]:
    """The roles of the organization by key."""
    found = (await api.ask("{ organization { roles { id key } } }"))["organization"]["roles"]
    return {role["key"]: role["id"] for role in found}


async def viewer(api: Api, scim: Scim) -> dict[str, Any]:
    """A role."""
    return {"id": (await roles(api))["viewer"]}


async def to_map(api: Api, scim: Scim) -> dict[str, Any]:
    """A group with somebody in it, and a mapping that was looked at."""
    ann = document(await scim.post("/Users", person("ann")))
    group = document(await scim.post("/Groups", {"displayName": "Team"}))
    await scim.patch(f"/Groups/{group['id']}", adding(ann["id"]))
    mapping = {"groupId": api.id("Group", group["id"]), "roleId": (await roles(api))["account-manager"]}
    wanted = {"organizationId": (await own(api, scim))["id"], "mappings": [mapping]}
    return {**await own(api, scim), "mappings": [mapping], "token": await _seen(api, mappings=wanted)}


async def to_order(api: Api, scim: Scim) -> dict[str, Any]:
    """Two roles the other way round."""
    first, second, *others = (await roles(api)).values()
    wanted = [second, first, *others]
    token = await _seen(api, roleOrder={"organizationId": (await own(api, scim))["id"], "roleIds": wanted})
    return {**await own(api, scim), "roleIds": wanted, "token": token}


async def to_default(api: Api, scim: Scim) -> dict[str, Any]:
    """Another default role."""
    role = (await roles(api))["account-manager"]
    return {"id": role, "token": await _seen(api, defaultRole=role)}


async def to_archive(api: Api, scim: Scim) -> dict[str, Any]:
    """A role that may go, and the one in its place."""
    found = await roles(api)
    wanted = {"id": found["account-manager"], "replacementId": found["viewer"]}
    return {"id": wanted["id"], "other": wanted["replacementId"], "token": await _seen(api, roleArchive=wanted)}


async def to_look(api: Api, scim: Scim) -> dict[str, Any]:
    """Something to look at."""
    return {"input": {"defaultRole": (await roles(api))["account-manager"]}}


async def published(api: Api, scim: Scim) -> dict[str, Any]:
    """A domain with what proves it in DNS, which goes on being served."""
    found = await domain(api, scim)
    made = (await api.ask(SAMPLES["domainChallenge"].document, **found))["domainChallenge"]
    record = made["domain"]["proof"]
    _SERVED.append(serving())
    zone = await _SERVED[-1].__aenter__()
    zone.texts[record["recordName"]] = [record["recordValue"]]
    lookup._of_the_system = lambda: [zone.resolver]
    return found


async def domain(api: Api, scim: Scim) -> dict[str, Any]:
    """A domain of the organization."""
    made = (await api.ask(SAMPLES["domainAdd"].document, **await own(api, scim)))["domainAdd"]
    return {"id": made["domain"]["id"]}


async def _seen(api: Api, **wanted: Any) -> str:
    token: str = (await api.ask(_LOOK, input=wanted))["preview"]["token"]
    return token


def _of_id(name: str, arguments: str, answer: str) -> str:
    return f"mutation ($id: ID!) {{ {name}(id: $id{arguments}) {{ {answer} {_DONE} }} }}"


SAMPLES = {
    "preview": Sample(
        "query ($input: PreviewInput!) { preview(input: $input) { headline changed people { email because } } }",
        to_look,
    ),
    "diagnosePerson": Sample(
        'query ($id: ID!) { diagnosePerson(organizationId: $id, name: "ann@example.com") { code text nextStep } }', own
    ),
    "directoryCreate": Sample(
        f"""mutation ($id: ID!) {{ directoryCreate(organizationId: $id, input: {{name: "Okta", provider: OKTA}}) {{
              secret directory {{ id }} {_DONE} }} }}""",
        own,
    ),
    "directoryUpdate": Sample(_of_id("directoryUpdate", ", input: {state: PAUSED}", "directory { state }"), directory),
    "attributeNotesSet": Sample(
        f"""mutation ($id: ID!) {{
              attributeNotesSet(organizationId: $id, notes: [{{attribute: "title", note: "Called rank here"}}]) {{
                attributeNotes {{ attribute note }} {_DONE} }} }}""",
        own,
    ),
    "directoryKeyRotate": Sample(_of_id("directoryKeyRotate", ", overlapHours: 1", "secret"), directory),
    "directoryKeyRevoke": Sample(_of_id("directoryKeyRevoke", "", "directory { keys { state } }"), old_key),
    "directoryDelete": Sample(
        f"""mutation ($id: ID!, $token: String) {{
              directoryDelete(id: $id, members: KEEP_LOCAL, confirmName: "GENERIC", previewToken: $token) {{
                directory {{ deletedAt }} {_DONE} }} }}""",
        to_delete,
    ),
    "directoryRestore": Sample(_of_id("directoryRestore", "", "secret"), deleted),
    "groupMappingsSet": Sample(
        f"""mutation ($id: ID!, $mappings: [MappingInput!]!, $token: String) {{
              groupMappingsSet(organizationId: $id, mappings: $mappings, previewToken: $token) {_ROLES} }}""",
        to_map,
    ),
    "roleCreate": Sample(f'mutation ($id: ID!) {{ roleCreate(organizationId: $id, name: "Auditor") {_ROLES} }}', own),
    "rolePermissionsSet": Sample(
        f'mutation ($id: ID!) {{ rolePermissionsSet(id: $id, permissions: ["read"]) {_ROLES} }}', viewer
    ),
    "rolesReorder": Sample(
        f"""mutation ($id: ID!, $roleIds: [ID!]!, $token: String) {{
              rolesReorder(organizationId: $id, roleIds: $roleIds, previewToken: $token) {_ROLES} }}""",
        to_order,
    ),
    "defaultRoleSet": Sample(
        f"""mutation ($id: ID!, $token: String) {{
              defaultRoleSet(roleId: $id, previewToken: $token, isSure: true) {_ROLES} }}""",
        to_default,
    ),
    "roleArchive": Sample(
        f"""mutation ($id: ID!, $other: ID!, $token: String) {{
              roleArchive(id: $id, replacementId: $other, previewToken: $token) {_ROLES} }}""",
        to_archive,
    ),
    "policyUpdate": Sample(
        f"""mutation ($id: ID!) {{ policyUpdate(organizationId: $id, input: {{breakerPeople: 25}}) {{
              policy {{ breakerPeople version }} {_DONE} }} }}""",
        own,
    ),
    "domainAdd": Sample(
        f"""mutation ($id: ID!) {{ domainAdd(organizationId: $id, name: "acme.example.com") {{
              domain {{ id name state }} {_DONE} }} }}""",
        own,
    ),
    "domainChallenge": Sample(_of_id("domainChallenge", "", "domain { proof { recordName recordValue } }"), domain),
    "domainVerify": Sample(_of_id("domainVerify", "", "domain { state }"), published),
    "domainAttest": Sample(_of_id("domainAttest", "", "domain { state }"), domain),
    "domainSubdomainsSet": Sample(
        _of_id("domainSubdomainsSet", ", includeSubdomains: true", "domain { includeSubdomains }"), domain
    ),
    "domainRemove": Sample(_of_id("domainRemove", "", "domain { id }"), domain),
}
