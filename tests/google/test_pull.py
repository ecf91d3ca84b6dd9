"""Fetching people: what is taken over, what is left alone, what is removed, and what happens when Google does not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from api.google import client, work
from api.google.client import read_key_file
from api.provisioning import clock, directories, pulls
from api.provisioning.actor import Actor
from api.provisioning.errors import BadAddress, BadSetting, NotFound
from db import queue, sql
from tests.worker.working import until_done, working

from .conftest import Fetched, choice
from .double import Workspace

BOTH = {"ann@example.com", "bob@example.com"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Between tries nobody waits; how long they would have is kept."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(client, "asyncio", SimpleNamespace(sleep=sleep))
    return pauses


async def test_people_and_groups_are_taken_over(fetched: Fetched) -> None:
    count = await fetched.fetched()
    assert await fetched.members() == dict.fromkeys(BOTH, "ACTIVE")
    assert await fetched.group("Sales") == BOTH
    assert (count.read, count.changed, count.removed) == (3, 3, 0)
    assert await fetched.requests() == [("POST", "Users", 201), ("POST", "Users", 201), ("POST", "Groups", 201)]


async def test_a_pass_takes_over_only_what_changed(fetched: Fetched) -> None:
    await fetched.fetched()
    fetched.workspace.users["1"]["etag"] = "another"
    assert (await fetched.fetched()).changed == 0, "Google's etag alone is no change"
    fetched.workspace.users["1"]["suspended"] = True
    assert (await fetched.fetched()).changed == 1
    assert (await fetched.members())["ann@example.com"] == "DEACTIVATED"
    fetched.workspace.add_group("g1", "Sales and more", ["2"])
    assert (await fetched.fetched()).changed == 1
    assert await fetched.group("Sales and more") == {"bob@example.com"}
    assert [each for each in await fetched.requests() if each[0] == "PUT"] == [
        ("PUT", "Users", 200),
        ("PUT", "Groups", 200),
    ]


async def test_whoever_is_gone_is_removed_and_their_group_goes_on(fetched: Fetched) -> None:
    await fetched.fetched()
    del fetched.workspace.users["2"]
    count = await fetched.fetched()
    assert (count.removed, (await fetched.members())["bob@example.com"]) == (1, "DEPROVISIONED")
    assert await fetched.group("Sales") == {"ann@example.com"}
    del fetched.workspace.groups["g1"]
    fetched.workspace.add_group("g2", "Others", [])
    await fetched.fetched()
    assert await fetched.group("Sales") == set()


async def test_an_empty_answer_removes_nobody(fetched: Fetched) -> None:
    await fetched.fetched()
    fetched.workspace.users.clear()
    await fetched.fetch()
    assert "Nothing was removed" in str(await fetched.problem())
    assert await fetched.members() == dict.fromkeys(BOTH, "ACTIVE")


async def test_many_removals_are_held_like_those_of_any_directory(fetched: Fetched) -> None:
    for number in range(3, 40):
        fetched.workspace.add_user(str(number), f"user{number}@example.com")
    await fetched.fetched()
    for number in range(3, 40):
        del fetched.workspace.users[str(number)]
    await fetched.fetched()
    [[held]] = await sql.rows("SELECT count(*) FROM member WHERE hold IS NOT NULL")
    assert held > 0


async def test_pages_are_read_to_their_end(fetched: Fetched) -> None:
    for number in range(3, 15):
        fetched.workspace.add_user(str(number), f"user{number}@example.com")
    fetched.workspace.add_group("g1", "Sales", [str(number) for number in range(1, 15)])
    fetched.workspace.page = 4
    await fetched.fetched()
    assert len(await fetched.members()) == len(await fetched.group("Sales")) == 14
    assert fetched.workspace.asked.count("users") == 4


async def test_groups_in_groups_and_whole_customers(fetched: Fetched) -> None:
    fetched.workspace.add_group("g2", "All", ["g1"], type="GROUP")
    fetched.workspace.add_group("g3", "Everybody", ["C1"], type="CUSTOMER")
    await fetched.fetched()
    [[parent]] = await sql.rows(
        """SELECT p.display_name FROM group_member m JOIN directory_group g ON g.id = m.value
           JOIN directory_group p ON p.id = m.group_id WHERE g.display_name = 'Sales'"""
    )
    assert parent == "All"
    assert await sql.rows("SELECT FROM parked_member") == []


async def test_a_pass_after_a_crash_finds_what_it_had_made(fetched: Fetched) -> None:
    await fetched.fetched()
    await sql.rows("DELETE FROM pull_item")
    assert (await fetched.fetched()).changed == 3
    assert len(await fetched.members()) == 2
    [[users]] = await sql.rows("SELECT count(*) FROM directory_user")
    assert users == 2


async def test_what_is_refused_is_told_and_tried_again(fetched: Fetched) -> None:
    fetched.workspace.add_user("3", "cleo@example.com", customSchemas={"Rollcall": {"seat_type": "gold"}})
    await fetched.fetch()
    assert str(await fetched.problem()).startswith("1 were refused, the first because: ")
    assert set(await fetched.members()) == BOTH, "nobody else waits for that"
    fetched.workspace.add_user("3", "cleo@example.com")
    await fetched.fetched()
    assert "cleo@example.com" in await fetched.members()


async def test_google_that_is_busy_is_asked_again(fetched: Fetched, no_pauses: list[float]) -> None:
    busy = {"error": {"errors": [{"reason": "userRateLimitExceeded"}]}}
    fetched.workspace.failures = [(403, busy), (503, {}), (429, busy)]
    await fetched.fetched()
    assert len(no_pauses) == 3
    assert no_pauses == sorted(no_pauses)
    fetched.workspace.failures = [(503, {})] * 5
    await fetched.fetch()
    assert "Google answers 503" in str(await fetched.problem())


async def test_who_may_not_read_is_told_what_to_allow(fetched: Fetched) -> None:
    fetched.workspace.failures = [(403, {"error": {"errors": [{"reason": "forbidden"}]}})]
    await fetched.fetch()
    assert "Domain-wide delegation" in str(await fetched.problem())
    fetched.workspace.is_delegated = False
    await fetched.fetch()
    assert "may not act for this administrator" in str(await fetched.problem())


async def test_a_token_that_ended_is_replaced(fetched: Fetched) -> None:
    await fetched.fetched()

    class Forgetful(set[str]):
        """Knows a token once."""

        def __contains__(self, token: object) -> bool:
            is_known = super().__contains__(token)
            self.discard(str(token))
            return is_known

    fetched.workspace.tokens = Forgetful()
    await fetched.fetched()


async def test_another_key_or_administrator_is_refused_by_google(fetched: Fetched, workspace: Workspace) -> None:
    await pulls.change(fetched.actor, fetched.directory, choice(workspace, admin_email="nobody@example.com"))
    await fetched.fetch()
    assert "the administrator's address" in str(await fetched.problem())


async def test_problems_in_a_row_wait_longer(fetched: Fetched) -> None:
    fetched.workspace.is_delegated = False
    waits = []
    for _ in range(4):
        await fetched.fetch()
        row = await pulls.find(fetched.actor, fetched.directory)
        waits.append((row.next_at - clock.now()) / timedelta(minutes=20))
    assert [round(wait) for wait in waits] == [1, 2, 4, 8]
    fetched.workspace.is_delegated = True
    await fetched.fetched()
    row = await pulls.find(fetched.actor, fetched.directory)
    assert (row.failures, row.run, row.finished_at is not None) == (0, 1, True)


async def test_two_workers_make_one_pass(fetched: Fetched) -> None:
    passes = await asyncio.gather(*(fetched.fetch() for _ in range(4)))
    assert sum(count is not None for count in passes) == 1
    assert len(await fetched.requests()) == 3


async def test_a_worker_that_died_is_replaced_after_its_lease(fetched: Fetched) -> None:
    assert await pulls.begin(fetched.actor.organization, fetched.directory) is not None
    assert await fetched.fetch() is None
    await sql.rows("UPDATE pull SET leased_until = now() - interval '1 second'")
    await fetched.fetched()


async def test_what_is_due_is_found_and_what_is_paused_or_deleted_is_not(fetched: Fetched) -> None:
    own = (fetched.actor.organization, fetched.directory)
    assert own in await pulls.due()
    await fetched.fetched()
    assert own not in await pulls.due()
    await pulls.hurry(fetched.actor, fetched.directory)
    assert own in await pulls.due()
    await directories.change(fetched.actor, fetched.directory, {"state": "PAUSED"})
    assert own not in await pulls.due()
    assert await fetched.fetch() is None


async def test_a_worker_fetches_whoever_is_due(fetched: Fetched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PLACES", fetched.workspace.places)
    await work.look()
    await work.look()
    [[waiting]] = await sql.rows(f"SELECT count(*) FROM {queue.TASK}")
    assert waiting == 1
    async with working(*work.HANDLERS):
        await until_done()
    assert await fetched.members() == dict.fromkeys(BOTH, "ACTIVE")


async def test_choices_that_make_no_sense_are_refused(fetched: Fetched, workspace: Workspace) -> None:
    for values, problem in (
        ({"admin_email": "nobody"}, BadAddress),
        ({"every_minutes": 1}, BadSetting),
        ({"customer": " "}, BadSetting),
        ({"user_query": "a\nb"}, BadSetting),
    ):
        with pytest.raises(problem):
            await pulls.change(fetched.actor, fetched.directory, choice(workspace, **values))
    for text in ("", "{}", '{"type": "authorized_user", "client_email": "a", "private_key": "b"}'):
        with pytest.raises(BadSetting):
            read_key_file(text)


async def test_another_organization_sees_and_changes_nothing(fetched: Fetched, stranger: Actor) -> None:
    with pytest.raises(NotFound):
        await pulls.find(stranger, fetched.directory)
    with pytest.raises(NotFound):
        await pulls.hurry(stranger, fetched.directory)


async def test_the_key_file_stands_nowhere_in_the_clear(fetched: Fetched) -> None:
    await fetched.fetched()
    for table in ("pull", "change", "request"):
        stored = " ".join(str(row) for row in await sql.rows(f"SELECT t::text FROM {table} t"))
        assert "PRIVATE KEY" not in stored
        assert b"PRIVATE KEY".hex() not in stored
