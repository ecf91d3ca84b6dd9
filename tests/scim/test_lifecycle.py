"""People who come, are suspended, leave and return: one member throughout, with its history (R054–R060)."""

from __future__ import annotations

import pytest

from api.provisioning import domains
from api.provisioning.actor import operator
from db import sql
from db.enums import MemberStatus
from db.queries import log, members

from .conversation import ENTERPRISE, SEAT_TYPE, Json, Scim, assert_error, document, group, user
from .governing import active, person

Member = dict[str, object]


async def _members(scim: Scim) -> list[Member]:
    return await members.page(scim.access.organization_id, after=None, limit=100)


async def _member(scim: Scim) -> Member:
    [only] = await _members(scim)
    return only


async def _history(scim: Scim, member: Member) -> list[str]:
    changes = await log.changes_of(scim.access.organization_id, member["id"])  # type: ignore[arg-type]  # a UUID
    return [f"{change['subject_type']} {change['action']}" for change in changes]


async def test_a_created_user_is_an_active_member(scim: Scim) -> None:
    await scim.post("/Users", person(displayName="Ann Arbor", **{SEAT_TYPE: {"seat_type": "lite"}}))
    member = await _member(scim)
    shown = {name: member[name] for name in ("status", "email", "display_name", "seat_type")}
    assert shown == {"status": "ACTIVE", "email": "ann@example.com", "display_name": "Ann Arbor", "seat_type": "lite"}


async def test_a_user_created_inactive_is_a_deactivated_member(scim: Scim) -> None:
    await scim.post("/Users", person(active=False))
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


@pytest.mark.parametrize("value", [False, "False", "false"])
async def test_deactivation_keeps_the_resource_and_its_member(scim: Scim, value: object) -> None:
    made = document(await scim.post("/Users", person()))
    answer = await scim.patch(f"/Users/{made['id']}", active(value))
    assert (answer.status_code, document(answer)["active"]) == (200, False)
    assert (await scim.read(f"/Users/{made['id']}"))["active"] is False
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


async def test_deactivation_by_put_is_deactivation(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    await scim.put(f"/Users/{made['id']}", person(active=False))
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


async def test_a_put_without_active_does_not_reactivate(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(active=False)))
    await scim.put(f"/Users/{made['id']}", person(title="Major"))
    assert (await scim.read(f"/Users/{made['id']}"))["active"] is False
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


async def test_removing_active_reactivates_nobody(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(active=False)))
    answer = await scim.patch(f"/Users/{made['id']}", {"op": "remove", "path": "active"})
    assert answer.status_code == 200
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


