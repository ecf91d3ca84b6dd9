"""The audit over GraphQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import actor, clock, domains, drift, seals, tokens
from api.provisioning.actor import Right
from db import sql
from db.ids import new_id
from tests.factories import ChangeFactory, MemberFactory
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from .conftest import OPERATOR, Api, NewApi

AUDIT = """query ($id: ID, $filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
  organization(id: $id) { audit(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id action subjectType subjectId memberId requestId isBreakGlass actor { kind name } before after at }
    pageInfo { hasNextPage endCursor } } } }"""
SEAL = "query { organization { auditSeal { number hash sealedAt } } }"


async def entries(api: Api, **filter: Any) -> list[dict[str, Any]]:
    """What the audit shows, newest first."""
    page = await api.ask(AUDIT, filter=filter, first=100)
    return list(page["organization"]["audit"]["nodes"])


async def actions(api: Api, **filter: Any) -> list[str]:
    """What was done, newest first."""
    return [each["action"] for each in await entries(api, **filter)]


@pytest.fixture
async def made(scim: Scim, api: Api) -> dict[str, Any]:
    """A history: somebody came by a directory, then changes of several kinds, each with its name as the action."""
    organization = scim.access.organization_id
    member = await MemberFactory.make(organization=organization)
    await sql.rows("DELETE FROM change WHERE organization_id = $1", organization)
    request, role = new_id(), new_id()
    for action, values in {
        "created": {"actor_kind": "DIRECTORY", "actor_id": scim.access.directory_id, "subject_id": member.id},
        "kept": {"subject_type": "directory_user", "member_id": member.id, "actor_kind": "DIRECTORY"},
        "glass": {"subject_id": member.id, "after": '{"break_glass": true, "by": "Ann", "reason": "Fire"}'},
        "role_added": {"actor_kind": "ADMIN", "subject_type": "role", "subject_id": role, "request_id": request},
        "chosen": {"actor_kind": "OPERATOR", "subject_type": "organization", "subject_id": organization},
    }.items():
        await ChangeFactory.make(organization=organization, action=action, **values)
    await ChangeFactory.make(action="elsewhere")
    return {"member": member.id, "request": request, "role": role}


async def test_everything_is_there_newest_first_and_nothing_of_others(api: Api, made: dict[str, Any]) -> None:
    found = await entries(api)
    assert [each["action"] for each in found] == ["chosen", "role_added", "glass", "kept", "created"]
    assert found[0]["subjectId"] == api.id("Organization", api.organization)
    assert found[1]["subjectId"] == api.id("Role", made["role"])
    assert [each["memberId"] for each in found[2:]] == [api.id("Member", made["member"])] * 3
    assert found[2]["actor"] == {"kind": "SYSTEM", "name": "Ann"}
    assert [each["isBreakGlass"] for each in found] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"actorKinds": ["DIRECTORY"]}, ["kept", "created"]),
        ({"actorKinds": ["ADMIN", "OPERATOR"]}, ["chosen", "role_added"]),
        ({"actorKinds": []}, []),
        ({"actions": ["glass", "created"]}, ["glass", "created"]),
        ({"actions": ["role_added"]}, ["role_added"]),
        ({"breakGlass": True}, ["glass"]),
        ({"breakGlass": False}, ["chosen", "role_added", "kept", "created"]),
        ({"memberId": "member"}, ["glass", "kept", "created"]),
        ({"memberId": "member", "actorKinds": ["SYSTEM"]}, ["glass"]),
        ({"subjectId": "role"}, ["role_added"]),
        ({"requestId": "request"}, ["role_added"]),
        ({"from": "2100-01-01T00:00:00Z"}, []),
        ({"to": "2100-01-01T00:00:00Z", "actions": ["chosen"]}, ["chosen"]),
        ({"to": "2000-01-01T00:00:00Z"}, []),
    ],
)
async def test_filters(api: Api, made: dict[str, Any], filter: dict[str, Any], expected: list[str]) -> None:
    ids = {
        "member": api.id("Member", made["member"]),
        "role": api.id("Role", made["role"]),
        "request": str(made["request"]),
    }
    chosen = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in filter.items()}
    assert await actions(api, **chosen) == expected


async def test_pages_have_every_entry_once_and_cursors_fit_their_filter_only(api: Api, made: dict[str, Any]) -> None:
    seen, after = list[str](), None
    while True:
        page = (await api.ask(AUDIT, first=2, after=after))["organization"]["audit"]
        seen += [each["action"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["chosen", "role_added", "glass", "kept", "created"]
    error = await api.refused(AUDIT, first=2, after=after, filter={"breakGlass": True})
    assert error["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"subjectId": "nonsense"}, "BAD_REQUEST"),
        ({"requestId": "nonsense"}, "BAD_REQUEST"),
        ({"memberId": "nonsense"}, "BAD_REQUEST"),
        ({"from": "2026-11-25T00:00:00"}, "BAD_REQUEST"),
        ({"from": "yesterday"}, "BAD_REQUEST"),
        ({"actions": ["a\u0000"]}, "INVALID"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(api: Api, filter: dict[str, Any], code: str) -> None:
    assert (await api.refused(AUDIT, first=1, filter=filter))["extensions"]["code"] == code


async def test_times_far_away_are_no_trouble(api: Api, made: dict[str, Any]) -> None:
    assert await actions(api, **{"from": "0001-01-01T00:00:00Z"}) != []
    assert await actions(api, to="9999-12-31T23:59:59Z") != []
    assert await actions(api, to="0001-01-01T00:00:00Z") == []


async def test_the_operator_and_rollcall_itself_have_the_names_that_they_act_under(scim: Scim, api: Api) -> None:
    own = scim.access.organization_id
    await domains.add(actor.operator(own), "example.com")
    [added] = await entries(api, actions=["domain_added"])
    assert added["actor"] == {"kind": "OPERATOR", "name": actor.operator(own).who}
    document(await scim.post("/Users", person("ann")))
    await drift.check(own)
    [checked] = await entries(api, actions=["drift_checked"])
    assert checked["actor"] == {"kind": "SYSTEM", "name": actor.system(own).who}


async def test_another_organizations_things_are_as_if_they_were_not(
    api: Api, new_api: NewApi, made: dict[str, Any]
) -> None:
    stranger = await MemberFactory.make()
    await ChangeFactory.make(organization=stranger.organization_id, subject_id=stranger.id)
    theirs = api.id("Member", stranger.id, stranger.organization_id)
    assert await actions(api, memberId=theirs) == await actions(api, memberId=api.id("Member", uuid.uuid4())) == []
    other = await new_api(stranger.organization_id)
    [entry] = await entries(other, memberId=theirs)
    asked = "query ($id: ID!) { node(id: $id) { id ... on AuditEntry { action } } }"
    assert (await other.ask(asked, id=entry["id"]))["node"]["action"] == "updated"
    assert (await api.ask(asked, id=entry["id"]))["node"] is None
    assert (await api.ask(asked, id=api.id("AuditEntry", uuid.uuid4())))["node"] is None


@pytest.mark.parametrize("query", [AUDIT, SEAL])
async def test_it_needs_its_right(scim: Scim, new_api: NewApi, query: str) -> None:
    reader = await new_api(scim.access.organization_id, [Right.ORGANIZATION_READ])
    assert (await reader.refused(query, first=1))["extensions"]["code"] == "FORBIDDEN"


async def test_the_last_seal(api: Api, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await api.ask(SEAL))["organization"]["auditSeal"] is None
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=1))
    assert api.organization is not None
    await seals.seal(OPERATOR.within(api.organization).organization)
    found = (await api.ask(SEAL))["organization"]["auditSeal"]
    verified = await seals.verify(OPERATOR.within(api.organization))
    assert verified.head is not None
    assert (found["number"], found["hash"]) == (1, verified.head.hash)


async def test_what_a_token_did_is_told_with_its_name(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", person("ann")))
    member = api.id("Member", (await member_of(scim, "ann@example.com"))["id"])
    await api.ask("mutation ($id: ID!) { memberDeactivate(ref: {id: $id}) { userErrors { code } } }", id=member)
    [entry] = await entries(api, actorKinds=["INTEGRATION"])
    assert entry["actor"]["name"] == "Backstage"
    [token] = await tokens.all_of(OPERATOR, api.organization)
    assert await actions(api, subjectId=api.id("ApiToken", token.id)) == ["token_created"]
