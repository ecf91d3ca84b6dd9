"""What a directory may bring: everybody, a few in a pilot, nobody new, nothing while it is paused."""

from __future__ import annotations

import asyncio

import pytest

from api.provisioning import directories
from api.provisioning.errors import BadSetting, LastAdmin, NotFound
from db import sql

from .conversation import Json, Scim, assert_error, document
from .governing import active, everybody, governor, member_of, new_address, override, person


async def choose(scim: Scim, **values: str) -> None:
    """Choose policies of the directory."""
    await directories.change(governor(scim), scim.access.directory_id, values)


async def test_a_pilot_lets_in_a_few_until_it_goes_live(scim: Scim) -> None:
    """R052."""
    await choose(scim, state="PILOT")
    assert (await scim.post("/Users", person())).status_code == 201
    assert "pilot mode, which lets in 1 person" in assert_error(await scim.post("/Users", person("bob")), 403)
    await choose(scim, state="LIVE")
    assert (await scim.post("/Users", person("bob"))).status_code == 201


async def test_a_pilot_is_exact_also_when_many_come_at_once(scim: Scim) -> None:
    await choose(scim, state="PILOT", pilot_users="3")
    answers = await asyncio.gather(*(scim.post("/Users", person(f"p{number}")) for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [403] * 9


async def test_somebody_who_left_a_pilot_makes_room(scim: Scim) -> None:
    await choose(scim, state="PILOT")
    made = document(await scim.post("/Users", person()))
    await scim.delete(f"/Users/{made['id']}")
    assert (await scim.post("/Users", person("bob"))).status_code == 201


async def test_a_pause_loses_nothing(scim: Scim, ann: Json, sibling: Scim) -> None:
    """R148: 503 with Retry-After for reads and writes of this directory, recorded like any refusal."""
    await choose(scim, state="PAUSED")
    for answer in (await scim.get("/Users"), await scim.delete(f"/Users/{ann['id']}")):
        assert "paused" in assert_error(answer, 503)
        assert answer.headers["retry-after"] == "300"
    assert (await sibling.get("/Users")).status_code == 200
    assert await sql.value("SELECT count(*) FROM request WHERE status = 503") == 2
    await choose(scim, state="LIVE")
    assert (await scim.get(f"/Users/{ann['id']}")).status_code == 200


async def test_without_new_people_only_members_come(scim: Scim, sibling: Scim) -> None:
    """R048: off, a stranger is refused with the reason, and somebody known is linked."""
    await sibling.post("/Users", person())
    await choose(scim, import_new_users="false")
    assert "import_new_users is off" in assert_error(await scim.post("/Users", person("bob")), 403)
    assert (await scim.post("/Users", person())).status_code == 201
    assert len(await everybody(scim)) == 1


async def test_without_changes_the_member_keeps_name_and_address_and_may_still_be_locked_out(
    scim: Scim, ann: Json
) -> None:
    """R049: the directory's own value is stored and answered, the record says why the member did not follow."""
    await choose(scim, import_changes="false")
    before = await member_of(scim)
    path = f"/Users/{ann['id']}"
    renamed = {"op": "replace", "path": "displayName", "value": "Annabel"}
    answer = await scim.patch(path, renamed, new_address("anna@example.com"))
    assert document(answer)["displayName"] == "Annabel"
    assert await member_of(scim) == before
    found = await sql.value("SELECT decisions FROM request WHERE method = 'PATCH'")
    assert "Changes are switched off for this directory" in str(found)
    await scim.patch(path, active(False))
    assert (await member_of(scim))["status"] == "DEACTIVATED"


@pytest.mark.parametrize("values", [{"state": "ASLEEP"}, {"pilot_users": "0"}, {"colour": "red"}])
async def test_what_a_directory_cannot_be_is_refused(scim: Scim, values: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=r"LIVE|There are"):
        await choose(scim, **values)


async def test_a_directory_of_another_organization_is_not_found(scim: Scim, stranger: Scim) -> None:
    with pytest.raises(NotFound):
        await directories.change(governor(stranger), scim.access.directory_id, {"state": "PAUSED"})


async def test_who_is_inactive_may_be_let_in_and_is_locked_out_again_at_once(scim: Scim, ann: Json) -> None:
    """R050: both directions of the switch, with the seat, and for nobody whom somebody locked out by hand."""
    for name in ("bob", "dan"):
        await scim.post("/Users", person(name, active=False))
    await sql.rows("UPDATE member SET locked_out_at = now() WHERE email = 'dan@example.com'")
    for switch, bob in (("false", ("ACTIVE", "full")), ("true", ("DEACTIVATED", None))):
        await choose(scim, suspend_on_inactive=switch)
        found = {each["email"]: (each["status"], each["seat"]) for each in await everybody(scim)}
        assert found == {
            "ann@example.com": ("ACTIVE", "full"),
            "bob@example.com": bob,
            "dan@example.com": ("DEACTIVATED", None),
        }


async def test_the_switch_locks_out_only_whom_no_other_directory_lets_in(scim: Scim, sibling: Scim) -> None:
    """R050."""
    await choose(scim, suspend_on_inactive="false")
    await scim.post("/Users", person(active=False))
    await scim.post("/Users", person("bob", active=False))
    await sibling.post("/Users", person())
    await choose(scim, suspend_on_inactive="true")
    assert (await member_of(scim))["status"] == "ACTIVE"
    assert (await member_of(scim, "bob@example.com"))["status"] == "DEACTIVATED"


async def test_the_switch_does_not_lock_out_the_last_admin(scim: Scim) -> None:
    await choose(scim, suspend_on_inactive="false")
    await scim.post("/Users", person(active=False))
    await override(scim, "admin")
    with pytest.raises(LastAdmin):
        await choose(scim, suspend_on_inactive="true")
    assert (await member_of(scim))["status"] == "ACTIVE"
    assert (await directories.overview(scim.access.organization_id))[0]["settings"]["suspend_on_inactive"] is False  # type: ignore[index]  # a dict
