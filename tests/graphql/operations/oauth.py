"""Samples about OAuth clients."""

from __future__ import annotations

from typing import Any

from api.oauth import clients
from api.provisioning.actor import operator
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .provisioning import directory


async def client(api: Api, scim: Scim) -> dict[str, Any]:
    """A client of the directory, with a secret."""
    made = await clients.create(operator(scim.access.organization_id), scim.access.directory_id, name="Okta")
    return {"id": api.id("OauthClient", made.client.id)}


async def secret(api: Api, scim: Scim) -> dict[str, Any]:
    """The secret of a client."""
    made = await clients.create(operator(scim.access.organization_id), scim.access.directory_id, name="Okta")
    assert made.secret is not None
    return {"id": api.id("OauthSecret", made.secret.id)}


_DONE = "userErrors { code message } auditEntry { action subjectType subjectId }"
_SHOWN = "oauthClient { id name revokedAt secrets { state } }"

SAMPLES = {
    "oauthClientCreate": Sample(
        f"""mutation ($id: ID!) {{ oauthClientCreate(directoryId: $id, input: {{name: "Entra"}}) {{
              clientId secret tokenUrl scimUrl {_SHOWN} {_DONE} }} }}""",
        directory,
    ),
    "oauthClientUpdate": Sample(
        f"""mutation ($id: ID!) {{ oauthClientUpdate(id: $id, input: {{
              name: "Entra ID", trust: {{jwksUri: "https://idp.example.com/keys"}} }}) {{ {_SHOWN} {_DONE} }} }}""",
        client,
    ),
    "oauthClientSecretAdd": Sample(
        f"""mutation ($id: ID!) {{ oauthClientSecretAdd(id: $id, expiresInDays: 400, overlapHours: 24) {{
              secret {_SHOWN} {_DONE} }} }}""",
        client,
    ),
    "oauthClientSecretRevoke": Sample(
        f"mutation ($id: ID!) {{ oauthClientSecretRevoke(id: $id) {{ {_SHOWN} {_DONE} }} }}", secret
    ),
    "oauthClientRevoke": Sample(f"mutation ($id: ID!) {{ oauthClientRevoke(id: $id) {{ {_SHOWN} {_DONE} }} }}", client),
}
