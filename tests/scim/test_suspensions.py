"""Groups that let people in and are emptied: what is too much at once is held as well (IDEAS, D8, R050)."""

from __future__ import annotations

import pytest

from api.provisioning import removals

from .conversation import Json, Scim, assert_error
from .governing import adding, choose, everybody, governor, removing, role_of, team
from .test_breaker import crowd, out, statuses, waiting
from .test_seats import taken


@pytest.fixture
async def team_of_twelve(scim: Scim) -> tuple[Json, list[Json]]:
    """Twelve people who are let in by a group."""
    people = await crowd(scim, 12)
    made = await team(scim, "account-manager", *(each["id"] for each in people))
    await choose(scim, on_no_mapped_group="SUSPEND")
    return made, people


async def test_too_many_suspensions_by_groups_are_held_as_well(
    scim: Scim, team_of_twelve: tuple[Json, list[Json]]
) -> None:
    """R050, D8: a group that is emptied by accident takes nobody's access and role."""
    made, people = team_of_twelve
    assert (await scim.patch(f"/Groups/{made['id']}", {"op": "remove", "path": "members"})).status_code == 200
    assert await statuses(scim) == {"HELD": 12}
    assert await role_of(scim, "p00@example.com") == "account-manager"
    assert len(await waiting(scim)) == 12
    await scim.patch(f"/Groups/{made['id']}", adding(*(each["id"] for each in people[:4])))
    assert await statuses(scim) == {"HELD": 8, "ACTIVE": 4}
    assert await taken(scim) == {"full": 12}
    approved, kept = (await waiting(scim))[:3], (await waiting(scim))[3:]
    await removals.approve(governor(scim), approved, by="dana")
    await removals.keep(governor(scim), kept, by="dana")
    assert await statuses(scim) == {"SUSPENDED": 3, "ACTIVE": 9}
    assert {each["role"] for each in await everybody(scim) if each["status"] == "ACTIVE"} == {"account-manager"}


async def test_a_few_suspensions_by_groups_are_carried_out_and_counted(
    scim: Scim, team_of_twelve: tuple[Json, list[Json]]
) -> None:
    made, people = team_of_twelve
    for each in people[:11]:
        await scim.patch(f"/Groups/{made['id']}", removing(each["id"]))
    assert await statuses(scim) == {"SUSPENDED": 10, "HELD": 1, "ACTIVE": 1}
    assert len(await removals.applied(governor(scim), scim.access.directory_id)) == 10


async def test_a_throttled_group_keeps_its_members(scim: Scim, team_of_twelve: tuple[Json, list[Json]]) -> None:
    made, people = team_of_twelve
    await choose(scim, breaker_response="THROTTLE")
    answer = await scim.patch(f"/Groups/{made['id']}", {"op": "remove", "path": "members"})
    assert "the organization allows 10" in assert_error(answer, 503)
    assert len(await scim.members(made["id"])) == len(people)


@pytest.mark.parametrize("way", ["PATCH", "DELETE"])
async def test_who_is_on_hold_because_of_groups_stays_so_when_they_are_removed(
    scim: Scim, team_of_twelve: tuple[Json, list[Json]], way: str
) -> None:
    made, people = team_of_twelve
    await scim.patch(f"/Groups/{made['id']}", {"op": "remove", "path": "members"})
    assert (await out(scim, people[0], way)).status_code < 300
    assert await statuses(scim) == {"HELD": 12}
    assert len(await waiting(scim)) == 12
    await removals.approve(governor(scim), await waiting(scim), by="dana")
    gone = "DEACTIVATED" if way == "PATCH" else "DEPROVISIONED"
    assert await statuses(scim) == {gone: 1, "SUSPENDED": 11}
