"""Looking at what an act would do, and doing exactly that (REQUIREMENTS §1.13, IDEAS 3)."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from api.provisioning import clock, governance, members
from api.provisioning.actor import Actor, Right
from api.provisioning.directories import ChangeDirectory
from api.provisioning.errors import BadSetting, FactsMoved, Forbidden, InTheWay, LastAdmin, NotFound
from api.provisioning.governance import Intent
from api.provisioning.ladder import ArchiveRole, SetDefault
from api.provisioning.mappings import MapGroups, MarkGroup
from api.provisioning.overrides import ClearOverrides, OverrideRoles
from api.provisioning.policies import ChangePolicies
from api.provisioning.previews import Preview, summary
from db import sql
from db.engine import DB
from db.queries import log

from .conversation import Json, Scim, document
from .governing import (
    adding,
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


async def look(scim: Scim, intent: Intent) -> Preview:
    """What it would do."""
    return await governance.preview(governor(scim), intent)


async def send(scim: Scim, *names: str) -> list[str]:
    """New people."""
    return [document(await scim.post("/Users", person(name)))["id"] for name in names]


def mapping(role: str | None, *groups: Json) -> MapGroups:
    """The wish to map groups to a role."""
    return MapGroups({uuid.UUID(group["id"]): role for group in groups})


async def test_a_mapping_tells_who_changes_before_and_after_and_because(scim: Scim) -> None:
    ann, bob, eve, dan = await send(scim, "ann", "bob", "eve", "dan")
    await team(scim, "account-manager", bob, name="Key accounts")
    await team(scim, "knowledge-base-viewer", eve, name="Readers")
    contractors = await team(scim, None, ann, bob, eve, name="Contractors")
    seen = await look(scim, mapping("admin", contractors))
    assert summary(seen) == "Mapping *Contractors → Admin* changes 3 people: 3 higher (3 to Admin)"
    assert {each.email: each.before.role and each.before.role.name for each in seen.people} == {
        "ann@example.com": "Viewer",
        "bob@example.com": "Account Manager",
        "eve@example.com": "Knowledge Base Viewer",
    }
    assert {(each.after.role and each.after.role.name, each.because) for each in seen.people} == {
        ("Admin", "group “Contractors” → Admin")
    }
    seen = await look(scim, mapping("viewer", contractors))
    assert [(each.email, each.because) for each in seen.people] == [("eve@example.com", "group “Contractors” → Viewer")]
    assert dan not in str(seen.moves)


async def test_nothing_of_a_preview_is_kept_and_no_lock_is(scim: Scim, ann: Json) -> None:
    made = await team(scim, None, ann["id"])
    counted = "SELECT (SELECT count(*) FROM change), (SELECT count(*) FROM directory_group WHERE role_id IS NOT NULL)"
    before = await sql.rows(counted)
    await look(scim, mapping("admin", made))
    assert await sql.rows(counted) == before
    assert await role_of(scim) == "viewer"
    assert DB.current_connection() is None
    assert await sql.value("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock'") == 0


async def test_the_token_does_exactly_what_was_seen(scim: Scim, ann: Json) -> None:
    made = await team(scim, None, ann["id"])
    wish = mapping("account-manager", made)
    seen = await look(scim, wish)
    assert await govern(scim, wish, token=seen.token) == seen.changed == 1
    assert await role_of(scim) == "account-manager"


async def test_facts_that_moved_are_told_and_nothing_is_done(scim: Scim, ann: Json) -> None:
    bob, eve = await send(scim, "bob", "eve")
    made = await team(scim, None, ann["id"])
    wish = mapping("account-manager", made)
    seen = await look(scim, wish)
    await scim.patch(f"/Groups/{made['id']}", adding(bob, eve))
    with pytest.raises(FactsMoved, match=r"^2 more people would change than you saw. Look again\.$"):
        await govern(scim, wish, token=seen.token)
    assert {each["role"] for each in await everybody(scim)} == {"viewer"}
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'group_mapped'") == 0
    assert await govern(scim, wish, token=(await look(scim, wish)).token) == 3


async def test_a_token_is_of_this_act_in_this_organization_and_of_today(
    scim: Scim, stranger: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await team(scim, None, ann["id"])
    wish = mapping("account-manager", made)
    seen = await look(scim, wish)
    for other, where in ((mapping("admin", made), scim), (wish, stranger)):
        with pytest.raises(BadSetting, match="another act"):
            await govern(where, other, token=seen.token)
    late = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(BadSetting, match="older than ten minutes"):
        await govern(scim, wish, token=seen.token)
    assert await role_of(scim) == "viewer"


async def test_several_groups_are_mapped_at_once(scim: Scim, ann: Json) -> None:
    """R111: and the last admin may change groups by it."""
    old, new = await team(scim, "admin", ann["id"], name="Old"), await team(scim, None, ann["id"], name="New")
    swap = MapGroups({uuid.UUID(old["id"]): None, uuid.UUID(new["id"]): "admin"})
    assert (await look(scim, swap)).changed == 0
    await govern(scim, swap)
    assert await role_of(scim) == "admin"
    bob = (await send(scim, "bob"))[0]
    await scim.patch(f"/Groups/{old['id']}", removing(ann["id"]))
    await scim.patch(f"/Groups/{old['id']}", adding(bob))
    handover = MapGroups({uuid.UUID(old["id"]): "admin", uuid.UUID(new["id"]): "viewer"})
    assert summary(await look(scim, handover)) == (
        "Mapping *Old → Admin, New → Viewer* changes 2 people: 1 lower, 1 higher (1 to Admin)"
    )
    assert await govern(scim, handover) == 2
    assert (await role_of(scim), await role_of(scim, "bob@example.com")) == ("viewer", "admin")
    many = [await team(scim, None, name=f"Team {number}") for number in range(4)]
    assert (await look(scim, mapping("viewer", *many))).headline == "Mapping *4 groups*"
    with pytest.raises(NotFound, match="There is no group"):
        await look(scim, MapGroups({uuid.UUID(old["id"]): None, uuid.UUID(int=1): None}))


async def test_what_is_so_already_changes_nobody_and_is_not_remembered(scim: Scim, ann: Json) -> None:
    made = await team(scim, "account-manager", ann["id"])
    wishes = mapping("account-manager", made), ChangePolicies({"override_mode": "RAISE_ONLY"})
    before = await sql.value("SELECT count(*) FROM change")
    for wish in (*wishes, MarkGroup(uuid.UUID(made["id"]), gives_access=False)):
        assert summary(await look(scim, wish)).endswith("* changes nobody.")
        assert await govern(scim, wish) == 0
    assert await sql.value("SELECT count(*) FROM change") == before


async def test_a_preview_refuses_what_the_act_would(scim: Scim, ann: Json) -> None:
    made = await team(scim, "admin", ann["id"])
    with pytest.raises(LastAdmin):
        await look(scim, mapping("viewer", made))
    with pytest.raises(InTheWay, match="default role"):
        await look(scim, ArchiveRole("viewer", "admin"))
    reader = Actor(governor(scim).kind, scim.access.organization_id, None, frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await governance.preview(reader, SetDefault("viewer"))


async def test_a_default_above_viewer_is_previewed_with_a_warning_and_done_by_a_second_word(
    scim: Scim, ann: Json
) -> None:
    """R113."""
    wish = SetDefault("account-manager")
    seen = await look(scim, wish)
    assert seen.warnings == ("New people get Account Manager without any group. Viewer is safer.",)
    assert [each.because for each in seen.people] == ["default role of Acme"]
    with pytest.raises(InTheWay, match=r"Viewer is safer\. Confirm to go on"):
        await govern(scim, wish, token=seen.token)
    assert await role_of(scim) == "viewer"
    assert await govern(scim, wish, token=seen.token, is_sure=True) == 1
    assert await role_of(scim) == "account-manager"


async def test_a_role_is_archived_after_a_preview_for_all_who_had_it_with_one_entry(scim: Scim, ann: Json) -> None:
    """R124: by a group, an override, or kept while a removal is on hold."""
    await send(scim, "bob", "eve", "dan")
    await team(scim, "account-manager", ann["id"], name="Sales")
    await override(scim, "account-manager", "bob@example.com")
    await sql.rows(
        "UPDATE member SET status = 'HELD', hold = 'REMOVAL', held_role_id = r.id FROM role r"
        " WHERE r.organization_id = member.organization_id AND r.key = 'account-manager' AND email LIKE 'eve@%'"
    )
    wish = ArchiveRole("account-manager", "knowledge-base-viewer")
    seen = await look(scim, wish)
    assert summary(seen) == "Archiving *Account Manager → Knowledge Base Viewer* changes 3 people: 3 lower"
    assert {each.email: each.because for each in seen.people} == {
        "ann@example.com": "group “Sales” → Knowledge Base Viewer",
        "bob@example.com": "default role of Acme",
        "eve@example.com": "removal on hold: the role stays as it was",
    }
    assert await govern(scim, wish, token=seen.token) == 3
    roles = {str(each["email"]).partition("@")[0]: each["role"] for each in await everybody(scim)}
    assert roles == {
        "ann": "knowledge-base-viewer",
        "bob": "viewer",
        "eve": "knowledge-base-viewer",
        "dan": "viewer",
    }
    found = await sql.rows("SELECT after FROM change WHERE action = 'role_archived'")
    assert [row[0] for row in found] == [
        '{"key": "account-manager", "members": 3, "replacement": "knowledge-base-viewer"}'
    ]
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert '"role": "account-manager"' in str(changes[-1]["before"])


async def test_overrides_are_chosen_for_many_at_once_and_cleared(scim: Scim) -> None:
    """R114."""
    await send(scim, "ann", "bob", "eve")
    ids = {str(each["email"]).partition("@")[0]: each["id"] for each in await everybody(scim)}
    chosen = OverrideRoles((ids["ann"], ids["bob"], ids["ann"]), "admin", "on call", "dana")
    seen = await look(scim, chosen)
    assert summary(seen) == "Overriding *2 people → Admin* changes 2 people: 2 higher (2 to Admin)"
    assert {each.because for each in seen.people} == {"override to Admin"}
    assert await govern(scim, chosen, token=seen.token) == 2
    changes = await log.changes_of(scim.access.organization_id, ids["bob"])
    assert [each["action"] for each in changes][-2:] == ["override_set", "role_changed"]
    alone = ClearOverrides((ids["ann"], ids["eve"]))
    assert summary(await look(scim, alone)) == "Clearing the override of *2 people* changes 1 person: 1 lower"
    assert await govern(scim, alone) == 1
    assert await role_of(scim, "bob@example.com") == "admin"
    with pytest.raises(NotFound, match=r"no override of ann@example\.com"):
        await members.clear_override(governor(scim), ids["ann"])


async def test_overriding_many_is_all_or_nothing(scim: Scim, stranger: Scim, ann: Json) -> None:
    await send(stranger, "bob")
    theirs, ours = (await everybody(stranger))[0]["id"], (await member_of(scim))["id"]
    with pytest.raises(NotFound, match=str(theirs)):
        await members.override_many(governor(scim), [ours, theirs], "admin", reason="so", by="dana")
    with pytest.raises(BadSetting, match="at least one"):
        await members.override_many(governor(scim), [], "admin", reason="so", by="dana")
    assert await role_of(scim) == "viewer"
    assert await sql.value("SELECT count(*) FROM role_override") == 0


async def test_policies_and_access_are_previewed_with_whom_they_suspend(scim: Scim, ann: Json) -> None:
    """R050, C7."""
    await team(scim, "viewer", ann["id"])
    door = await team(scim, None, name="Door")
    await send(scim, "bob")
    seen = await look(scim, ChangePolicies({"on_no_mapped_group": "SUSPEND"}))
    assert summary(seen) == "Choosing *on_no_mapped_group=SUSPEND* changes 1 person: 1 lower, 1 suspended"
    assert [(each.email, each.because) for each in seen.people] == [("bob@example.com", "in no mapped group")]
    switch = ChangeDirectory(scim.access.directory_id, {"suspend_on_leaving_groups": "true"})
    assert summary(await look(scim, switch)).endswith("suspend_on_leaving_groups=true* changes nobody.")
    await govern(scim, switch)
    seen = await look(scim, MarkGroup(uuid.UUID(door["id"]), gives_access=True))
    assert summary(seen) == "Marking *Door* changes 2 people: 2 suspended"
    assert {each.because for each in seen.people} == {"in no group that gives access"}


async def test_people_are_named_page_by_page_in_the_order_of_the_moves(scim: Scim) -> None:
    await send(scim, *(f"person{number}" for number in range(5)))
    made = await team(scim, None, *[each["id"] for each in (await scim.read("/Users"))["Resources"]])
    seen = await look(scim, mapping("account-manager", made))
    pages = [await governance.people(governor(scim), seen.moves, start=start, limit=2) for start in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [each for page in pages for each in page] == list(seen.people)


async def test_of_two_who_saw_the_same_and_act_at_once_one_is_told_to_look_again(scim: Scim, ann: Json) -> None:
    made = await team(scim, None, ann["id"])
    wish = mapping("account-manager", made)
    token = (await look(scim, wish)).token
    done = await asyncio.gather(*(govern(scim, wish, token=token) for _ in range(2)), return_exceptions=True)
    assert sorted(map(str, done)) == ["1", "1 fewer person would change than you saw. Look again."]
    assert await map_group(scim, made, None) == 1
