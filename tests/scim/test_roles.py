"""Roles follow from groups and choices, in the same transaction as whatever they follow from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.provisioning import clock, ladder, members
from api.provisioning.errors import AlreadyTaken, BadSetting, InTheWay, NotFound, Refused
from api.provisioning.ladder import ArchiveRole, SetDefault, SetOrder
from db import sql
from db.queries import log

from .conversation import Json, Scim, assert_error, document
from .governing import (
    active,
    adding,
    choose,
    everybody,
    govern,
    governor,
    map_group,
    member_of,
    override,
    person,
    removing,
    role_of,
    team,
)


async def test_people_in_no_mapped_group_get_the_default_role(scim: Scim, ann: Json) -> None:
    """R112."""
    await team(scim, None, ann["id"])
    assert await role_of(scim) == "viewer"


async def test_mapping_a_group_changes_its_members_and_nobody_else(scim: Scim, ann: Json) -> None:
    """R111."""
    await scim.post("/Users", person("bob"))
    made = await scim.make_group("Team", [ann["id"]])
    assert await map_group(scim, made, "account-manager") == 1
    assert (await role_of(scim), await role_of(scim, "bob@example.com")) == ("account-manager", "viewer")
    assert await map_group(scim, made, "account-manager") == 0
    assert await map_group(scim, made, None) == 1
    assert await role_of(scim) == "viewer"


async def test_a_role_comes_with_membership_and_goes_with_it(scim: Scim, ann: Json) -> None:
    """R074, R075, R108, R120: right after the answer, without residue after any number of rounds."""
    made = await team(scim, "account-manager")
    for _ in range(3):
        await scim.patch(f"/Groups/{made['id']}", adding(ann["id"]))
        assert await role_of(scim) == "account-manager"
        await scim.patch(f"/Groups/{made['id']}", removing(ann["id"]))
        assert await role_of(scim) == "viewer"


async def test_a_group_below_the_default_role_lowers_and_the_highest_of_several_counts(scim: Scim, ann: Json) -> None:
    """R116, R119."""
    low = await team(scim, "knowledge-base-viewer", ann["id"], name="Low")
    assert await role_of(scim) == "knowledge-base-viewer"
    await team(scim, "account-manager", ann["id"], name="High")
    assert await role_of(scim) == "account-manager"
    await scim.delete(f"/Groups/{low['id']}")
    assert await role_of(scim) == "account-manager"


async def test_a_renamed_group_keeps_its_mapping(scim: Scim, ann: Json) -> None:
    """R104."""
    made = await team(scim, "account-manager", ann["id"])
    await scim.patch(f"/Groups/{made['id']}", {"op": "replace", "path": "displayName", "value": "Crew"})
    assert await role_of(scim) == "account-manager"


async def test_removing_a_group_takes_its_role_away(scim: Scim, ann: Json) -> None:
    """R103, R110."""
    made = await team(scim, "account-manager", ann["id"])
    assert (await scim.delete(f"/Groups/{made['id']}")).status_code == 204
    assert await role_of(scim) == "viewer"


async def test_a_member_who_was_named_before_they_arrived_gets_the_role_on_arrival(scim: Scim) -> None:
    made = await scim.make_group("Team", ["ann"])
    await map_group(scim, made, "account-manager")
    await scim.post("/Users", person())
    assert await role_of(scim) == "account-manager"


async def test_somebody_who_comes_back_has_the_role_of_now(scim: Scim, ann: Json) -> None:
    """R057."""
    await team(scim, "account-manager", ann["id"])
    await scim.delete(f"/Users/{ann['id']}")
    assert await role_of(scim) == "viewer"
    back = document(await scim.post("/Users", person()))
    await team(scim, "knowledge-base-viewer", back["id"], name="Other")
    assert await role_of(scim) == "knowledge-base-viewer"


async def test_the_request_and_the_history_tell_about_roles(scim: Scim, ann: Json) -> None:
    made = await team(scim, "account-manager")
    await scim.patch(f"/Groups/{made['id']}", adding(ann["id"]))
    found = await sql.rows("SELECT decisions FROM request WHERE method = 'PATCH' ORDER BY id DESC LIMIT 1")
    assert "1 member: Viewer → Account Manager." in found[0][0]
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert [(c["before"], c["after"]) for c in changes if c["action"] == "role_changed"] == [
        ('{"role": "viewer"}', '{"role": "account-manager"}')
    ]


async def test_an_override_raises_and_has_no_effect_below_a_group(scim: Scim, ann: Json) -> None:
    """R114, R117, R118."""
    await team(scim, "account-manager", ann["id"])
    assert (await override(scim, "viewer")).steps[-1].remark == "no effect: lower than a group"
    assert await role_of(scim) == "account-manager"
    await override(scim, "admin")
    assert await role_of(scim) == "admin"


async def test_an_override_ends_when_it_expires_or_is_cleared(scim: Scim, ann: Json) -> None:
    """R114."""
    await override(scim, "account-manager", expires_at=clock.now() + timedelta(hours=1))
    await sql.rows("UPDATE role_override SET expires_at = now() - interval '1 second'")
    assert await members.expire_overrides(scim.access.organization_id) == 1
    assert await role_of(scim) == "viewer"
    await override(scim, "account-manager")
    await members.clear_override(governor(scim), (await member_of(scim))["id"])
    assert await role_of(scim) == "viewer"
    with pytest.raises(NotFound, match="no override"):
        await members.clear_override(governor(scim), (await member_of(scim))["id"])


async def test_an_override_is_kept_through_deactivation(scim: Scim, ann: Json) -> None:
    await override(scim, "account-manager")
    await scim.patch(f"/Users/{ann['id']}", active(False))
    await scim.patch(f"/Users/{ann['id']}", active(True))
    assert await role_of(scim) == "account-manager"


async def test_an_override_needs_a_reason_a_role_and_an_organization_that_allows_it(scim: Scim, ann: Json) -> None:
    with pytest.raises(BadSetting, match="needs a reason"):
        await override(scim, "admin", reason=" ")
    with pytest.raises(BadSetting, match="There are: knowledge-base-viewer, viewer"):
        await override(scim, "boss")
    await choose(scim, override_mode="FORBIDDEN")
    with pytest.raises(Refused, match="override_mode"):
        await override(scim, "admin")


@pytest.mark.parametrize(
    ("choice", "role", "status"),
    [("DEFAULT_ROLE", "viewer", "ACTIVE"), ("NO_ROLE", None, "ACTIVE"), ("SUSPEND", None, "SUSPENDED")],
)
async def test_leaving_all_mapped_groups_does_what_was_chosen(
    scim: Scim, ann: Json, choice: str, role: str | None, status: str
) -> None:
    """R050, C7: and coming back into one undoes it."""
    made = await team(scim, "account-manager", ann["id"])
    await choose(scim, on_no_mapped_group=choice)
    await scim.patch(f"/Groups/{made['id']}", removing(ann["id"]))
    assert (await role_of(scim), (await member_of(scim))["status"]) == (role, status)
    await scim.post("/Users", person("bob"))
    bob = await member_of(scim, "bob@example.com")
    assert (bob["role"], bob["status"]) == (role, status)
    await scim.patch(f"/Groups/{made['id']}", adding(ann["id"]))
    assert (await role_of(scim), (await member_of(scim))["status"]) == ("account-manager", "ACTIVE")


async def test_reactivation_does_not_lift_a_suspension(scim: Scim, ann: Json) -> None:
    await choose(scim, on_no_mapped_group="SUSPEND")
    for value in (False, True):
        await scim.patch(f"/Users/{ann['id']}", active(value))
    assert (await member_of(scim))["status"] == "SUSPENDED"


async def test_the_directory_can_name_roles_where_that_is_switched_on(scim: Scim, ann: Json) -> None:
    """R122."""
    naming = {"op": "replace", "path": "roles", "value": [{"value": "account-manager"}]}
    await scim.patch(f"/Users/{ann['id']}", naming)
    assert await role_of(scim) == "viewer"
    await choose(scim, accept_roles_attribute=True)
    assert await role_of(scim) == "account-manager"
    answer = await scim.patch(f"/Users/{ann['id']}", {"op": "replace", "path": "roles", "value": [{"value": "boss"}]})
    assert "`roles` may name: knowledge-base-viewer, viewer" in assert_error(answer, 400, "invalidValue")
    answer = await scim.post("/Users", person("bob", roles=[{"value": '{"id":"1","value":"admin"}'}]))
    assert await role_of(scim, "bob@example.com") == "admin"
    assert_error(await scim.post("/Users", person("eve", roles=[{"value": "boss"}])), 400, "invalidValue")


async def test_groups_are_roles_where_that_was_chosen(scim: Scim) -> None:
    """R107, C6: without permissions, the lowest, and archived with the group."""
    await choose(scim, group_mode="GROUPS_AS_ROLES")
    ann = document(await scim.post("/Users", person()))
    made = await scim.make_group("Sales & Co", [ann["id"]])
    role = (await ladder.overview(governor(scim)))[-1]
    assert (role["name"], role["permissions"], role["members"]) == ("Sales & Co", [], 1)
    assert await role_of(scim) == role["key"]
    await scim.delete(f"/Groups/{made['id']}")
    assert role["key"] not in [each["key"] for each in await ladder.overview(governor(scim))]
    assert await role_of(scim) == "viewer"


async def test_a_default_role_above_viewer_needs_a_second_word(scim: Scim, ann: Json) -> None:
    """R113."""
    with pytest.raises(InTheWay, match="Viewer is safer"):
        await govern(scim, SetDefault("account-manager"))
    assert await govern(scim, SetDefault("account-manager"), is_sure=True) == 1
    assert await role_of(scim) == "account-manager"


async def test_a_role_is_archived_with_a_replacement_for_all_who_had_it(scim: Scim, ann: Json) -> None:
    """R124."""
    await team(scim, "account-manager", ann["id"])
    await scim.post("/Users", person("bob"))
    await override(scim, "account-manager", "bob@example.com")
    assert await govern(scim, ArchiveRole("account-manager", "viewer")) == 2
    assert {each["role"] for each in await everybody(scim)} == {"viewer"}
    with pytest.raises(InTheWay, match="default role"):
        await govern(scim, ArchiveRole("viewer", "admin"))
    with pytest.raises(InTheWay, match="only role of admins"):
        await govern(scim, ArchiveRole("admin", "viewer"))


async def test_a_new_order_of_roles_counts_at_once(scim: Scim, ann: Json) -> None:
    await team(scim, "knowledge-base-viewer", ann["id"], name="One")
    await team(scim, "account-manager", ann["id"], name="Two")
    order = ("viewer", "account-manager", "knowledge-base-viewer", "admin")
    assert await govern(scim, SetOrder(order)) == 1
    assert await role_of(scim) == "knowledge-base-viewer"
    with pytest.raises(BadSetting, match="each role once"):
        await govern(scim, SetOrder(order[:2]))


async def test_a_role_is_made_where_it_is_wanted_and_its_key_is_never_used_again(scim: Scim) -> None:
    assert await ladder.add(governor(scim), "Auditor, external", above="viewer") == "auditor-external"
    await ladder.set_permissions(governor(scim), "auditor-external", ["reports.read", " reports.read ", ""])
    keys = [(each["key"], each["permissions"]) for each in await ladder.overview(governor(scim))]
    assert keys[2] == ("auditor-external", ["reports.read"])
    await govern(scim, ArchiveRole("auditor-external", "viewer"))
    with pytest.raises(AlreadyTaken, match="is, or was"):
        await ladder.add(governor(scim), "Auditor External")


async def test_a_mapping_concerns_its_own_organization_only(scim: Scim, stranger: Scim, ann: Json) -> None:
    made = await team(scim, None, ann["id"])
    with pytest.raises(NotFound):
        await map_group(stranger, made, "admin")
    with pytest.raises(NotFound):
        await members.explain(governor(stranger), (await member_of(scim))["id"])
    assert await role_of(scim) == "viewer"
