"""Connections that speak SAML over GraphQL: by metadata or by hand, checked, followed, and warned of."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from api.identity import choices, connections, saml_metadata
from api.identity.choices import Choice, SamlSettings
from api.identity.saml import metadata as documents
from api.provisioning import clock
from db import queue, sql
from db.sso_rows import ConnectionRow
from tests.factories import MemberFactory, SsoIdentityFactory
from tests.graphql.conftest import Api, NewApi, new_api
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .describing import SSO_URL, key, metadata
from .forging import ISSUER, idp, signer
from .publishing import Published, publishing
from .signing_in import connect
from .test_certificates import pem

__all__ = ["new_api"]

CREATE = """mutation ($id: ID!, $input: SsoConnectionCreateInput!) {
  ssoConnectionCreate(organizationId: $id, input: $input) {
    connection { id kind state lacks issuer oidc { clientId } saml { ssoUrl metadataUrl allowsIdpInitiated
      subjectAttribute acsUrl entityId spMetadataUrl certificates { fingerprint subject endsAt warning } } }
    remarks userErrors { code message field } } }"""
UPDATE = """mutation ($id: ID!, $input: SsoConnectionUpdateInput!) {
  ssoConnectionUpdate(id: $id, input: $input) {
    connection { issuer saml { ssoUrl emailAttribute certificates { fingerprint } } }
    remarks userErrors { code message } } }"""
CHECK = "mutation ($id: ID!) { ssoConnectionCheck(id: $id) { findings { isFine text } userErrors { message } } }"


@pytest.fixture
async def api(acme: Scim, new_api: NewApi) -> Api:
    """A program of Acme's admins."""
    return await new_api(acme.access.organization_id)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    """Metadata where Rollcall may fetch it."""
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    with publishing(metadata()) as told:
        yield told


async def create(api: Api, **input: Any) -> dict[str, Any]:
    given = {"id": api.id("Organization", api.organization), "input": {"name": "ADFS", **input}}
    made: dict[str, Any] = (await api.ask(CREATE, **given))["ssoConnectionCreate"]
    return made


async def update(api: Api, id: str, **input: Any) -> dict[str, Any]:
    done: dict[str, Any] = (await api.ask(UPDATE, id=id, input=input))["ssoConnectionUpdate"]
    return done


async def test_metadata_says_everything_at_once(api: Api) -> None:
    made = await create(api, saml={"metadataXml": f"\n{metadata()}\n"})
    connection = made["connection"]
    assert (connection["kind"], connection["state"], connection["lacks"]) == ("SAML", "DRAFT", [])
    assert (connection["issuer"], connection["saml"]["ssoUrl"], connection["oidc"]) == (ISSUER, SSO_URL, None)
    [certificate] = connection["saml"]["certificates"]
    assert (certificate["subject"], certificate["warning"]) == ("CN=idp.example.com", None)
    assert connection["saml"]["acsUrl"].endswith("/acs")
    assert connection["saml"]["spMetadataUrl"] == connection["saml"]["entityId"]


async def test_it_can_be_filled_in_by_and_by(api: Api) -> None:
    made = (await create(api, saml={}))["connection"]
    assert made["lacks"] == ["the entity id", "the sign-in URL", "a certificate"]
    await update(api, made["id"], issuer=ISSUER, saml={"ssoUrl": SSO_URL})
    done = await update(api, made["id"], saml={"certificates": [pem(idp())], "emailAttribute": "contact"})
    assert (done["connection"]["issuer"], done["connection"]["saml"]["emailAttribute"]) == (ISSUER, "contact")
    assert len(done["connection"]["saml"]["certificates"]) == 1


async def test_two_certificates_while_one_replaces_the_other(api: Api) -> None:
    made = (await create(api, saml={"metadataXml": metadata()}))["connection"]
    both = [pem(idp()), pem(signer("new.example.com"))]
    assert len((await update(api, made["id"], saml={"certificates": both}))["connection"]["saml"]["certificates"]) == 2
    together = await update(api, made["id"], saml={"certificates": ["".join(both)]})
    assert len(together["connection"]["saml"]["certificates"]) == 2


