"""What belongs to another directory or organization answers exactly as what never existed."""

from __future__ import annotations

import itertools
import uuid

import httpx
import pytest

from db.ids import new_id

from .conftest import second_directory
from .conversation import ENTERPRISE, Json, Scim, bulk, document, group, patch, search, user

BODIES: dict[str, Json | None] = {
    "GET": None,
    "HEAD": None,
    "DELETE": None,
    "PUT": user("x") | group("x"),
    "PATCH": patch({"op": "add", "path": "externalId", "value": "x"}),
    "POST": user("x") | group("x"),
}
NAMES = {"userName": "ann", "externalId": "e-ann", "title": "Secret", "nickName": "Hidden"}


@pytest.fixture
async def foreign(stranger: Scim) -> dict[str, str]:
    """The ids of a user and a group of another organization, by the name of their endpoint."""
    person = await stranger.make_user("ann", **{k: v for k, v in NAMES.items() if k != "userName"})
    return {"Users": person["id"], "Groups": (await stranger.make_group("Cats", [person["id"]]))["id"]}


def _comparable(answer: httpx.Response, id: str) -> tuple[int, dict[str, str], str]:
    """Everything an answer tells, without what must differ: the trace id, and the id that was asked for."""
    trace = answer.headers["x-trace-id"]
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-trace-id", "date")}
    return answer.status_code, headers, answer.text.replace(trace, "TRACE").replace(id, "ID")


@pytest.mark.parametrize("method", BODIES)
@pytest.mark.parametrize("tail", ["", "/", "/members", "/.search", "?attributes=id", "?excludedAttributes=members"])
async def test_foreign_ids_answer_as_ids_that_never_were(
    scim: Scim, foreign: dict[str, str], method: str, tail: str
) -> None:
    for kind, under in itertools.product(("Users", "Groups"), ("Users", "Groups", "Schemas", "ResourceTypes")):
        never, theirs = str(new_id()), foreign[kind]
        answers = [
            _comparable(await scim.having(if_match="*").send(method, f"/{under}/{id}{tail}", BODIES[method]), id)
            for id in (never, theirs)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] in (404, 405)


async def test_nothing_foreign_changed_under_all_of_that(scim: Scim, stranger: Scim, foreign: dict[str, str]) -> None:
    before = [await stranger.read(f"/{kind}/{id}") for kind, id in foreign.items()]
    for (kind, id), method in itertools.product(foreign.items(), BODIES):
        await scim.send(method, f"/{kind}/{id}", BODIES[method])
    assert [await stranger.read(f"/{kind}/{id}") for kind, id in foreign.items()] == before


async def test_a_sibling_directory_of_one_organization_is_foreign_too(scim: Scim) -> None:
    sibling = await second_directory(scim)
    theirs, never = (await sibling.make_user("ann"))["id"], str(new_id())
    for method, body in BODIES.items():
        answers = [_comparable(await scim.send(method, f"/Users/{id}", body), id) for id in (never, theirs)]
        assert answers[0] == answers[1]


@pytest.mark.parametrize("attribute", [*NAMES, "id", "groups.value", "members.value", "manager"])
async def test_no_filter_finds_what_is_foreign(scim: Scim, foreign: dict[str, str], attribute: str) -> None:
    kind = "Groups" if attribute.startswith("members") else "Users"
    value = NAMES.get(attribute, foreign["Groups" if attribute == "groups.value" else "Users"])
    path = f"{ENTERPRISE}:manager.value" if attribute == "manager" else attribute
    for op in ("eq", "co", "sw", "ge"):
        page = await scim.read(f"/{kind}", filter=f'{path} {op} "{value}"')
        assert (page["totalResults"], page["Resources"]) == (0, [])


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/"])
async def test_no_list_counts_or_shows_what_is_foreign(scim: Scim, foreign: dict[str, str], path: str) -> None:
    for query in ({}, {"sortBy": "externalId"}, {"filter": "id pr"}, {"count": 0}):
        if path == "/" and "sortBy" in query:
            continue
        page = await scim.read(path, **query)
        assert (page["totalResults"], page["Resources"]) == (0, [])


async def test_no_search_finds_what_is_foreign(scim: Scim, foreign: dict[str, str]) -> None:
    for path, asked in itertools.product(("/.search", "/Users/.search"), ('userName eq "ann"', "userName pr")):
        page = document(await scim.post(path, search(filter=asked)))
        assert (page["totalResults"], page["Resources"]) == (0, [])


async def test_foreign_names_are_free_here(scim: Scim, foreign: dict[str, str]) -> None:
    assert (await scim.post("/Users", user("ann", externalId="e-ann"))).status_code == 201
    assert (await scim.post("/Groups", group("Cats"))).status_code == 201


async def test_foreign_ids_are_never_members_or_managers_that_show(scim: Scim, foreign: dict[str, str]) -> None:
    team = await scim.make_group("Team", [*foreign.values(), "e-ann"])
    assert team["members"] == []
    made = await scim.make_user("bob", **{ENTERPRISE: {"manager": {"value": foreign["Users"]}}})
    assert "displayName" not in made[ENTERPRISE]["manager"]


async def test_members_of_foreign_groups_cannot_be_told_from_members_of_none(
    scim: Scim, foreign: dict[str, str]
) -> None:
    member = await scim.make_user("bob")
    change = patch({"op": "add", "path": "members", "value": [{"value": member["id"]}]})
    never = str(new_id())
    answers = [_comparable(await scim.send("PATCH", f"/Groups/{id}", change), id) for id in (never, foreign["Groups"])]
    assert answers[0] == answers[1]
    assert "groups" not in await scim.read(f"/Users/{member['id']}")


async def test_foreign_ids_inside_of_bulk_requests_answer_as_ids_that_never_were(
    scim: Scim, foreign: dict[str, str]
) -> None:
    never = str(new_id())
    for method in ("PUT", "PATCH", "DELETE"):
        told = []
        for id in (never, foreign["Users"]):
            operation = {"method": method, "path": f"/Users/{id}", "data": BODIES[method]}
            [result] = document(await scim.post("/Bulk", bulk(operation)))["Operations"]
            detail = result["response"].pop("detail").split(" (trace ")[0]
            told.append(str((result, detail)).replace(id, "ID"))
        assert told[0] == told[1]


async def test_a_key_opens_its_own_directory_only(scim: Scim, stranger: Scim, foreign: dict[str, str]) -> None:
    assert (await stranger.get(f"/Users/{foreign['Users']}")).status_code == 200
    assert (await scim.get(f"/Users/{foreign['Users']}")).status_code == 404


async def test_extensions_of_one_organization_are_unknown_in_another(scim: Scim, stranger: Scim) -> None:
    from api.provisioning import extensions
    from api.provisioning.actor import operator

    urn = "urn:example:params:scim:schemas:extension:shoes:2.0:User"
    definition = (
        f'{{"id":"{urn}","name":"Shoes","attributes":[{{"name":"size","type":"integer","multiValued":false}}]}}'
    )
    await extensions.register(operator(stranger.access.organization_id), urn=urn, definition=definition)
    assert (await stranger.get(f"/Schemas/{urn}")).status_code == 200
    assert (await scim.get(f"/Schemas/{urn}")).status_code == 404
    assert urn not in (await scim.get("/ResourceTypes")).text
    kept = await stranger.make_user("ann", **{urn: {"size": 43}})
    dropped = await scim.make_user("ann", **{urn: {"size": 43}})
    assert kept[urn] == {"size": 43}
    assert urn not in dropped
    assert uuid.UUID(kept["id"]) != uuid.UUID(dropped["id"])
