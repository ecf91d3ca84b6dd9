"""Groups, choices and people that change at the same moment: a role follows from all of them."""

from __future__ import annotations

import asyncio

from api.provisioning import clock, role_changes
from api.provisioning.ladder import SetDefault
from db import sql
from db.transaction import transaction

from .conversation import Json, Scim
from .governing import adding, everybody, govern, governor, member_of, person, role_of, team

ROUNDS = 3
WHILE_THE_OTHER_WAITS = 0.2


async def test_two_groups_that_take_somebody_in_at_once_both_count(scim: Scim, ann: Json) -> None:
    high = await team(scim, "account-manager", name="High")
    low = await team(scim, "knowledge-base-viewer", name="Low")
    member, has_written = (await member_of(scim))["id"], asyncio.Event()

    async def join_high() -> None:
        joining = "INSERT INTO group_member (organization_id, group_id, value, type) VALUES ($1, $2, $3, 'User')"
        await sql.rows(joining, scim.access.organization_id, high["id"], ann["id"])
        await role_changes.reassign(governor(scim), [member], clock.now())
        has_written.set()
        await asyncio.sleep(WHILE_THE_OTHER_WAITS)

    async def join_low() -> None:
        await has_written.wait()
        await scim.patch(f"/Groups/{low['id']}", adding(ann["id"]))

    await asyncio.gather(transaction(join_high), join_low())
    assert await role_of(scim) == "account-manager"


async def test_whoever_comes_while_the_default_role_changes_has_the_new_one(scim: Scim) -> None:
    for number, key in enumerate(["account-manager", "viewer"] * ROUNDS):
        newcomers = [scim.post("/Users", person(f"person{number}x{each}")) for each in range(6)]
        await asyncio.gather(govern(scim, SetDefault(key), is_sure=True), *newcomers)
        assert {each["role"] for each in await everybody(scim)} == {key}
