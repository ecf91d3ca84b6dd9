"""Samples of directories, the ladder of roles, and previews."""

from __future__ import annotations

from typing import Any

from api.provisioning import governance
from api.provisioning.deletion_choices import Choice
from api.provisioning.deletions import DeleteDirectory
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim
from tests.scim.governing import govern, governor

from . import Sample
from .members import own

Variables = dict[str, Any]

_DONE = "userErrors { code message } auditEntry { action }"
_ROLES = f"{{ roles {{ key }} {_DONE} }}"
_LADDER = "{ organization { roles { id key isDefault } } }"
_PREVIEW = "query ($input: PreviewInput!) { preview(input: $input) { token headline changed } }"


async def directory(api: Api, scim: Scim) -> Variables:
    """The directory itself."""
    return {"id": api.id("Directory", scim.access.directory_id, scim.access.organization_id)}


async def _key(api: Api, _: Scim) -> Variables:
    found = await api.ask("{ organization { directories { keys { id } } } }")
    return {"id": found["organization"]["directories"][0]["keys"][0]["id"]}


async def _to_delete(api: Api, scim: Scim) -> Variables:
    seen = await governance.preview(governor(scim), _deletion(scim))
    return await directory(api, scim) | {"name": "GENERIC", "token": seen.token}


async def _deleted(api: Api, scim: Scim) -> Variables:
    await govern(scim, _deletion(scim))
    return await directory(api, scim)


def _deletion(scim: Scim) -> DeleteDirectory:
    return DeleteDirectory(scim.access.directory_id, Choice.KEEP_LOCAL)


async def seen(api: Api, **wanted: Any) -> str:
    """The token of a preview."""
    return str((await api.ask(_PREVIEW, input=wanted))["preview"]["token"])


async def ladder(api: Api) -> list[str]:
    """The ids of the roles, lowest first."""
    return [role["id"] for role in (await api.ask(_LADDER))["organization"]["roles"]]


async def _lowest(api: Api, _: Scim) -> Variables:
    return {"id": (await ladder(api))[0]}


async def _another_default(api: Api, scim: Scim) -> Variables:
    found = await _lowest(api, scim)
    return found | {"token": await seen(api, defaultRole=found["id"])}


async def _another_order(api: Api, scim: Scim) -> Variables:
    organization = (await own(api, scim))["id"]
    first, second, *others = await ladder(api)
    order = [second, first, *others]
    wanted = {"organizationId": organization, "roleIds": order}
    return {"id": organization, "roles": order, "token": await seen(api, roleOrder=wanted)}


async def _to_archive(api: Api, _: Scim) -> Variables:
    lowest, other, *_rest = await ladder(api)
    token = await seen(api, roleArchive={"id": lowest, "replacementId": other})
    return {"id": lowest, "other": other, "token": token}


async def group(api: Api, scim: Scim) -> str:
    """The global id of a group that is mapped to nothing."""
    return api.id("Group", (await scim.make_group("Team"))["id"], scim.access.organization_id)


async def _mapping(api: Api, scim: Scim) -> Variables:
    organization = (await own(api, scim))["id"]
    mappings = [{"groupId": await group(api, scim), "roleId": (await ladder(api))[0]}]
    wanted = {"organizationId": organization, "mappings": mappings}
    return {"id": organization, "mappings": mappings, "token": await seen(api, mappings=wanted)}


async def _default_to_look_at(api: Api, _: Scim) -> Variables:
    return {"input": {"defaultRole": (await ladder(api))[0]}}


SAMPLES: dict[str, Sample] = {
    "directoryCreate": Sample(
        f"""mutation ($id: ID!) {{ directoryCreate(organizationId: $id, input: {{name: "Okta", provider: OKTA}}) {{
              secret {_DONE} }} }}""",
        own,
    ),
    "directoryUpdate": Sample(
        f'mutation ($id: ID!) {{ directoryUpdate(id: $id, input: {{name: "Other"}}) {{ directory {{ name }} {_DONE} }} }}',
        directory,
    ),
    "directoryKeyRotate": Sample(
        f"mutation ($id: ID!) {{ directoryKeyRotate(id: $id, expiresInDays: 30) {{ secret {_DONE} }} }}", directory
    ),
    "directoryKeyRevoke": Sample(
        f"mutation ($id: ID!) {{ directoryKeyRevoke(id: $id) {{ directory {{ keys {{ state }} }} {_DONE} }} }}", _key
    ),
    "directoryDelete": Sample(
        f"""mutation ($id: ID!, $name: String!, $token: String) {{
              directoryDelete(id: $id, members: KEEP_LOCAL, confirmName: $name, previewToken: $token) {{ {_DONE} }} }}""",
        _to_delete,
    ),
    "directoryRestore": Sample(f"mutation ($id: ID!) {{ directoryRestore(id: $id) {{ secret {_DONE} }} }}", _deleted),
    "groupMappingsSet": Sample(
        f"""mutation ($id: ID!, $mappings: [MappingInput!]!, $token: String) {{
              groupMappingsSet(organizationId: $id, mappings: $mappings, previewToken: $token) {_ROLES} }}""",
        _mapping,
    ),
    "roleCreate": Sample(f'mutation ($id: ID!) {{ roleCreate(organizationId: $id, name: "Auditor") {_ROLES} }}', own),
    "rolePermissionsSet": Sample(
        f'mutation ($id: ID!) {{ rolePermissionsSet(id: $id, permissions: ["read"]) {_ROLES} }}', _lowest
    ),
    "rolesReorder": Sample(
        f"""mutation ($id: ID!, $roles: [ID!]!, $token: String) {{
              rolesReorder(organizationId: $id, roleIds: $roles, previewToken: $token) {_ROLES} }}""",
        _another_order,
    ),
    "defaultRoleSet": Sample(
        f"""mutation ($id: ID!, $token: String) {{
              defaultRoleSet(roleId: $id, previewToken: $token, isSure: true) {_ROLES} }}""",
        _another_default,
    ),
    "roleArchive": Sample(
        f"""mutation ($id: ID!, $other: ID!, $token: String) {{
              roleArchive(id: $id, replacementId: $other, previewToken: $token) {_ROLES} }}""",
        _to_archive,
    ),
    "preview": Sample(_PREVIEW, _default_to_look_at),
    "diagnosePerson": Sample(
        """query ($id: ID!, $name: String = "ann@example.com") {
             diagnosePerson(organizationId: $id, name: $name) { code text } }""",
        own,
    ),
}