async def test_what_metadata_leaves_out_is_told(api: Api) -> None:
    weak = signer("weak.example.com", bits=1024)
    made = await create(api, saml={"metadataXml": metadata([key(weak), key(idp())])})
    assert "left out" in made["remarks"][0]


@pytest.mark.parametrize(
    ("input", "told"),
    [
        ({}, "one of them"),
        ({"saml": {}, "oidc": {}}, "one of them"),
        ({"saml": {"metadataXml": "<html/>"}}, "no SAML 2.0 metadata"),
        ({"saml": {"metadataXml": ""}}, "UTF-8"),
        ({"saml": {"certificates": ["nonsense"]}}, "no X.509 certificate"),
        ({"saml": {"ssoUrl": "javascript:alert(1)"}}, "The sign-in URL must begin with https://"),
        ({"saml": {"metadataUrl": "http://idp.example.com/metadata"}}, "The URL of metadata must begin"),
        ({"saml": {"metadataUrl": "https://127.0.0.1:9/metadata"}}, "this machine itself"),
        ({"saml": {"metadataUrl": "https://169.254.169.254/latest"}}, "metadata service"),
        ({"saml": {"subjectAttribute": "a\nb"}}, "line breaks"),
    ],
)
async def test_what_cannot_be_chosen(api: Api, input: dict[str, Any], told: str) -> None:
    made = await create(api, **input)
    [error] = made["userErrors"]
    assert (made["connection"], error["code"], error["field"]) == (None, "INVALID", ["input"])
    assert told in error["message"]


async def test_each_protocol_has_its_own_choices(api: Api) -> None:
    saml, oidc = (await create(api, saml={}))["connection"], (await create(api, oidc={}))["connection"]
    assert "speaks SAML" in (await update(api, saml["id"], oidc={"clientId": "x"}))["userErrors"][0]["message"]
    assert "OpenID Connect" in (await update(api, oidc["id"], saml={"ssoUrl": SSO_URL}))["userErrors"][0]["message"]


async def test_admins_are_warned_of_certificates_that_end(api: Api) -> None:
    ends = signer("ends.example.com", ends=clock.now() + timedelta(days=5, minutes=1))
    made = (await create(api, saml={"metadataXml": metadata([key(ends)])}))["connection"]
    assert "ends in 5 days" in made["saml"]["certificates"][0]["warning"]
    findings = (await api.ask(CHECK, id=made["id"]))["ssoConnectionCheck"]["findings"]
    assert any("ends in 5 days" in each["text"] for each in findings if not each["isFine"])


async def test_metadata_is_fetched_from_where_it_is_published(api: Api, published: Published) -> None:
    made = (await create(api, saml={"metadataUrl": published.url}))["connection"]
    assert (made["issuer"], made["saml"]["metadataUrl"], published.asked) == (ISSUER, published.url, 1)
    assert [each["isFine"] for each in (await checked(api, made))] == [True, True]


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 404, "answered 404"),
        (b"<a/>", 302, "answered 302"),
        (b"<a>" + b"x" * documents.MOST_BYTES, 200, "longer than 1024 KiB"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", 200, "no SAML 2.0 metadata"),
    ],
)
async def test_metadata_that_is_not_there(api: Api, published: Published, body: bytes, status: int, told: str) -> None:
    published.body, published.status = body, status
    assert told in (await create(api, saml={"metadataUrl": published.url}))["userErrors"][0]["message"]


async def test_large_metadata_is_read_whole(api: Api, published: Published) -> None:
    """As that of ADFS, of which more is read than of other answers."""
    published.body = metadata().replace("<!-- made by hand -->", f"<!-- {'x' * 200_000} -->").encode()
    assert (await create(api, saml={"metadataUrl": published.url}))["connection"]["issuer"] == ISSUER