async def test_removing_active_does_not_undo_a_deactivation_in_the_same_request(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    answer = await scim.patch(f"/Users/{made['id']}", active(False), {"op": "remove", "path": "active"})
    assert answer.status_code == 200
    assert (await _member(scim))["status"] == MemberStatus.DEACTIVATED


async def test_reactivation_is_the_same_member(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    before = await _member(scim)
    for value in (False, True):
        await scim.patch(f"/Users/{made['id']}", active(value))
    after = await _member(scim)
    assert (after["id"], after["account_id"]) == (before["id"], before["account_id"])
    assert after["status"] == MemberStatus.ACTIVE
    assert (await _history(scim, after)).count("member updated") == 2


async def test_a_deactivated_user_stays_in_its_groups(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    team = await scim.make_group("Team", [made["id"]])
    await scim.patch(f"/Users/{made['id']}", active(False))
    assert await scim.members(team["id"]) == [made["id"]]


async def test_deletion_deprovisions_the_member_and_keeps_the_history(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    before = await _member(scim)
    assert (await scim.delete(f"/Users/{made['id']}")).status_code == 204
    after = await _member(scim)
    assert (after["id"], after["status"]) == (before["id"], MemberStatus.DEPROVISIONED)
    assert (after["email"], after["account_id"]) == ("ann@example.com", before["account_id"])
    assert sorted(await _history(scim, after)) == [
        "directory_user created",
        "directory_user deleted",
        "member created",
        "member updated",
    ]


@pytest.mark.parametrize(
    "again",
    [
        person("ann", externalId="ext-1"),
        user("ann"),
        user("renamed", externalId="ext-1"),
        user("elsewhere", emails=[{"value": "ANN@example.com"}]),
        user("ann@example.com"),
    ],
    ids=["unchanged", "by userName", "by externalId", "by e-mail", "by a userName that is the e-mail"],
)
async def test_a_person_who_returns_is_the_same_member(scim: Scim, again: Json) -> None:
    made = document(await scim.post("/Users", person(externalId="ext-1")))
    before = await _member(scim)
    await scim.delete(f"/Users/{made['id']}")
    back = document(await scim.post("/Users", again))
    after = await _member(scim)
    assert back["id"] != made["id"]
    assert back["meta"]["version"] == 'W/"1"'
    assert (after["id"], after["account_id"]) == (before["id"], before["account_id"])
    assert after["status"] == MemberStatus.ACTIVE
    assert "directory_user deleted" in await _history(scim, after)
    assert_error(await scim.get(f"/Users/{made['id']}"), 404)


async def test_a_person_who_returns_starts_without_the_old_attributes(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(title="Major", **{ENTERPRISE: {"department": "D"}})))
    await scim.make_group("Team", [made["id"]])
    await scim.delete(f"/Users/{made['id']}")
    back = document(await scim.post("/Users", person()))
    assert not {"title", ENTERPRISE, "groups"} & (await scim.read(f"/Users/{back['id']}")).keys()


async def test_somebody_can_leave_and_return_many_times(scim: Scim) -> None:
    ids = set()
    for _ in range(4):
        made = document(await scim.post("/Users", person(externalId="ext-1")))
        ids.add(made["id"])
        await scim.delete(f"/Users/{made['id']}")
    assert (len(ids), (await _member(scim))["status"]) == (4, MemberStatus.DEPROVISIONED)


async def test_names_of_the_deleted_are_free(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(externalId="1")))
    team = await scim.make_group("Team", externalId="t")
    await scim.delete(f"/Users/{made['id']}")
    await scim.delete(f"/Groups/{team['id']}")
    assert (await scim.post("/Users", person(externalId="1"))).status_code == 201
    assert (await scim.post("/Groups", group("Team", externalId="t"))).status_code == 201


async def test_a_member_of_two_directories_is_active_while_one_of_them_says_so(scim: Scim, sibling: Scim) -> None:
    here = document(await scim.post("/Users", person()))
    there = document(await sibling.post("/Users", person("ann.there", emails=[{"value": "ann@example.com"}])))
    statuses = []
    for directory, path, change in (
        (scim, f"/Users/{here['id']}", active(False)),
        (sibling, f"/Users/{there['id']}", active(False)),
        (scim, f"/Users/{here['id']}", active(True)),
    ):
        await directory.patch(path, change)
        statuses.append((await _member(scim))["status"])
    for directory, path in ((scim, f"/Users/{here['id']}"), (sibling, f"/Users/{there['id']}")):
        await directory.delete(path)
        statuses.append((await _member(scim))["status"])
    assert statuses == ["ACTIVE", "DEACTIVATED", "ACTIVE", "DEACTIVATED", "DEPROVISIONED"]


async def test_an_account_of_another_organization_is_not_shared_before_the_domain_is_verified(
    scim: Scim, stranger: Scim
) -> None:
    for each in (scim, stranger):
        await each.post("/Users", person())
    here, there = await _member(scim), await _member(stranger)
    assert here["account_id"] != there["account_id"]
    assert await sql.value("SELECT email FROM account WHERE id = $1", there["account_id"]) is None


async def test_one_person_in_two_organizations_is_one_account_and_two_members(scim: Scim, stranger: Scim) -> None:
    actor = operator(stranger.access.organization_id)
    await domains.add(actor, "example.com")
    await domains.attest(actor, "example.com")
    for each in (scim, stranger):
        await each.post("/Users", person())
    here, there = await _member(scim), await _member(stranger)
    assert here["account_id"] == there["account_id"]
    assert here["id"] != there["id"]
    found = (await scim.read("/Users"))["Resources"][0]
    await scim.patch(f"/Users/{found['id']}", active(False))
    assert (await _member(stranger))["status"] == MemberStatus.ACTIVE


async def test_a_new_address_here_renames_nobody_in_another_organization(scim: Scim, stranger: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    await stranger.post("/Users", person())
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "anna@example.com"}
    assert (await scim.patch(f"/Users/{made['id']}", change)).status_code == 200
    here, there = await _member(scim), await _member(stranger)
    assert (here["email"], there["email"]) == ("anna@example.com", "ann@example.com")
    assert here["account_id"] != there["account_id"]


async def test_a_new_address_keeps_account_and_member(scim: Scim) -> None:
    made = document(await scim.post("/Users", person()))
    before = await _member(scim)
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "anna@example.com"}
    await scim.patch(f"/Users/{made['id']}", change)
    after = await _member(scim)
    assert (after["id"], after["account_id"], after["email"]) == (
        before["id"],
        before["account_id"],
        "anna@example.com",
    )


async def test_a_changed_name_reaches_the_member(scim: Scim) -> None:
    made = document(await scim.post("/Users", person(name={"givenName": "Ann", "familyName": "Arbor"})))
    assert (await _member(scim))["display_name"] == "Ann Arbor"
    await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "name.familyName", "value": "Baker"})
    assert (await _member(scim))["display_name"] == "Ann Baker"


async def test_people_without_address_are_different_people(scim: Scim) -> None:
    for name in ("ann", "bob"):
        await scim.post("/Users", user(name))
    assert len({each["account_id"] for each in await _members(scim)}) == 2


@pytest.mark.parametrize("way", ["delete", "deactivate", "reactivate", "create"])
async def test_refused_acts_change_no_member(scim: Scim, way: str) -> None:
    made = document(await scim.post("/Users", person(active=way != "reactivate")))
    before = await _member(scim)
    stale = scim.having(if_match='W/"0"')
    answer = {
        "delete": lambda: stale.delete(f"/Users/{made['id']}"),
        "deactivate": lambda: stale.patch(f"/Users/{made['id']}", active(False)),
        "reactivate": lambda: stale.put(f"/Users/{made['id']}", person(active=True)),
        "create": lambda: scim.post("/Users", person(active=False)),
    }[way]
    assert (await answer()).status_code in (409, 412)
    assert await _member(scim) == before
