"""Samples of tokens, plans and the platform."""

from __future__ import annotations

from typing import Any

from api.provisioning import plans, tokens
from api.provisioning.actor import Right, operator
from api.provisioning.caller import the_operator
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample


async def _nothing(_: Api, __: Scim) -> dict[str, Any]:
    return {}


async def _organization(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    return {"organization": api.id("Organization", organization, organization)}


async def _growing(api: Api, scim: Scim) -> dict[str, Any]:
    """An organization of a plan to which something can be added; needs the plans that differ."""
    await plans.choose(operator(scim.access.organization_id), "GROWTH")
    return await _organization(api, scim)


async def _granted(api: Api, scim: Scim) -> dict[str, Any]:
    """The same to which it was added."""
    found = await _growing(api, scim)
    await plans.grant(operator(scim.access.organization_id), "scim")
    return found


async def _token(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    made = await tokens.create(
        the_operator(), organization, name="To be ended", rights=[Right.AUDIT_READ], expires_in_days=None
    )
    return {"id": api.id("ApiToken", made.token.id, organization)}


_DONE = "userErrors { code message } auditEntry { action }"

SAMPLES: dict[str, Sample] = {
    "apiTokens": Sample("query { apiTokens { id name state } }", _nothing),
    "organizations": Sample("query { organizations(first: 5) { nodes { id counts { members } } } }", _nothing),
    "platformAudit": Sample("query { platformAudit(first: 5) { nodes { action actor { name } } } }", _nothing),
    "plans": Sample("query { plans { key organizations } }", _nothing),
    "apiTokenCreate": Sample(
        """mutation ($organization: ID) {
             apiTokenCreate(organizationId: $organization, input: {name: "CI", permissions: [ORGANIZATION_READ]}) {
               secret apiToken { id } userErrors { code message } auditEntry { action } } }""",
        _organization,
    ),
    "apiTokenRevoke": Sample(f"mutation ($id: ID!) {{ apiTokenRevoke(id: $id) {{ {_DONE} }} }}", _token),
    "organizationCreate": Sample(
        f'mutation {{ organizationCreate(input: {{name: "New"}}) {{ organization {{ id }} {_DONE} }} }}', _nothing
    ),
    "organizationRetentionSet": Sample(
        f"""mutation ($organization: ID!) {{
              organizationRetentionSet(organizationId: $organization, input: {{headlineDays: 50, bodyDays: 5}}) {{
                organization {{ id }} {_DONE} }} }}""",
        _organization,
    ),
    "planChoose": Sample(
        f"""mutation ($organization: ID!, $plan: String = "{plans.catalogue().default}") {{
              planChoose(organizationId: $organization, planKey: $plan) {{ organization {{ id }} {_DONE} }} }}""",
        _organization,
    ),
    "addOnGrant": Sample(
        f"""mutation ($organization: ID!) {{
              addOnGrant(organizationId: $organization, addOn: SCIM) {{ organization {{ id }} {_DONE} }} }}""",
        _growing,
    ),
    "addOnWithdraw": Sample(
        f"""mutation ($organization: ID!) {{
              addOnWithdraw(organizationId: $organization, addOn: SCIM) {{ organization {{ id }} {_DONE} }} }}""",
        _granted,
    ),
}
