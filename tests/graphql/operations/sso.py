"""Samples about connections to identity providers."""

from __future__ import annotations

from typing import Any

from tests.factories import MemberFactory, SsoConnectionFactory, SsoIdentityFactory
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample
from .members import own


async def draft(api: Api, scim: Scim) -> dict[str, Any]:
    """A connection by which nobody signs in yet; its provider is nowhere."""
    made = await api.ask(SAMPLES["ssoConnectionCreate"].document, **await own(api, scim))
    return {"id": made["ssoConnectionCreate"]["connection"]["id"]}


async def known(api: Api, scim: Scim) -> dict[str, Any]:
    """A member whom a connection knows."""
    connection = await SsoConnectionFactory.make(organization=scim.access.organization_id)
    member = await MemberFactory.make(organization=scim.access.organization_id)
    await SsoIdentityFactory.make(connection=connection, member=member)
    return {"id": api.id("Member", member.id)}


async def active(api: Api, scim: Scim) -> dict[str, Any]:
    """A connection by which people sign in."""
    found = await draft(api, scim)
    await api.ask(SAMPLES["ssoConnectionActivate"].document, **found)
    return found


_DONE = "userErrors { code message field } auditEntry { action subjectType subjectId }"

SAMPLES: dict[str, Sample] = {
    "ssoConnectionCreate": Sample(
        f"""mutation ($id: ID!) {{ ssoConnectionCreate(organizationId: $id, input: {{
              name: "Okta", issuer: "http://127.0.0.1:9", oidc: {{clientId: "client", clientSecret: "secret"}} }}) {{
                connection {{ id kind state oidc {{ redirectUri }} }} {_DONE} }} }}""",
        own,
    ),
    "ssoConnectionUpdate": Sample(
        f"""mutation ($id: ID!) {{ ssoConnectionUpdate(id: $id, input: {{
              name: "Entra ID", oidc: {{trustsAddress: true}} }}) {{
                connection {{ name oidc {{ trustsAddress hasClientSecret }} }} {_DONE} }} }}""",
        draft,
    ),
    "ssoConnectionActivate": Sample(
        f"mutation ($id: ID!) {{ ssoConnectionActivate(id: $id) {{ connection {{ state }} {_DONE} }} }}", draft
    ),
    "ssoConnectionSwitchOff": Sample(
        f"mutation ($id: ID!) {{ ssoConnectionSwitchOff(id: $id) {{ connection {{ state }} {_DONE} }} }}", active
    ),
    "ssoConnectionRemove": Sample(
        f"mutation ($id: ID!) {{ ssoConnectionRemove(id: $id) {{ connection {{ id }} {_DONE} }} }}", active
    ),
    "ssoConnectionCheck": Sample(
        "mutation ($id: ID!) { ssoConnectionCheck(id: $id) { findings { isFine text } userErrors { code message } } }",
        draft,
    ),
    "ssoIdentitiesForget": Sample(
        f"mutation ($id: ID!) {{ ssoIdentitiesForget(memberId: $id) {{ count {_DONE} }} }}", known
    ),
}