async def test_metadata_is_not_fetched_all_the_time(api: Api, published: Published) -> None:
    tried = [await create(api, saml={"metadataUrl": published.url, "ssoUrl": "nonsense"}) for _ in range(21)]
    assert "too many tries" in tried[-1]["userErrors"][0]["message"]
    assert published.asked == 20


async def checked(api: Api, connection: dict[str, Any]) -> list[dict[str, Any]]:
    """What a check finds."""
    done = (await api.ask(CHECK, id=connection["id"]))["ssoConnectionCheck"]
    assert done["userErrors"] == []
    found: list[dict[str, Any]] = done["findings"]
    return found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (metadata([key(signer("new.example.com"))]), "other certificates"),
        (metadata(entity="https://other.example.com"), "another identity provider"),
        (metadata(sso_url="https://idp.example.com/elsewhere"), "another sign-in URL"),
        (metadata(more='WantAuthnRequestsSigned="true"'), "signed requests"),
        ("gone", "cannot be read"),
    ],
)
async def test_a_check_tells_what_has_changed_at_the_identity_provider(
    api: Api, published: Published, text: str, told: str
) -> None:
    made = (await create(api, saml={"metadataUrl": published.url}))["connection"]
    published.body = text.encode()
    [finding] = [each for each in await checked(api, made) if not each["isFine"]]
    assert told in finding["text"]


async def test_keys_are_followed_and_that_is_remembered(acme: Scim, published: Published) -> None:
    row = await connect(governor(acme), metadata_url=published.url)
    new = signer("new.example.com")
    published.body = metadata([key(idp()), key(new)]).encode()
    await saml_metadata.follow(str(row.id))
    assert certificates_of(await again(acme, row)) == (pem(idp()), pem(new))
    assert await sql.value(
        "SELECT count(*) FROM change WHERE action = 'sso_connection_changed' AND actor_kind = 'SYSTEM'"
    )


@pytest.mark.parametrize("text", [metadata(entity="https://mallory.example.net/"), "gone", metadata([key("AAAA")])])
async def test_what_is_of_no_use_or_anothers_is_not_followed(acme: Scim, published: Published, text: str) -> None:
    row = await connect(governor(acme), metadata_url=published.url)
    published.body = text.encode()
    await saml_metadata.follow(str(row.id))
    assert await again(acme, row) == row


async def test_only_connections_in_use_are_followed(acme: Scim, published: Published) -> None:
    used = await connect(governor(acme), metadata_url=published.url)
    off = await connect(governor(acme), metadata_url=published.url, name="Off")
    await connect(governor(acme), name="By hand")
    await connections.switch_off(governor(acme), off.id)
    await saml_metadata.follow_all()
    found = await sql.rows(f"SELECT payload FROM {queue.TASK} WHERE entrypoint = $1", saml_metadata.FOLLOW)
    assert [uuid.UUID(msgspec.json.decode(row[0])) for row in found] == [used.id]
    await saml_metadata.follow(str(uuid.uuid4()))


async def test_other_ids_of_people_are_other_people(acme: Scim) -> None:
    row = await connect(governor(acme))
    member = await MemberFactory.make(organization=acme.access.organization_id)
    await SsoIdentityFactory.make(connection=row.id, organization=acme.access.organization_id, member=member)
    for attribute, left in ((None, 1), ("employeeNumber", 0)):
        await connections.change(governor(acme), row.id, partial(_by, attribute))
        assert await sql.value("SELECT count(*) FROM sso_identity") == left


def _by(attribute: str | None, choice: Choice) -> Choice:
    assert isinstance(choice.settings, SamlSettings)
    return replace(choice, settings=msgspec.structs.replace(choice.settings, subject_attribute=attribute))


async def again(acme: Scim, row: ConnectionRow) -> ConnectionRow:
    return await connections.find(governor(acme), row.id)


def certificates_of(row: ConnectionRow) -> tuple[str, ...]:
    return choices.saml(row).certificates
