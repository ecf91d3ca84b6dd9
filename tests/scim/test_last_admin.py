"""Nobody but the operator can leave an organization without an admin (REQUIREMENTS R125, C20)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.provisioning import clock, members
from api.provisioning.errors import LastAdmin
from db import sql

from .conversation import Json, Scim, assert_error, document, patch
from .governing import active, everybody, map_group, member_of, override, person, role_of, team

WAYS_OUT = [
    ("PATCH", "/Users/{id}", patch(active(False))),
    ("DELETE", "/Users/{id}", None),
    ("PUT", "/Users/{id}", person(active=False)),
    ("PATCH", "/Groups/{group}", patch({"op": "remove", "path": "members"})),
    ("DELETE", "/Groups/{group}", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WAYS_OUT)
async def test_no_directory_takes_the_last_admin_away(
    scim: Scim, ann: Json, method: str, path: str, body: Json | None
) -> None:
    """R125, C20."""
    made = await team(scim, "admin", ann["id"])
    answer = await scim.send(method, path.format(id=ann["id"], group=made["id"]), body)
    assert "would leave Acme without an admin" in assert_error(answer, 403)
    assert (await role_of(scim), (await member_of(scim))["status"]) == ("admin", "ACTIVE")
    assert await scim.members(made["id"]) == [ann["id"]]


@pytest.mark.parametrize(("method", "path", "body"), WAYS_OUT[:3])
async def test_an_admin_who_is_not_the_last_may_go(
    scim: Scim, ann: Json, method: str, path: str, body: Json | None
) -> None:
    bob = document(await scim.post("/Users", person("bob")))
    await team(scim, "admin", ann["id"], bob["id"])
    assert (await scim.send(method, path.format(id=ann["id"]), body)).status_code < 300


@pytest.mark.parametrize("round", range(5))
async def test_two_last_admins_cannot_both_go_at_once(scim: Scim, round: int) -> None:
    people = [document(await scim.post("/Users", person(name))) for name in ("ann", "bob")]
    await team(scim, "admin", *(each["id"] for each in people))
    answers = await asyncio.gather(*(scim.patch(f"/Users/{each['id']}", active(False)) for each in people))
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    assert await sql.value("SELECT count(*) FROM member WHERE status = 'ACTIVE'") == 1


async def test_of_many_admins_who_leave_at_once_one_stays(scim: Scim) -> None:
    """None of them waits for another one in a circle, however many they are."""
    people = [document(await scim.post("/Users", person(f"p{number}"))) for number in range(10)]
    await team(scim, "admin", *(each["id"] for each in people))
    answers = await asyncio.gather(*(scim.patch(f"/Users/{each['id']}", active(False)) for each in people))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 9, 403]


async def test_the_last_admins_override_outlives_its_time_and_nobody_elses(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scim.post("/Users", person("bob"))
    until = clock.now() + timedelta(hours=1)
    for name, role in (("ann", "admin"), ("bob", "account-manager")):
        await override(scim, role, f"{name}@example.com", expires_at=until)
    monkeypatch.setattr(clock, "now", lambda: until)
    assert await members.expire_overrides(scim.access.organization_id) == 1
    assert [each["role"] for each in await everybody(scim)] == ["admin", "viewer"]
    await override(scim, "admin", "bob@example.com")
    assert await members.expire_overrides(scim.access.organization_id) == 1
    assert [each["role"] for each in await everybody(scim)] == ["viewer", "admin"]


async def test_a_mapping_cannot_take_the_last_admin_away_either(scim: Scim, ann: Json) -> None:
    made = await team(scim, "admin", ann["id"])
    with pytest.raises(LastAdmin):
        await map_group(scim, made, "viewer")
    assert await role_of(scim) == "admin"
