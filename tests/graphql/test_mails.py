"""Mails, contacts and asking for help over GraphQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from api import settings
from api.graphql import edge, limits, schema
from api.graphql.context import Context
from api.graphql.edge import Asked
from api.mail.rendering import HIDDEN
from api.provisioning import clock, contacts, notices, organizations, plans
from api.provisioning.actor import Right, operator
from api.provisioning.caller import the_operator
from api.settings import Settings, SmtpServer
from db import sql
from db.enums import ContactKind, MailState
from db.ids import RequestId, new_id
from tests.conftest import SALES
from tests.factories import MailMessageFactory
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

MAILS = """query ($organization: ID, $state: MailState, $kind: MailKind, $first: Int = 10, $after: String) {
  mails(organizationId: $organization, state: $state, kind: $kind, first: $first, after: $after) {
    nodes { id kind recipient state attempts lastError createdAt sentAt subject text organization { name } }
    pageInfo { hasNextPage endCursor } } }"""
RETRY = "mutation ($id: ID!) { mailRetry(id: $id) { mail { state } userErrors { code message } } }"
CONTACTS = "{ organization { mailContacts { id kind email name wantsDigest } supportContact { name mail link } } }"
ADD = """mutation ($organization: ID!, $input: MailContactInput!) {
  mailContactAdd(organizationId: $organization, input: $input) {
    mailContact { id } userErrors { code message field } auditEntry { subjectId } } }"""
HELP = """mutation ($organization: ID!, $input: HelpRequestInput!) {
  helpRequest(organizationId: $organization, input: $input) { userErrors { code message field } } }"""


async def listed(api: Api, **asked: Any) -> list[dict[str, Any]]:
    """The mails that an operator finds."""
    return list((await api.ask(MAILS, **asked))["mails"]["nodes"])


async def test_the_operator_reads_mails_and_finds_those_that_failed(scim: Scim, new_api: NewApi) -> None:
    api, organization = await new_api(None), scim.access.organization_id
    await notices.domain_lapsed(organization, "example.com", at=clock.now())
    await MailMessageFactory.make(state=MailState.FAILED, last_error="550 No such user", organization=None)
    await sql.rows("UPDATE mail_message SET data = data - 'of' WHERE organization_id IS NULL")
    failed, lapsed = await listed(api)
    assert (lapsed["subject"], lapsed["recipient"]) == ("example.com is not proved any more", None)
    assert "Put the record back" in lapsed["text"]
    assert lapsed["organization"] == {"name": "Acme"}
    assert (failed["state"], failed["lastError"], failed["organization"]) == ("FAILED", "550 No such user", None)
    acme = api.id("Organization", organization, organization)
    assert await listed(api, organization=acme) == [lapsed]
    assert await listed(api, state="FAILED") == [failed]
    assert await listed(api, kind="DOMAIN_LAPSED") == [lapsed]
    assert await listed(api, first=1) == [failed]
    assert (await api.ask(RETRY, id=failed["id"]))["mailRetry"] == {"mail": {"state": "QUEUED"}, "userErrors": []}
    [error] = (await api.ask(RETRY, id=lapsed["id"]))["mailRetry"]["userErrors"]
    assert error == {"code": "POLICY", "message": "This mail waits to be sent already."}


async def test_mails_are_found_by_their_id_by_the_operator_only(scim: Scim, api: Api, new_api: NewApi) -> None:
    operators = await new_api(None)
    await notices.domain_lapsed(scim.access.organization_id, "example.com", at=clock.now())
    await notices.trial("ann@example.com", clock.now())
    ids = [each["id"] for each in await listed(operators)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Mail { subject } } }"
    found = [each["subject"] for each in (await operators.ask(query, ids=ids))["nodes"]]
    assert found == ["Mails of Rollcall arrive", "example.com is not proved any more"]
    assert (await api.ask(query, ids=ids))["nodes"] == [None, None]
    swapped = operators.id("Mail", new_id(), scim.access.organization_id)
    [error] = (await operators.ask(RETRY, id=swapped))["mailRetry"]["userErrors"]
    assert error["code"] == "NOT_FOUND"


async def test_codes_are_shown_only_where_nobody_else_gets_them(database: None) -> None:
    """Without a mail server the operator is the only one who could pass a code on."""
    at = clock.now()
    await notices.sign_in_code(None, "ann@example.com", "04071789", at=at, until=at + timedelta(minutes=10))
    bare = settings.read({})
    sending = replace(bare, smtp=SmtpServer("mail.example.com", 587, None, None, is_tls=False))
    texts = [await _text(chosen) for chosen in (bare, sending)]
    assert [("04071789" in text, HIDDEN in text) for text in texts] == [(True, False), (False, True)]


async def _text(chosen: Settings) -> str:
    query = "{ mails(first: 1) { nodes { text } } }"
    cost = limits.measure(schema.core(), limits.parsed(query), None, {})
    context = Context(the_operator(), chosen, RequestId(new_id()), cost)
    answer = await edge.execute(Asked(query), context)
    return str(answer["data"]["mails"]["nodes"][0]["text"])


async def test_contacts_of_an_organization(api: Api, scim: Scim, vendor: object) -> None:
    organization = scim.access.organization_id
    acme = api.id("Organization", organization)
    await plans.choose(operator(organization), "PREMIUM")
    added = (await api.ask(ADD, organization=acme, input={"kind": "BILLING", "email": "money@example.com"}))[
        "mailContactAdd"
    ]
    assert added["auditEntry"]["subjectId"] == added["mailContact"]["id"]
    again = await api.ask(ADD, organization=acme, input={"kind": "BILLING", "email": "money@example.com"})
    [error] = again["mailContactAdd"]["userErrors"]
    assert (error["code"], error["field"]) == ("TAKEN", ["input"])
    shown = (await api.ask(CONTACTS))["organization"]
    assert [(each["kind"], each["email"], each["wantsDigest"]) for each in shown["mailContacts"]] == [
        ("BILLING", "money@example.com", False)
    ]
    assert shown["supportContact"] == {"name": SALES.name, "mail": SALES.mail, "link": None}


async def test_contacts_of_others_are_not_found(api: Api) -> None:
    other = await organizations.create("Other")
    made = await contacts.add(operator(other), ContactKind.BILLING, "money@example.com")
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await api.ask(node, id=api.id("MailContact", made.id, other)))["node"] is None
    assert (await api.ask(node, id=api.id("MailContact", made.id)))["node"] is None


async def test_who_may_read_may_ask_for_help(scim: Scim, new_api: NewApi) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    acme = reader.id("Organization", scim.access.organization_id)
    asked = await reader.ask(HELP, organization=acme, input={"message": "How?", "replyTo": "dana@example.com"})
    assert asked["helpRequest"]["userErrors"] == []
    [error] = (await reader.ask(HELP, organization=acme, input={"message": ""}))["helpRequest"]["userErrors"]
    assert error["code"] == "INVALID"
    [mail] = await listed(await new_api(None))
    assert (mail["subject"], mail["organization"]) == ("Acme asks for help", {"name": "Acme"})
