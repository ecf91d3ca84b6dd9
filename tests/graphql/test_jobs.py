"""Jobs and invitations over GraphQL."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning import invitations
from api.provisioning.actor import Right
from tests.scim.conversation import Scim, document
from tests.scim.governing import member_of, person

from .conftest import Api, NewApi

UPDATE = """mutation ($id: ID!, $rows: [MemberUpdateRow!]!, $key: String) {
  membersBulkUpdate(organizationId: $id, rows: $rows, idempotencyKey: $key) {
    job { id state waiting } userErrors { code message } auditEntry { action } } }"""
PREVIEW = """query ($id: ID!) { jobPreview(id: $id) { number outcome text subject member { email } }
  node(id: $id) { ... on Job { waiting } } }"""
RUN = """mutation ($id: ID!) { jobRun(id: $id, withinSeconds: 5) { job { state waiting applied unchanged refused
  rows(first: 10) { nodes { number outcome text subject member { seat } } } } userErrors { code } } }"""
REFUSED = """query ($id: ID!) { node(id: $id) { ... on Job {
  rows(first: 10, outcome: REFUSED) { nodes { number } } } } }"""
INVITE = """mutation ($id: ID!, $email: String!, $key: String) {
  memberInvite(organizationId: $id, input: {email: $email}, idempotencyKey: $key) {
    member { id status } token userErrors { code message } auditEntry { action } } }"""
OPEN = "{ organization { invitations(first: 5) { nodes { email invitedBy member { status } } } } }"
WITHDRAW = """mutation ($ref: MemberRef!) { memberInvitationWithdraw(ref: $ref) {
  member { status } userErrors { code } } }"""


@pytest.fixture
def own(scim: Scim, api: Api) -> str:
    """The global id of the organization."""
    return api.id("Organization", scim.access.organization_id)


async def test_a_job_is_looked_at_run_and_told_row_by_row(scim: Scim, api: Api, own: str) -> None:
    document(await scim.post("/Users", person("ann")))
    rows: list[dict[str, Any]] = [
        {"member": "ann@example.com", "seatType": "LITE"},
        {"member": "nobody@example.com", "seatType": "LITE"},
    ]
    made = (await api.ask(UPDATE, id=own, rows=rows))["membersBulkUpdate"]
    assert (made["job"]["state"], made["job"]["waiting"]) == ("READY", 2)
    assert made["auditEntry"] == {"action": "job_created"}
    job = made["job"]["id"]
    seen = await api.ask(PREVIEW, id=job)
    assert [row["outcome"] for row in seen["jobPreview"]] == ["APPLIED", "REFUSED"]
    assert [row["subject"] for row in seen["jobPreview"]] == ["ann@example.com", "nobody@example.com"]
    assert seen["node"]["waiting"] == 2
    assert (await api.ask(REFUSED, id=job))["node"]["rows"]["nodes"] == []
    assert (await member_of(scim, "ann@example.com"))["seat"] == "full"
    done = (await api.ask(RUN, id=job))["jobRun"]["job"]
    assert (done["state"], done["applied"], done["refused"]) == ("DONE", 1, 1)
    assert done["rows"]["nodes"][0]["member"] == {"seat": "LITE"}
    assert [row["subject"] for row in done["rows"]["nodes"]] == ["ann@example.com", "nobody@example.com"]
    refused = (await api.ask(REFUSED, id=job))["node"]["rows"]["nodes"]
    assert [row["number"] for row in refused] == [2]


async def test_what_is_left_out_of_a_row_stays_and_null_clears(scim: Scim, api: Api, own: str) -> None:
    document(await scim.post("/Users", {**person("ann"), "displayName": "Ann"}))
    rows = [{"member": "ann@example.com", "displayName": None, "reason": "A mistake"}]
    job = (await api.ask(UPDATE, id=own, rows=rows))["membersBulkUpdate"]["job"]["id"]
    await api.ask(RUN, id=job)
    member = await member_of(scim, "ann@example.com")
    assert (member["display_name"], member["seat"], member["status"]) == (None, "full", "ACTIVE")


async def test_many_get_a_role_by_hand_until_some_day_and_lose_it_again(scim: Scim, api: Api, own: str) -> None:
    for name in ("ann", "bob"):
        document(await scim.post("/Users", person(name)))
    people = [f"{name}@example.com" for name in ("ann", "bob", "nobody")]
    until = {"roleKey": "account-manager", "roleExpiresAt": "2120-01-01T00:00:00Z", "reason": "On call"}
    cleared, none = {"roleKey": None}, {"override": None}
    manager = {"key": "account-manager"}
    chosen = {"override": {"role": manager, "reason": "On call", "expiresAt": "2120-01-01T00:00:00+00:00"}}
    for row, before, after in ((until, none, chosen), (cleared, chosen, none)):
        rows = [row | {"member": email} for email in people]
        job = (await api.ask(UPDATE, id=own, rows=rows))["membersBulkUpdate"]["job"]["id"]
        seen = (await api.ask(PREVIEW, id=job))["jobPreview"]
        assert [each["outcome"] for each in seen] == ["APPLIED", "APPLIED", "REFUSED"]
        assert await overrides(api) == [before] * 2
        done = (await api.ask(RUN, id=job))["jobRun"]["job"]["rows"]["nodes"]
        assert [each["text"] for each in done] == [each["text"] for each in seen]
        assert await overrides(api) == [after] * 2


async def overrides(api: Api) -> list[dict[str, Any]]:
    """What was chosen by hand for everybody."""
    query = "{ organization { members(first: 9) { nodes { override { role { key } reason expiresAt } } } } }"
    found: list[dict[str, Any]] = (await api.ask(query))["organization"]["members"]["nodes"]
    return found


async def test_a_job_is_made_once_for_an_idempotency_key(api: Api, own: str) -> None:
    rows = [{"member": "ann@example.com", "active": False}]
    first, again = [(await api.ask(UPDATE, id=own, rows=rows, key="k"))["membersBulkUpdate"] for _ in range(2)]
    assert first["job"]["id"] == again["job"]["id"]
    other = (await api.ask(UPDATE, id=own, rows=[{**rows[0], "active": True}], key="k"))["membersBulkUpdate"]
    assert other["userErrors"][0]["code"] == "IDEMPOTENCY_MISMATCH"


async def test_an_invitation_is_shown_once_accepted_by_its_token_or_withdrawn(api: Api, own: str) -> None:
    first = (await api.ask(INVITE, id=own, email="guest@example.com", key="once"))["memberInvite"]
    assert first["member"]["status"] == "INVITED"
    again = (await api.ask(INVITE, id=own, email="guest@example.com", key="once"))["memberInvite"]
    assert (again["member"]["id"], again["token"], again["auditEntry"]) == (first["member"]["id"], None, None)
    [shown] = (await api.ask(OPEN))["organization"]["invitations"]["nodes"]
    assert (shown["email"], shown["invitedBy"]) == ("guest@example.com", "Backstage")
    assert (await invitations.accept(first["token"])).status == "ACTIVE"
    assert (await api.ask(OPEN))["organization"]["invitations"]["nodes"] == []
    other = (await api.ask(INVITE, id=own, email="other@example.com"))["memberInvite"]["member"]["id"]
    gone = (await api.ask(WITHDRAW, ref={"id": other}))["memberInvitationWithdraw"]
    assert (gone["member"]["status"], gone["userErrors"]) == ("DEPROVISIONED", [])
    again = (await api.ask(WITHDRAW, ref={"id": other}))["memberInvitationWithdraw"]
    assert again["userErrors"] == [{"code": "NOT_FOUND"}]


@pytest.mark.parametrize(("email", "code"), [("no address", "INVALID"), ("ann@example.com", "TAKEN")])
async def test_who_cannot_be_invited(scim: Scim, api: Api, own: str, email: str, code: str) -> None:
    document(await scim.post("/Users", person("ann")))
    done = (await api.ask(INVITE, id=own, email=email))["memberInvite"]
    assert (done["userErrors"][0]["code"], done["token"], done["member"]) == (code, None, None)


async def test_a_token_that_only_reads_invites_nobody(new_api: NewApi, api: Api, own: str) -> None:
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    done = (await reader.ask(INVITE, id=own, email="guest@example.com"))["memberInvite"]
    assert done["userErrors"][0]["code"] == "FORBIDDEN"
    assert (await api.ask(OPEN))["organization"]["invitations"]["nodes"] == []
