"""What waits for somebody's decision over GraphQL: held removals, questions about linking, and drift."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from api.provisioning import clock, local_edits, organizations
from api.provisioning.actor import Right
from db import sql
from db.ids import OrganizationId
from db.member_rows import MemberView
from db.queries import lookups as rows
from tests.scim.conversation import Scim, document
from tests.scim.governing import everybody, member_of, override, person

from .conftest import Api, NewApi
from .operations.decisions import SAMPLES, asked, gone

REMOVAL = """id cause state removedAt decideBy decidedAt decidedBy requestId
  directory { name } member { email status } role { key }"""
HELD = f"""query ($after: String, $n: Int = 10) {{ organization {{ heldRemovals(first: $n, after: $after) {{
  totalCount nodes {{ {REMOVAL} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
RECENT = f"""query ($id: ID!) {{ organization {{ recentRemovals(directoryId: $id, first: 10) {{
  totalCount nodes {{ {REMOVAL} }} }} }} }}"""
LINKS = """query ($state: LinkState) { organization { linkRequests(state: $state, first: 10) { totalCount nodes {
  id state userName email askedAt decidedAt decidedBy requestId directory { name } member { email } } } } }"""
DRIFT = """{ organization { drift { isSound differingCount miscountedUsers editedCount unmanagedCount
  differing { member { email } status dueStatus roleKey dueRoleKey } seats { seatType counted ledger held }
  edited { member { email } edits { name value directoryValue editedBy isLocked } }
  unmanaged { member { email } status reason } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"


async def held(api: Api) -> list[dict[str, Any]]:
    """The removals that wait."""
    found: list[dict[str, Any]] = (await api.ask(HELD))["organization"]["heldRemovals"]["nodes"]
    return found


async def decide(api: Api, name: str, chosen: list[str], organization: uuid.UUID | None = None) -> dict[str, Any]:
    """What comes of a decision about removals."""
    where = organization or api.organization
    variables = {"organization": api.id("Organization", where, where), "ids": chosen}
    found: dict[str, Any] = (await api.ask(SAMPLES[name].document, **variables))[name]
    return found


def code(payload: dict[str, Any]) -> str:
    """The only thing that was in the way."""
    [error] = payload["userErrors"]
    return str(error["code"])


async def audited(api: Api, action: str) -> dict[str, Any]:
    """What the only change of that name says."""
    query = "query ($a: [String!]) { organization { audit(first: 2, filter: {actions: $a}) { nodes { after } } } }"
    [entry] = (await api.ask(query, a=[action]))["organization"]["audit"]["nodes"]
    found: dict[str, Any] = entry["after"]
    return found


async def statuses(scim: Scim) -> dict[str, str]:
    """Where everybody stands."""
    return {str(each["email"]).partition("@")[0]: each["status"] for each in await everybody(scim)}


async def test_held_removals_are_listed_oldest_first_in_pages(scim: Scim, api: Api) -> None:
    await gone(scim, "ann", "bob", "cleo", "dan")
    page = (await api.ask(HELD, n=2))["organization"]["heldRemovals"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert [each["member"]["email"] for each in page["nodes"]] == ["bob@example.com", "cleo@example.com"]
    first = page["nodes"][0]
    assert (first["state"], first["member"]["status"], first["role"]) == ("HELD", "HELD", {"key": "viewer"})
    assert first["decideBy"] > first["removedAt"]
    assert first["requestId"]
    assert (await api.ask(NODE, id=first["id"]))["node"]["__typename"] == "Removal"
    rest = (await api.ask(HELD, n=2, after=page["pageInfo"]["endCursor"]))["organization"]["heldRemovals"]
    assert [each["member"]["email"] for each in rest["nodes"]] == ["dan@example.com"]


async def test_members_of_a_page_are_read_at_once(scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await gone(scim, "ann", "bob", "cleo", "dan")
    asked_for, ask = list[int](), rows.members

    async def members(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[MemberView]:
        asked_for.append(len(ids))
        return await ask(organization, ids)

    monkeypatch.setattr(rows, "members", members)
    assert len(await held(api)) == 3
    assert asked_for == [3]


async def test_approved_and_kept_removals_by_whoever_decides(scim: Scim, api: Api) -> None:
    await gone(scim, "ann", "bob", "cleo")
    bob, cleo = await held(api)
    done = await decide(api, "heldRemovalsApprove", [bob["id"], bob["id"]])
    assert (done["userErrors"], done["people"]) == ([], 1)
    assert done["removals"] == [{"state": "APPROVED", "decidedBy": "Backstage"}]
    assert done["auditEntry"]
    remembered = await audited(api, "removals_decided")
    assert [api.id("Removal", id) for id in remembered["removals"]] == [bob["id"]]
    assert (remembered["state"], remembered["by"], remembered["people"]) == ("APPROVED", "Backstage", 1)
    done = await decide(api, "heldRemovalsKeep", [cleo["id"]])
    assert done["removals"] == [{"state": "REJECTED", "decidedBy": "Backstage"}]
    assert await statuses(scim) == {"ann": "DEACTIVATED", "bob": "DEACTIVATED", "cleo": "ACTIVE"}
    assert await held(api) == []
    assert code(await decide(api, "heldRemovalsApprove", [bob["id"]])) == "NOT_FOUND"


async def test_nothing_chosen_is_nothing_done(scim: Scim, api: Api) -> None:
    for name in ("heldRemovalsApprove", "heldRemovalsKeep", "removalsUndo"):
        done = await decide(api, name, [])
        assert (done["people"], done["userErrors"], done["auditEntry"]) == (0, [], None)


async def test_what_was_removed_lately_is_undone(scim: Scim, api: Api) -> None:
    await gone(scim, "ann", "bob")
    id = api.id("Directory", scim.access.directory_id)
    page = (await api.ask(RECENT, id=id))["organization"]["recentRemovals"]
    [removed] = page["nodes"]
    assert (page["totalCount"], removed["state"], removed["member"]["email"]) == (1, "APPLIED", "ann@example.com")
    done = await decide(api, "removalsUndo", [removed["id"]])
    assert (done["people"], done["userErrors"]) == (1, [])
    assert (await statuses(scim))["ann"] == "ACTIVE"
    assert (await api.ask(RECENT, id=id))["organization"]["recentRemovals"]["nodes"] == []
    assert code(await decide(api, "heldRemovalsKeep", [removed["id"]])) == "NOT_FOUND"


@pytest.mark.parametrize("name", ["heldRemovalsApprove", "heldRemovalsKeep", "removalsUndo"])
async def test_removals_are_all_decided_or_none(name: str, scim: Scim, api: Api, new_api: NewApi) -> None:
    """Ids of others, of other things and of nothing; and whoever may only look."""
    await gone(scim, "ann", "bob")
    before = await statuses(scim)
    own = (await held(api))[0]["id"]
    if name == "removalsUndo":
        recent = await api.ask(RECENT, id=api.id("Directory", scim.access.directory_id))
        own = recent["organization"]["recentRemovals"]["nodes"][0]["id"]
    for other in (api.id("Removal", uuid.uuid4()), api.id("Member", uuid.uuid4()), "x"):
        assert code(await decide(api, name, [own, other])) == "NOT_FOUND"
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    assert code(await decide(reader, name, [own])) == "FORBIDDEN"
    assert code(await decide(reader, name, ["x"])) == "FORBIDDEN"
    stranger = await new_api(await organizations.create("Other"))
    nobodys = stranger.id("Removal", uuid.uuid4(), api.organization)
    assert await decide(stranger, name, [own]) == await decide(stranger, name, [nobodys])
    assert code(await decide(stranger, name, [own], api.organization)) == "NOT_FOUND"
    assert (await stranger.ask(NODE, id=own))["node"] is None
    assert await statuses(scim) == before


async def test_removals_of_what_is_no_directory_or_anothers(scim: Scim, api: Api, new_api: NewApi) -> None:
    await gone(scim, "ann", "bob")
    stranger = await new_api(await organizations.create("Other"))
    for asker, id in (
        (stranger, api.id("Directory", scim.access.directory_id)),
        (api, api.id("Directory", uuid.uuid4())),
    ):
        page = (await asker.ask(RECENT, id=id))["organization"]["recentRemovals"]
        assert (page["totalCount"], page["nodes"]) == (0, [])
    assert (await api.refused(RECENT, id="x"))["extensions"]["code"] == "NOT_FOUND"
    assert await held(stranger) == []


@pytest.mark.parametrize(("decision", "status"), [("LINK", 201), ("KEEP_APART", 409)])
async def test_questions_are_listed_and_decided(scim: Scim, api: Api, decision: str, status: int) -> None:
    second = await asked(scim)
    page = (await api.ask(LINKS, state="OPEN"))["organization"]["linkRequests"]
    [question] = page["nodes"]
    assert (page["totalCount"], question["email"], question["userName"]) == (1, "ann@example.com", "ann")
    assert (question["directory"], question["member"]) == ({"name": "Second"}, {"email": "ann@example.com"})
    assert (await api.ask(NODE, id=question["id"]))["node"]["__typename"] == "LinkRequest"
    text = SAMPLES["linkRequestDecide"].document
    done = (await api.ask(text, id=question["id"], decision=decision))["linkRequestDecide"]
    assert done["userErrors"] == []
    assert done["linkRequest"] == {"state": decision, "decidedBy": "Backstage"}
    assert done["auditEntry"]["action"] == "link_decided"
    assert (await second.post("/Users", person("ann"))).status_code == status
    assert (await api.ask(LINKS, state="OPEN"))["organization"]["linkRequests"]["totalCount"] == 0
    assert (await api.ask(LINKS))["organization"]["linkRequests"]["totalCount"] == 1


async def test_who_was_erased_since_is_not_let_in_again(scim: Scim, api: Api) -> None:
    await gone(scim, "ann", "bob")
    found = await api.ask(RECENT, id=api.id("Directory", scim.access.directory_id))
    [removed] = found["organization"]["recentRemovals"]["nodes"]
    await sql.rows("UPDATE member SET status = 'ERASED' WHERE email = 'ann@example.com'")
    assert code(await decide(api, "removalsUndo", [removed["id"]])) == "IMPOSSIBLE"
    assert (await statuses(scim))["ann"] == "ERASED"


async def test_questions_are_not_decided_by_whoever_may_not_or_by_nothing(
    scim: Scim, api: Api, new_api: NewApi
) -> None:
    await asked(scim)
    text = SAMPLES["linkRequestDecide"].document
    own = (await api.ask(LINKS))["organization"]["linkRequests"]["nodes"][0]["id"]
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    stranger = await new_api(await organizations.create("Other"))
    for asker, id, decision, told in (
        (api, own, "OPEN", "INVALID"),
        (api, api.id("LinkRequest", uuid.uuid4()), "LINK", "NOT_FOUND"),
        (api, "x", "LINK", "NOT_FOUND"),
        (reader, own, "LINK", "FORBIDDEN"),
        (stranger, own, "LINK", "NOT_FOUND"),
    ):
        assert code((await asker.ask(text, id=id, decision=decision))["linkRequestDecide"]) == told
    assert (await stranger.ask(LINKS))["organization"]["linkRequests"]["totalCount"] == 0
    assert (await api.ask(LINKS, state="OPEN"))["organization"]["linkRequests"]["totalCount"] == 1


async def test_drift_is_shown_and_put_right_but_for_the_last_admin(scim: Scim, api: Api) -> None:
    for name in ("ann", "bob", "cleo"):
        document(await scim.post("/Users", person(name)))
    await override(scim, "admin", "cleo@example.com")
    assert (await api.ask(DRIFT))["organization"]["drift"]["isSound"]
    edit = local_edits.to_json({"display_name": local_edits.Edit("Ann", "dana", clock.now())})
    await sql.rows("UPDATE member SET status = 'DEACTIVATED', local = $1 WHERE email = 'ann@example.com'", edit)
    await sql.rows("DELETE FROM role_override")
    await sql.rows("UPDATE directory_user SET lets_in = false WHERE user_name = 'bob'")
    found = (await api.ask(DRIFT))["organization"]["drift"]
    assert (found["isSound"], found["differingCount"], found["miscountedUsers"]) == (False, 3, 1)
    [ann] = [each for each in found["differing"] if each["member"]["email"] == "ann@example.com"]
    assert ann == {
        "member": {"email": "ann@example.com"},
        "status": "DEACTIVATED",
        "dueStatus": "ACTIVE",
        "roleKey": "viewer",
        "dueRoleKey": "viewer",
    }
    [edited] = found["edited"]
    assert edited["edits"][0]["directoryValue"] == "Ann"
    where = api.id("Organization", api.organization)
    done = (await api.ask(SAMPLES["driftFix"].document, organization=where))["driftFix"]
    assert (done["userErrors"], done["members"], done["users"]) == ([], 1, 1)
    [problem] = done["problems"]
    assert problem["member"] == {"email": "cleo@example.com"}
    assert done["auditEntry"] == {"action": "recounted", "actor": {"name": "Backstage"}}
    assert (await statuses(scim))["ann"] == "ACTIVE"


async def test_drift_is_not_for_others(scim: Scim, api: Api, new_api: NewApi) -> None:
    document(await scim.post("/Users", person("ann")))
    await sql.rows("UPDATE member SET status = 'DEACTIVATED'")
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    stranger = await new_api(await organizations.create("Other"))
    for asker, id, told in (
        (reader, api.id("Organization", api.organization), "FORBIDDEN"),
        (stranger, api.id("Organization", api.organization), "NOT_FOUND"),
        (api, "x", "NOT_FOUND"),
    ):
        assert code((await asker.ask(SAMPLES["driftFix"].document, organization=id))["driftFix"]) == told
    assert (await stranger.ask(DRIFT))["organization"]["drift"]["isSound"]
    assert (await member_of(scim))["status"] == "DEACTIVATED"
