"""What callers write: in any script, left out, far away, or without sense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scim.conversation import Scim, document
from tests.scim.governing import active, choose, member_of, person

from .conftest import Api, NewApi
from .operations.provisioning import roles

GROUPS = "query ($text: String) { organization { groups(query: $text, first: 5) { totalCount } } }"
MEMBERS = "query ($text: String) { organization { members(query: $text, first: 5) { totalCount } } }"
MISSING = "query ($id: ID!, $name: String!) { diagnosePerson(organizationId: $id, name: $name) { code } }"
SPELLED = ["ΟΔΟΣ", "οδος", "οδοσ", " Οδος "]


@pytest.fixture
async def ann(scim: Scim, api: Api) -> dict[str, Any]:
    """What names somebody whom a directory brought."""
    document(await scim.post("/Users", person("ann")))
    return {"id": api.id("Member", (await member_of(scim, "ann@example.com"))["id"])}


@pytest.mark.parametrize("text", SPELLED)
async def test_names_are_found_however_their_letters_are_written(scim: Scim, api: Api, text: str) -> None:
    await scim.make_group("ΟΔΟΣ")
    document(await scim.post("/Users", person("ann", displayName="ΟΔΟΣ")))
    assert (await api.ask(GROUPS, text=text))["organization"]["groups"]["totalCount"] == 1
    assert (await api.ask(MEMBERS, text=text))["organization"]["members"]["totalCount"] == 1


@pytest.mark.parametrize("text", SPELLED)
async def test_whoever_is_missed_is_found_however_their_name_is_written(scim: Scim, api: Api, text: str) -> None:
    await scim.make_user("ΟΔΟΣ", emails=[{"value": "street@example.com"}])
    id = api.id("Organization", api.organization)
    assert [each["code"] for each in (await api.ask(MISSING, id=id, name=text))["diagnosePerson"]] == ["MEMBER"]


async def test_a_name_is_found_as_it_is_shown(scim: Scim, api: Api) -> None:
    """The capital İ of Turkish becomes another letter in Python than in PostgreSQL when it is made small."""
    document(await scim.post("/Users", person("ann", displayName="İpek Ünal")))
    for text in ("İpek Ünal", "ünal", "ÜNAL"):
        assert (await api.ask(MEMBERS, text=text))["organization"]["members"]["totalCount"] == 1, text


SEAT = "mutation ($ref: MemberRef!, $seat: SeatType) { memberSeatSet(ref: $ref, seatType: $seat) { %s } }"


async def test_a_seat_is_said_or_given_back_to_the_organization(api: Api, ann: dict[str, Any]) -> None:
    answer = "member { seat seatType } userErrors { code }"
    bare = f"mutation ($ref: MemberRef!) {{ memberSeatSet(ref: $ref) {{ {answer} }} }}"
    assert (await api.ask(bare, ref=ann))["memberSeatSet"] == {"member": None, "userErrors": [{"code": "INVALID"}]}
    for seat, held in (("LITE", "LITE"), (None, "FULL")):
        done = (await api.ask(SEAT % answer, ref=ann, seat=seat))["memberSeatSet"]
        assert done == {"member": {"seat": held, "seatType": seat}, "userErrors": []}


TERMS = """mutation ($id: ID!, $day: Date!) { billingTermsSet(organizationId: $id,
  input: {currency: "EUR", interval: MONTH, anchor: $day, isEnrolled: true}) { userErrors { code message } } }"""
READ_TERMS = "{ organization { seats { byType { used } terms { anchor } } } }"


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31"])
async def test_periods_that_begin_in_no_time_of_ours_are_refused(
    scim: Scim, api: Api, new_api: NewApi, day: str
) -> None:
    """PostgreSQL keeps the last day of all as infinity, and nothing of the organization could be read then."""
    operator = await new_api(None)
    id = api.id("Organization", api.organization)
    [error] = (await operator.ask(TERMS, id=id, day=day))["billingTermsSet"]["userErrors"]
    assert error["code"] == "INVALID"
    assert day in error["message"]
    assert (await api.ask(READ_TERMS))["organization"]["seats"]["terms"] is None
    for fine in ("1970-01-01", "2199-12-31"):
        assert (await operator.ask(TERMS, id=id, day=fine))["billingTermsSet"]["userErrors"] == []
        assert (await api.ask(READ_TERMS))["organization"]["seats"]["terms"] == {"anchor": fine}


OVERRIDE = """mutation ($ref: MemberRef!, $role: ID!, $until: DateTime) {
  memberRoleOverrideSet(ref: $ref, roleId: $role, reason: "on call", expiresAt: $until) {
    member { override { expiresAt isExpired } } userErrors { code message } } }"""
ABOUT = "query ($ref: MemberRef!) { member(ref: $ref) { override { reason } roleExplanation { text } } }"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("9999-12-31T23:59:59-14:00", "a hundred years"),
        ("9999-12-31T23:59:59Z", "a hundred years"),
        ("2199-01-01T00:00:00Z", "a hundred years"),
        ("0001-01-01T00:00:00+14:00", "in the past"),
        ("2100-01-01T00:00:00", "zone"),
    ],
)
async def test_overrides_that_end_in_no_time_of_ours_are_refused(
    api: Api, ann: dict[str, Any], until: str, said: str
) -> None:
    """A time behind the last one that Python knows could be written, and the member could not be read any more."""
    role = (await roles(api))["admin"]
    [error] = (await api.ask(OVERRIDE, ref=ann, role=role, until=until))["memberRoleOverrideSet"]["userErrors"]
    assert error["code"] == "INVALID"
    assert said in error["message"]
    assert (await api.ask(ABOUT, ref=ann))["member"]["override"] is None
    done = (await api.ask(OVERRIDE, ref=ann, role=role, until="2120-01-01T00:00:00+14:00"))["memberRoleOverrideSet"]
    assert done["member"]["override"] == {"expiresAt": "2119-12-31T10:00:00+00:00", "isExpired": False}


async def test_who_is_invited_has_a_name_of_people(api: Api) -> None:
    text = """mutation ($id: ID!, $name: String) {
      memberInvite(organizationId: $id, input: {email: "gus@example.com", displayName: $name}) {
        member { displayName } userErrors { code message } } }"""
    id = api.id("Organization", api.organization)
    refused = (await api.ask(text, id=id, name="x" * 501))["memberInvite"]["userErrors"]
    assert refused == [{"code": "INVALID", "message": "A name has at most 500 characters."}]
    assert (await api.ask(MEMBERS, text="gus"))["organization"]["members"]["totalCount"] == 0
    assert (await api.ask(text, id=id, name="  Gus  "))["memberInvite"]["member"] == {"displayName": "Gus"}


async def test_a_permission_that_is_named_twice_is_given_once(api: Api) -> None:
    text = """mutation ($id: ID!) { apiTokenCreate(organizationId: $id,
      input: {name: "CI", permissions: [AUDIT_READ, AUDIT_READ]}) { apiToken { permissions } } }"""
    made = (await api.ask(text, id=api.id("Organization", api.organization)))["apiTokenCreate"]
    assert made["apiToken"]["permissions"] == ["AUDIT_READ"]


BY_TIME = [
    "audit(first: 1, filter: {from: $at})",
    "audit(first: 1, filter: {to: $at})",
    "requests(first: 1, filter: {from: $at})",
    "requests(first: 1, filter: {to: $at, outcome: READ})",
    "members(first: 1, filter: {updatedAfter: $at})",
    "seats { ledger(first: 1, filter: {from: $at}) { nodes { id } } purchases(first: 1, to: $at)",
]


@pytest.mark.parametrize("list_", BY_TIME)
async def test_times_have_a_zone_and_may_be_far_away(api: Api, list_: str) -> None:
    text = f"query ($at: DateTime) {{ organization {{ {list_} {{ nodes {{ id }} }} }} }}"
    text += " }" * (text.count("{") - text.count("}"))
    error = await api.refused(text, at="2026-03-01T00:00:00")
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "zone" in error["message"]
    for far in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        answer = (await api.post(text, {"at": far})).json()
        assert {each["extensions"]["code"] for each in answer.get("errors", ())} <= {"INVALID"}, answer


async def test_a_cursor_of_one_job_is_none_of_another(api: Api) -> None:
    made = """mutation ($id: ID!, $mail: String!) {
      membersImport(organizationId: $id, rows: [{email: $mail}, {email: "gus@example.com"}]) { job { id } } }"""
    rows = """query ($id: ID!, $after: String) { node(id: $id) { ... on Job {
      rows(first: 1, after: $after) { nodes { number } pageInfo { endCursor } } } } }"""
    organization = api.id("Organization", api.organization)
    first, second = [
        (await api.ask(made, id=organization, mail=f"{name}@example.com"))["membersImport"]["job"]["id"]
        for name in ("ann", "bob")
    ]
    cursor = (await api.ask(rows, id=first))["node"]["rows"]["pageInfo"]["endCursor"]
    assert (await api.ask(rows, id=first, after=cursor))["node"]["rows"]["nodes"] == [{"number": 2}]
    assert "another" in (await api.refused(rows, id=second, after=cursor))["message"]


async def test_what_was_refused_changed_nobody(api: Api) -> None:
    text = "mutation ($id: ID!) { roleCreate(organizationId: $id, name: %s) { changedMembers userErrors { code } } }"
    id = api.id("Organization", api.organization)
    refused = (await api.ask(text % '"?"', id=id))["roleCreate"]
    assert refused == {"changedMembers": None, "userErrors": [{"code": "INVALID"}]}
    assert (await api.ask(text % '"Auditor"', id=id))["roleCreate"] == {"changedMembers": 0, "userErrors": []}


LOOK = "query ($id: ID!) { preview(input: {directoryDelete: {id: $id, members: %s}}) { losingAccess people { %s } } }"


async def test_whoever_is_held_has_access_to_lose(scim: Scim, api: Api) -> None:
    await choose(scim, breaker_people="1", breaker_percent="1")
    for user in [document(await scim.post("/Users", person(name))) for name in ("ann", "bob", "cleo")]:
        document(await scim.patch(f"/Users/{user['id']}", active(False)))
    standing = "before { status seat } after { status seat }"
    id = api.id("Directory", scim.access.directory_id)
    seen = (await api.ask(LOOK % ("DEACTIVATE_ALL", standing), id=id))["preview"]
    held = [each for each in seen["people"] if each["before"]["status"] == "HELD"]
    assert len(held) == 2
    assert all(each["before"]["seat"] == "FULL" for each in held)
    assert all(each["after"] == {"status": "DEACTIVATED", "seat": None} for each in held)
    assert seen["losingAccess"] == 2


GONE = """query ($ref: MemberRef!) { member(ref: $ref) {
  groups(first: 5) { nodes { displayName role { key } } } roleExplanation { steps { source } } } }"""
WHAT_IF = "query ($id: ID!, $groups: [ID!]!) { explainRole(organizationId: $id, groupIds: $groups) { text } }"
DELETE = """mutation ($id: ID!, $token: String) { directoryDelete(
  id: $id, members: KEEP_LOCAL, confirmName: "GENERIC", previewToken: $token) { userErrors { code } } }"""


async def test_groups_of_a_deleted_directory_count_for_nothing(scim: Scim, api: Api, ann: dict[str, Any]) -> None:
    [user] = (await scim.read("/Users"))["Resources"]
    group = api.id("Group", (await scim.make_group("Team", [user["id"]]))["id"])
    organization = api.id("Organization", api.organization)
    assert (await api.ask(GONE, ref=ann))["member"]["groups"]["nodes"] == [{"displayName": "Team", "role": None}]
    assert (await api.ask(WHAT_IF, id=organization, groups=[group]))["explainRole"]
    directory = {"id": api.id("Directory", scim.access.directory_id)}
    look = "query ($id: ID!) { preview(input: {directoryDelete: {id: $id, members: KEEP_LOCAL}}) { token } }"
    token = (await api.ask(look, **directory))["preview"]["token"]
    assert (await api.ask(DELETE, **directory, token=token))["directoryDelete"]["userErrors"] == []
    assert (await api.ask(GONE, ref=ann))["member"]["groups"]["nodes"] == []
    refused = await api.refused(WHAT_IF, id=organization, groups=[group])
    assert refused["extensions"]["code"] == "NOT_FOUND"
