"""Samples of mails, contacts and asking for help."""

from __future__ import annotations

from typing import Any

from api.identity import portal
from api.provisioning import contacts
from api.provisioning.actor import operator
from db.enums import ContactKind, MailState, PortalPurpose
from tests.factories import MailMessageFactory
from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import Sample

_DONE = "userErrors { code message } auditEntry { action }"


async def _nothing(_: Api, __: Scim) -> dict[str, Any]:
    return {}


async def _organization(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    return {"organization": api.id("Organization", organization, organization)}


async def _contact(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    made = await contacts.add(operator(organization), ContactKind.BILLING, "money@example.com")
    return {"id": api.id("MailContact", made.id, organization)}


async def _failed(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    made = await MailMessageFactory.make(organization=organization, state=MailState.FAILED)
    return {"id": api.id("Mail", made.id, organization)}


async def _link(api: Api, scim: Scim) -> dict[str, Any]:
    organization = scim.access.organization_id
    await portal.create(operator(organization), PortalPurpose.DOMAINS)
    [made] = await portal.all_of_them(operator(organization))
    return {"id": api.id("PortalLink", made.id, organization)}


SAMPLES: dict[str, Sample] = {
    "portalLinkCreate": Sample(
        f"""mutation ($organization: ID!) {{
              portalLinkCreate(organizationId: $organization, input: {{email: "it@example.com"}}) {{
                url expiresAt {_DONE} }} }}""",
        _organization,
    ),
    "portalLinkRevoke": Sample(
        f"mutation ($id: ID!) {{ portalLinkRevoke(id: $id) {{ portalLink {{ state email }} {_DONE} }} }}", _link
    ),
    "mails": Sample(
        "query { mails(first: 5) { nodes { id kind recipient state subject text organization { name } } } }", _nothing
    ),
    "mailRetry": Sample(f"mutation ($id: ID!) {{ mailRetry(id: $id) {{ mail {{ state }} {_DONE} }} }}", _failed),
    "mailContactAdd": Sample(
        f"""mutation ($organization: ID!) {{
              mailContactAdd(organizationId: $organization, input: {{kind: BILLING, email: "money@example.com"}}) {{
                mailContact {{ id email }} {_DONE} }} }}""",
        _organization,
    ),
    "mailContactChange": Sample(
        f"""mutation ($id: ID!) {{
              mailContactChange(id: $id, input: {{wantsDigest: true}}) {{
                mailContact {{ wantsDigest }} {_DONE} }} }}""",
        _contact,
    ),
    "mailContactRemove": Sample(f"mutation ($id: ID!) {{ mailContactRemove(id: $id) {{ {_DONE} }} }}", _contact),
    "helpRequest": Sample(
        f"""mutation ($organization: ID!) {{
              helpRequest(organizationId: $organization, input: {{message: "How?", replyTo: "dana@example.com"}}) {{
                {_DONE} }} }}""",
        _organization,
    ),
    "supportContactSet": Sample(
        f"""mutation ($organization: ID!) {{
              supportContactSet(organizationId: $organization, contact: {{name: "Ida", mail: "ida@example.com"}}) {{
                organization {{ supportContact {{ name mail link }} }} {_DONE} }} }}""",
        _organization,
    ),
}
