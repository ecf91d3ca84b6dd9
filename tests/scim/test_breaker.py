"""A directory that removes too many people at once is held, and an admin decides (IDEAS, D8)."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from api.provisioning import clock, mappings, removals, sign_ins
from api.provisioning.errors import NotFound
from api.provisioning.sign_ins import SignIn

from .conversation import Json, Scim, assert_error, document
from .governing import active, choose, everybody, governor, member_of, person, role_of, team
from .test_seats import limit, taken

pytestmark = pytest.mark.usefixtures("database")


async def crowd(scim: Scim, count: int) -> list[Json]:
    """So many people."""
    return [document(await scim.post("/Users", person(f"p{number:02}"))) for number in range(count)]


async def statuses(scim: Scim) -> dict[str, int]:
    """How many members have each status."""
    counted: dict[str, int] = {}
    for each in await everybody(scim):
        counted[each["status"]] = counted.get(each["status"], 0) + 1
    return counted


async def waiting(scim: Scim) -> list[uuid.UUID]:
    """The removals that wait."""
    return [each["id"] for each in await removals.held(governor(scim))]  # type: ignore[misc]  # a UUID


async def out(scim: Scim, user: Json, way: str) -> Any:
    if way == "DELETE":
        return await scim.delete(f"/Users/{user['id']}")
    return await scim.patch(f"/Users/{user['id']}", active(False))


@pytest.fixture
async def held(scim: Scim) -> list[Json]:
    """Twelve people of whom the directory removed ten, and wants to remove two more."""
    people = await crowd(scim, 12)
    for each in people:
        assert (await out(scim, each, "PATCH")).status_code == 200
    return people


@pytest.mark.parametrize("way", ["PATCH", "DELETE"])
async def test_the_removal_that_crosses_the_limit_and_later_ones_are_held(scim: Scim, way: str) -> None:
    """D8: the answer to the directory is as always, the people keep access and seat."""
    people = await crowd(scim, 15)
    answers = [await out(scim, each, way) for each in people[:13]]
    assert {answer.status_code for answer in answers} == {204 if way == "DELETE" else 200}
    gone = "DEPROVISIONED" if way == "DELETE" else "DEACTIVATED"
    assert await statuses(scim) == {gone: 10, "HELD": 3, "ACTIVE": 2}
    assert await taken(scim) == {"full": 5}
    assert len(await waiting(scim)) == 3


async def test_twenty_percent_of_many_may_go(scim: Scim) -> None:
    people = await crowd(scim, 60)
    for each in people[:13]:
        await out(scim, each, "PATCH")
    assert await statuses(scim) == {"DEACTIVATED": 12, "HELD": 1, "ACTIVE": 47}


async def test_approved_removals_are_carriedout(scim: Scim, held: list[Json]) -> None:
    first, _ = await waiting(scim)
    assert await removals.approve(governor(scim), [first], by="dana") == 1
    assert await statuses(scim) == {"DEACTIVATED": 11, "HELD": 1}
    assert await taken(scim) == {"full": 1}
    with pytest.raises(NotFound, match="not held any more"):
        await removals.approve(governor(scim), [first], by="dana")


async def test_rejected_removals_stay_until_the_directory_says_something_new(scim: Scim, held: list[Json]) -> None:
    assert await removals.keep(governor(scim), await waiting(scim), by="dana") == 2
    assert await statuses(scim) == {"DEACTIVATED": 10, "ACTIVE": 2}
    await scim.patch(f"/Users/{held[10]['id']}", {"op": "replace", "path": "title", "value": "Boss"})
    assert (await member_of(scim, "p10@example.com"))["status"] == "ACTIVE"
    await scim.patch(f"/Users/{held[10]['id']}", active(True))
    await choose(scim, breaker_response="OFF")
    await scim.patch(f"/Users/{held[10]['id']}", active(False))
    assert (await member_of(scim, "p10@example.com"))["status"] == "DEACTIVATED"


@pytest.mark.parametrize("way", ["PATCH", "DELETE"])
async def test_who_is_sent_again_is_held_no_longer(scim: Scim, way: str) -> None:
    """That is the accident being repaired."""
    people = await crowd(scim, 12)
    for each in people:
        await out(scim, each, way)
    if way == "DELETE":
        assert (await scim.post("/Users", person("p11"))).status_code == 201
    else:
        await scim.patch(f"/Users/{people[11]['id']}", active(True))
    assert (await member_of(scim, "p11@example.com"))["status"] == "ACTIVE"
    assert len(await waiting(scim)) == 1
    assert await taken(scim) == {"full": 2}


async def test_what_was_removed_before_can_be_undone(scim: Scim, held: list[Json]) -> None:
    found = await removals.applied(governor(scim), scim.access.directory_id)
    assert len(found) == 10
    ids: list[Any] = [each["id"] for each in found]
    assert await removals.undo(governor(scim), ids, by="dana") == 10
    assert await statuses(scim) == {"ACTIVE": 10, "HELD": 2}
    assert await taken(scim) == {"full": 12}


async def test_undoing_a_removal_also_rejects_the_one_that_waits(scim: Scim) -> None:
    await choose(scim, breaker_people="1", breaker_percent="1")
    [ann] = await crowd(scim, 1)
    for is_active in (False, True, False):
        await scim.patch(f"/Users/{ann['id']}", active(is_active))
    assert await statuses(scim) == {"HELD": 1}
    [done] = await removals.applied(governor(scim), scim.access.directory_id)
    await removals.undo(governor(scim), [done["id"]], by="dana")  # type: ignore[list-item]  # a UUID
    assert await statuses(scim) == {"ACTIVE": 1}
    assert await waiting(scim) == []
    await scim.patch(f"/Users/{ann['id']}", active(True))
    await scim.patch(f"/Users/{ann['id']}", active(False))
    assert await statuses(scim) == {"DEACTIVATED": 1}


@pytest.mark.parametrize(("policy", "status"), [("KEEP", "ACTIVE"), ("RELEASE", "DEACTIVATED")])
async def test_time_decides_when_nobody_does(
    scim: Scim, held: list[Json], monkeypatch: pytest.MonkeyPatch, policy: str, status: str
) -> None:
    await choose(scim, breaker_timeout=policy)
    organization, now = scim.access.organization_id, clock.now()
    assert await removals.decide_overdue(organization) == 0
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=25))
    assert await removals.decide_overdue(organization) == 2
    assert (await member_of(scim, "p11@example.com"))["status"] == status


async def test_the_window_slides(scim: Scim, held: list[Json], monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(minutes=61)
    eve = document(await scim.post("/Users", person("eve")))
    monkeypatch.setattr(clock, "now", lambda: later)
    await scim.patch(f"/Users/{eve['id']}", active(False))
    assert (await member_of(scim, "eve@example.com"))["status"] == "DEACTIVATED"


async def test_a_directory_can_be_made_to_notice(scim: Scim) -> None:
    await choose(scim, breaker_response="THROTTLE")
    people = await crowd(scim, 11)
    answers = [await out(scim, each, "PATCH") for each in people]
    assert [answer.status_code for answer in answers] == [*[200] * 10, 503]
    assert answers[-1].headers["Retry-After"]
    assert "the organization allows 10" in assert_error(answers[-1], 503)
    assert (await scim.read(f"/Users/{people[10]['id']}"))["active"] is True


async def test_the_breaker_can_be_switched_off(scim: Scim) -> None:
    await choose(scim, breaker_response="OFF")
    for each in await crowd(scim, 12):
        await out(scim, each, "PATCH")
    assert await statuses(scim) == {"DEACTIVATED": 12}


async def test_the_limit_is_exact_also_when_many_go_at_once(scim: Scim) -> None:
    people = await crowd(scim, 24)
    await asyncio.gather(*(out(scim, each, "PATCH") for each in people))
    assert await statuses(scim) == {"DEACTIVATED": 10, "HELD": 14}


async def test_each_directory_has_a_window_of_its_own(scim: Scim, sibling: Scim) -> None:
    for each in await crowd(scim, 11):
        await out(scim, each, "PATCH")
    eve = document(await sibling.post("/Users", person("eve")))
    await sibling.patch(f"/Users/{eve['id']}", active(False))
    assert await statuses(scim) == {"DEACTIVATED": 11, "HELD": 1}


async def test_who_waits_for_a_seat_loses_nothing_by_being_removed(scim: Scim) -> None:
    await limit(scim, full=1)
    await choose(scim, seat_limit="HOLD")
    people = await crowd(scim, 14)
    for each in reversed(people):
        await out(scim, each, "PATCH")
    assert await statuses(scim) == {"DEACTIVATED": 14}


async def test_a_held_removal_keeps_the_role_also_when_the_groups_are_gone(scim: Scim) -> None:
    people = await crowd(scim, 12)
    made = await team(scim, "account-manager", people[11]["id"])
    for each in people:
        await out(scim, each, "DELETE")
    assert (await member_of(scim, "p11@example.com"))["status"] == "HELD"
    assert await role_of(scim, "p11@example.com") == "account-manager"
    assert await scim.members(made["id"]) == []


async def test_urgent_removals_are_never_held(scim: Scim, held: list[Json]) -> None:
    """IDEAS: leavers by security are not to wait for anybody."""
    eve = document(await scim.post("/Users", person("eve")))
    leavers = await team(scim, None, eve["id"], name="Leavers")
    await mappings.mark_group(governor(scim), uuid.UUID(leavers["id"]), is_urgent=True)
    await out(scim, eve, "PATCH")
    assert (await member_of(scim, "eve@example.com"))["status"] == "DEACTIVATED"


async def test_who_came_by_another_way_and_is_brought_inactive_may_be_held(scim: Scim) -> None:
    """A directory that links somebody and calls them inactive takes their access, too."""
    await choose(scim, breaker_people=1, jit_enabled=True)
    for name in ("ann", "bob"):
        await sign_ins.sign_in(governor(scim), SignIn(f"{name}@example.com"))
        assert (await scim.post("/Users", person(name, active=False))).status_code == 201
    assert await statuses(scim) == {"DEACTIVATED": 1, "HELD": 1}


async def test_deleting_somebody_whose_deactivation_was_rejected_removes_them(scim: Scim, held: list[Json]) -> None:
    """A deletion is something new, and counts and is held as any other."""
    await removals.keep(governor(scim), await waiting(scim), by="dana")
    await choose(scim, breaker_response="OFF")
    await scim.delete(f"/Users/{held[10]['id']}")
    gone = await member_of(scim, "p10@example.com")
    assert (gone["status"], gone["hold"], gone["seat"]) == ("DEPROVISIONED", None, None)
