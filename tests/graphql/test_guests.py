"""Whoever came by a portal link may do what its purpose needs, and no other thing, whatever the pages let them ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dashboard
from api import settings
from api.graphql.context import Context
from api.graphql.edge import Asked, execute
from api.graphql.limits import Cost
from api.identity import portal
from api.provisioning import directories, request_log
from api.provisioning.actor import ADMIN_RIGHTS, NARROW, ActorKind, Right, operator
from api.provisioning.caller import Caller
from api.provisioning.tokens import GRANTABLE
from dashboard import guests
from dashboard.graph import Graph
from db import sql
from db.enums import PortalPurpose, Provider
from db.ids import RequestId, new_id
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.invariants import digest

from .conftest import Api, NewApi
from .test_every_operation import OPERATORS, ROOTS, SAMPLES

HERE = settings.read({})
DOCUMENTS = Graph.load(Path(dashboard.__file__).parent / "documents", HERE).documents

_WITH_DIRECTORIES = guests.DOCUMENTS[PortalPurpose.PROVISIONING] - guests.DOCUMENTS[PortalPurpose.DOMAINS]

FOR_GUESTS = {
    "node", "nodes", "organization", "viewer", "domainAdd", "domainChallenge", "domainVerify", "directoryCreate",
    "directoryKeyRotate", "pullConnect",
}  # fmt: skip
"""What a guest may ask for in some way; its parts have tests of their own."""


async def ask(caller: Caller, query: str, **variables: Any) -> dict[str, Any]:
    """An answer of the schema, as pages get it."""
    return await execute(Asked(query, variables), Context(caller, HERE, RequestId(new_id()), Cost()))


async def guest_of(scim: Scim, purpose: PortalPurpose = PortalPurpose.PROVISIONING) -> Caller:
    """Whoever has used a link up."""
    made = await portal.create(operator(scim.access.organization_id), purpose)
    return portal.caller((await portal.enter(made.token)).link)


def api_caller(scim: Scim) -> Caller:
    """Whoever may read the organization."""
    return Caller(ActorKind.ADMIN, None, "ann", frozenset({Right.ORGANIZATION_READ}), scim.access.organization_id)


def codes(answer: dict[str, Any]) -> set[str]:
    """Every code of an error in an answer."""
    found = {each["extensions"]["code"] for each in answer.get("errors", ())}
    for payload in (answer.get("data") or {}).values():
        if isinstance(payload, dict):
            found |= {each["code"] for each in payload.get("userErrors", ())}
    return found


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - FOR_GUESTS))
async def test_no_other_operation_works(name: str, scim: Scim, api: Api, request: pytest.FixtureRequest) -> None:
    if name.startswith("addOn"):
        request.getfixturevalue("vendor")
    sample = SAMPLES[name]
    variables = await sample.variables(api, scim)
    await request_log.flush()
    guest = await guest_of(scim)
    before = await digest(scim.access.organization_id)
    answer = await ask(guest, sample.document, **variables)
    assert codes(answer) == {"FORBIDDEN"}, answer
    if not ROOTS[name][0]:
        assert not (answer.get("data") or {}).get(name)
    assert await digest(scim.access.organization_id) == before


@pytest.mark.parametrize(
    "part",
    [
        "members(first: 1) { totalCount }",
        "roles { name memberCount }",
        "seats { byType { seatType } }",
        "jobs(first: 1) { nodes { id } }",
        "requests(first: 1) { nodes { id } }",
        "groups(first: 1) { totalCount }",
        "apiTokens { name }",
        "webhookEndpoints { url }",
        "audit(first: 1) { nodes { action } }",
        "portalLinks { id }",
        "ssoConnections { state }",
        "counts { members }",
        "directories { users(first: 1) { nodes { userName } } }",
    ],
)
async def test_of_the_organization_only_what_is_set_up_is_told(scim: Scim, part: str) -> None:
    await scim.make_user("ann@example.com")
    answer = await ask(await guest_of(scim), f"{{ organization {{ name {part} }} }}")
    assert codes(answer) == {"FORBIDDEN"}, answer


async def test_the_people_of_a_group_and_of_others_are_told_to_no_guest(scim: Scim, api: Api) -> None:
    user = await scim.make_user("ann@example.com")
    await scim.post("/Groups", {"displayName": "Sales", "members": [{"value": user["id"]}]})
    own = (await api.ask("{ organization { members(first: 1) { nodes { id } } directories { id } } }"))["organization"]
    guest = await guest_of(scim)
    found = await ask(guest, "query ($id: ID!) { node(id: $id) { id } }", id=own["members"]["nodes"][0]["id"])
    assert (found.get("data") or {}).get("node") is None
    groups = """query ($id: ID!) { organization { groups(first: 5, directoryId: $id) {
      nodes { displayName members(first: 5) { nodes { email } } } } } }"""
    answer = await ask(guest, groups, id=own["directories"][0]["id"])
    assert codes(answer) == {"FORBIDDEN"}
    assert "ann@example.com" not in str(answer)


@pytest.mark.parametrize("purpose", PortalPurpose)
async def test_each_purpose_runs_its_documents(scim: Scim, api: Api, purpose: PortalPurpose) -> None:
    """All that read; those that write are tried by the pages."""
    directory = api.id("Directory", scim.access.directory_id)
    organization = api.id("Organization", scim.access.organization_id)
    guest = await guest_of(scim, purpose)
    for name in sorted(guests.DOCUMENTS[purpose]):
        text = DOCUMENTS[name]
        if text.lstrip().startswith("query"):
            given = {"organization": organization, "id": directory, "isGuest": True, "most": 5}
            answer = await ask(guest, text, **{key: value for key, value in given.items() if f"${key}:" in text})
            assert "errors" not in answer, (name, answer)


@pytest.mark.parametrize("name", sorted(_WITH_DIRECTORIES))
async def test_a_link_for_domains_sets_no_directory_up(scim: Scim, api: Api, name: str) -> None:
    given: dict[str, Any] = {
        "organization": api.id("Organization", scim.access.organization_id),
        "id": api.id("Directory", scim.access.directory_id),
        "isGuest": True,
        "most": 5,
        "overlapHours": 0,
        "input": {"setup_create": {"name": "Okta", "provider": "OKTA"}, "setup_go_live": {"state": "LIVE"}}.get(
            name, {"name": "Google", "keyFile": "{}", "adminEmail": "ann@example.com"}
        ),
    }
    text, guest = DOCUMENTS[name], await guest_of(scim, PortalPurpose.DOMAINS)
    before = await digest(scim.access.organization_id)
    answer = await ask(guest, text, **{key: value for key, value in given.items() if f"${key}:" in text})
    assert codes(answer) == {"FORBIDDEN"} or answer["data"] == {"node": None}, answer
    assert await digest(scim.access.organization_id) == before


GO_LIVE = """mutation ($id: ID!, $input: DirectoryUpdateInput!) {
  directoryUpdate(id: $id, input: $input) { userErrors { code message } } }"""
MAKE = """mutation ($organization: ID!) {
  directoryCreate(organizationId: $organization, input: { name: "Mine", provider: OKTA }) {
    directory { id } secret userErrors { message } } }"""
ROTATE = "mutation ($id: ID!) { directoryKeyRotate(id: $id) { secret userErrors { code message } } }"


async def test_a_directory_that_is_in_use_is_left_alone_and_a_new_one_is_not(scim: Scim, api: Api) -> None:
    await scim.make_user("ann@example.com")
    await request_log.flush()
    guest, own = await guest_of(scim), operator(scim.access.organization_id)
    new = (await directories.connect(own, name="New", provider=Provider.OKTA, settings=directories.Settings())).id
    for id, refused in ((scim.access.directory_id, {"FORBIDDEN"}), (new, set[str]())):
        directory = api.id("Directory", id)
        assert codes(await ask(guest, GO_LIVE, id=directory, input={"state": "PILOT", "pilotUsers": 2})) == refused
        assert codes(await ask(guest, ROTATE, id=directory)) == refused
        for other in ({"name": "Mine"}, {"state": "PAUSED"}, {"state": "LIVE", "suspendOnInactive": False}):
            assert codes(await ask(guest, GO_LIVE, id=directory, input=other)) == {"FORBIDDEN"}
    pilot = """UPDATE directory SET settings = settings || '{"state": "PILOT"}' WHERE id = $1"""
    await sql.rows(pilot, scim.access.directory_id)
    assert codes(await ask(guest, ROTATE, id=api.id("Directory", scim.access.directory_id))) == set()


READ = (
    "query ($id: ID!) { organization { requests(filter: { directoryId: $id }, first: 5) { nodes { subject } } } }",
    "query ($id: ID!) { organization { groups(directoryId: $id, first: 5) { totalCount nodes { displayName } } } }",
)


@pytest.mark.parametrize("read", READ)
async def test_what_a_directory_in_use_brought_is_told_to_whoever_set_it_up_alone(
    scim: Scim, api: Api, read: str
) -> None:
    guest, other = await guest_of(scim), await guest_of(scim)
    made = await ask(guest, MAKE, organization=api.id("Organization", scim.access.organization_id))
    theirs = made["data"]["directoryCreate"]
    mine = scim.using(theirs["secret"])
    for each in (scim, mine):
        await each.make_user("ann@example.com" if each is scim else "bea@example.com")
        await each.post("/Groups", {"displayName": "Sales"})
    await request_log.flush()
    for directory, told in ((api.id("Directory", scim.access.directory_id), False), (theirs["directory"]["id"], True)):
        answer = await ask(guest, read, id=directory)
        assert (codes(answer) == set()) is told, answer
        assert codes(await ask(other, read, id=directory)) == {"FORBIDDEN"}
        assert "errors" not in await ask(api_caller(scim), read, id=directory)


async def test_another_organization_is_not_there(scim: Scim, new_directory: NewDirectory, new_api: NewApi) -> None:
    other = await new_directory()
    theirs = await new_api(other.organization_id)
    guest = await guest_of(scim)
    organization = theirs.id("Organization", other.organization_id)
    answer = await ask(guest, "query ($id: ID) { organization(id: $id) { name } }", id=organization)
    assert answer["data"] == {"organization": None}
    assert codes(await ask(guest, ROTATE, id=theirs.id("Directory", other.directory_id))) == {"NOT_FOUND"}


def test_what_guests_may_is_in_no_token_and_in_no_role() -> None:
    assert not NARROW & (GRANTABLE | ADMIN_RIGHTS)
    assert set().union(*portal.RIGHTS.values()) == NARROW
    assert {Right.PLATFORM_MANAGE} >= {ROOTS[name][1][0] for name in OPERATORS}
