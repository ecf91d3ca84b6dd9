"""One pass over what time brings: for every organization, in pieces, at once, and in spite of trouble."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from api.provisioning import clock, invitations, maintenance, seat_pools
from api.provisioning.deletion_choices import Choice
from api.provisioning.invitations import Guest
from api.provisioning.maintenance import Task
from db import sql
from db.enums import SeatType
from db.errors import UNAVAILABLE
from db.ids import OrganizationId
from db.queries import log

from .conversation import Json, Scim, document
from .deleting import delete, later
from .governing import active, choose, everybody, governor, member_of, override, person, role_of


async def run() -> dict[str, int]:
    """What a pass counted, by task."""
    return {done.task: done.count for done in await maintenance.run()}


@pytest.fixture
async def due(scim: Scim, sibling: Scim, stranger: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one organization an override, somebody to be erased and a deleted directory; in another somebody."""
    for each in (scim, stranger):
        await choose(each, delete_action="REMOVE_MEMBER", grace_days=7)
        made = document(await each.post("/Users", person()))
        await each.delete(f"/Users/{made['id']}")
    await sibling.post("/Users", person("bob"))
    await override(scim, "account-manager", "bob@example.com", expires_at=clock.now() + timedelta(hours=1))
    await delete(scim, Choice.REMOVE_ALL)
    later(monkeypatch, days=31)


async def test_a_pass_does_for_every_organization_what_is_due(due: None, scim: Scim, stranger: Scim) -> None:
    """R059, R114, R147."""
    done = {
        "overrides": 1,
        "erasures": 2,
        "deletions": 1,
        "retention": 0,
        "drift": 0,
        "removals": 0,
        "invitations": 0,
        "seats": 6,
        "purchases": 0,
        "billing": 0,
    }
    found = await run()
    assert found.pop("seals") > 0
    assert found == done
    assert await role_of(scim, "bob@example.com") == "viewer"
    for each in (scim, stranger):
        assert "ERASED" in {found["status"] for found in await everybody(each)}
    assert await run() == dict.fromkeys([*done, "seals"], 0)


async def test_passes_at_once_do_everything_once(due: None) -> None:
    found = await asyncio.gather(*(run() for _ in range(4)))
    assert {task: sum(each[task] for each in found) for task in ("overrides", "erasures", "deletions")} == {
        "overrides": 1,
        "erasures": 2,
        "deletions": 1,
    }
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'erased'") == 2


async def test_a_pass_that_is_stopped_is_gone_on_with(due: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stopped(_: OrganizationId) -> int:
        raise asyncio.CancelledError

    tasks = maintenance.TASKS
    stopping = Task("stop", "stopped", tasks[1].due, stopped)
    monkeypatch.setattr(maintenance, "TASKS", (tasks[0], stopping, *tasks[1:]))
    with pytest.raises(asyncio.CancelledError):
        await run()
    monkeypatch.setattr(maintenance, "TASKS", tasks)
    done = await run()
    assert (done["overrides"], done["erasures"], done["deletions"]) == (0, 2, 1)


async def test_the_trouble_of_one_organization_is_told_and_stops_nobody_else(
    due: None, scim: Scim, stranger: Scim, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    erasing = maintenance.TASKS[1]

    async def broken(organization: OrganizationId) -> int:
        if organization == scim.access.organization_id:
            raise ZeroDivisionError
        return await erasing.carry_out(organization)

    monkeypatch.setattr(maintenance, "TASKS", (replace(erasing, carry_out=broken), *maintenance.TASKS[2:4]))
    done = await maintenance.run()
    assert [(each.task, each.count, each.failed) for each in done] == [
        ("erasures", 1, (scim.access.organization_id,)),
        ("deletions", 1, ()),
        ("retention", 0, ()),
    ]
    assert f"erasures failed for organization {scim.access.organization_id}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert (await everybody(stranger))[0]["status"] == "ERASED"


async def test_a_database_that_is_away_ends_a_pass(due: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: OrganizationId) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(maintenance, "TASKS", (replace(maintenance.TASKS[1], carry_out=away),))
    with pytest.raises(UNAVAILABLE):
        await maintenance.run()


async def test_retention_is_carried_out_once_a_day_and_remembered(scim: Scim, ann: Json, stranger: Scim) -> None:
    """It reads all requests, which is too much for every few minutes."""
    organization = scim.access.organization_id
    assert (await run())["retention"] == 0
    [remembered] = [c for c in await log.changes_of(organization, organization) if c["action"] == "requests_forgotten"]
    assert (remembered["actor_kind"], remembered["after"]) == ("SYSTEM", '{"bodies": 0, "requests": 0}')
    await sql.rows("UPDATE request SET received_at = received_at - interval '31 days'")
    assert (await run())["retention"] == 0
    await sql.rows("UPDATE change SET changed_at = changed_at - interval '1 day'")
    assert (await run())["retention"] == 1
    assert await sql.value("SELECT request_body FROM request WHERE method = 'POST'") is None
    assert (await member_of(scim))["status"] == "ACTIVE"


async def test_removals_that_nobody_decided_about_are_decided_in_time(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IDEAS, D8."""
    await choose(scim, breaker_people=1, breaker_timeout="RELEASE")
    bob = document(await scim.post("/Users", person("bob")))
    for each in (bob, ann):
        await scim.patch(f"/Users/{each['id']}", active(False))
    assert (await run())["removals"] == 0
    later(monkeypatch, days=2)
    assert (await run())["removals"] == 1
    assert (await member_of(scim))["status"] == "DEACTIVATED"


async def test_the_seats_of_a_day_are_remembered_as_often_as_they_change(scim: Scim, ann: Json) -> None:
    """R135: only where something is different than it was remembered."""
    assert [(await run())["seats"] for _ in range(2)] == [3, 0]
    await scim.post("/Users", person("bob"))
    assert (await run())["seats"] == 3
    days = await seat_pools.history(governor(scim), SeatType.FULL, days=1)
    assert [day.used for day in days] == [2]


async def test_an_invitation_that_nobody_accepts_gives_its_seat_back(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R096."""
    await invitations.invite(governor(scim), Guest("guest@example.org"))
    assert (await run())["invitations"] == 0
    later(monkeypatch, days=8)
    assert (await run())["invitations"] == 1
    guest = await member_of(scim, "guest@example.org")
    assert (guest["status"], guest["seat"]) == ("DEPROVISIONED", None)
