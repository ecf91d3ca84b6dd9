"""Members who are erased after a grace period, and what is left of them (R059, C1)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.provisioning import erasures, ladder, members, request_log
from api.provisioning.deletion_choices import Choice
from db import sql
from db.queries import erasures as erasure_rows
from db.queries import log
from db.queries import members as member_rows

from .conversation import SEAT_TYPE, Json, Scim, assert_error, bulk, document, user
from .deleting import delete, later, restored
from .governing import active, choose, everybody, govern, governor, member_of, override, own, person, role_of, team

ANN = person(displayName="Ann Arbor", externalId="ann-1", title="Major")


@pytest.fixture
async def leaving(scim: Scim) -> None:
    """Who leaves is erased a week later."""
    await choose(scim, delete_action="REMOVE_MEMBER", grace_days=7)


async def gone(scim: Scim, **attributes: object) -> str:
    """The id of Ann's record in the directory, which has deleted it."""
    made = document(await scim.post("/Users", ANN | attributes))
    await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "Colonel Arbor"})
    await scim.delete(f"/Users/{made['id']}")
    return str(made["id"])


async def erase(scim: Scim) -> int:
    """Erase whose time has come; how many."""
    return await erasures.erase_due(scim.access.organization_id)


async def tombstone(scim: Scim) -> dict[str, Any]:
    """The only member that is erased."""
    [found] = [each for each in await everybody(scim) if each["status"] == "ERASED"]
    return found


async def everything(scim: Scim) -> str:
    """All rows of the database as one text."""
    tables = await sql.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = [await sql.rows(f"SELECT t::text FROM {table[0]} t") for table in tables]
    return "\n".join(row[0] for some in found for row in some)


async def test_a_member_is_erased_after_the_grace_period_and_not_before(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R059: a tombstone with id and dates."""
    await gone(scim)
    before = await member_of(scim)
    assert await erase(scim) == 0
    at = later(monkeypatch, days=7)
    assert await erase(scim) == 1
    after = await tombstone(scim)
    kept = {name: after[name] for name in ("id", "created_at", "status_since", "source")}
    assert kept == {**{name: before[name] for name in ("id", "created_at", "source")}, "status_since": at}
    told = ("email", "email_key", "display_name", "seat_type", "local", "role", "role_id", "seat", "erase_after")
    assert {after[name] for name in told} == {None}
    assert after["account_id"] != before["account_id"]
    assert await erase(scim) == 0


async def test_before_the_grace_is_over_the_person_comes_back(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R059."""
    await gone(scim)
    before = await member_of(scim)
    later(monkeypatch, days=6)
    await scim.post("/Users", ANN)
    later(monkeypatch, days=2)
    assert await erase(scim) == 0
    after = await member_of(scim)
    assert (after["id"], after["status"], after["erase_after"]) == (before["id"], "ACTIVE", None)


async def test_nothing_of_the_person_is_left_in_the_database(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R059: not in requests, refused ones included, nor in history, nor in what bulk requests sent."""
    await gone(scim)
    assert_error(await scim.post("/Users", ANN | {SEAT_TYPE: {"seat_type": "guest"}}), 400, "invalidValue")
    again = bulk({"method": "POST", "path": "/Users", "bulkId": "1", "data": ANN})
    made = document(await scim.post("/Bulk", again))["Operations"][0]
    await override(scim, "account-manager", reason="Arbor knows the way")
    await override(scim, "viewer", reason="Arbor does not")
    await scim.delete(f"/Users/{made['location'].rpartition('/')[2]}")
    assert_error(await scim.post("/Users", ANN | {SEAT_TYPE: {"seat_type": "guest"}}), 400, "invalidValue")
    await request_log.flush()
    found = (await everything(scim)).lower()
    assert "arbor" in found
    assert "ann@example.com" in found
    later(monkeypatch, days=7)
    await erase(scim)
    left = [line for line in (await everything(scim)).lower().splitlines() if "arbor" in line or "ann" in line]
    assert left == []


async def test_history_and_requests_keep_what_happened_when_and_by_whom(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gone(scim)
    member = (await member_of(scim))["id"]
    organization = scim.access.organization_id
    names = ("id", "action", "actor_kind", "actor_id", "changed_at", "request_id")
    before = [{name: row[name] for name in names} for row in await log.changes_of(organization, member)]
    requests = await sql.rows("SELECT id, method, status, received_at FROM request ORDER BY id")
    codes = await sql.rows("SELECT jsonb_path_query_array(decisions, '$[*].code') FROM request ORDER BY id")
    later(monkeypatch, days=7)
    await erase(scim)
    after = await log.changes_of(organization, member)
    assert [{name: row[name] for name in names} for row in after[:-1]] == before
    assert {(row["before"], row["after"]) for row in after[:-1]} == {(None, None)}
    assert (after[-1]["action"], after[-1]["actor_kind"]) == ("erased", "SYSTEM")
    assert await sql.rows("SELECT id, method, status, received_at FROM request ORDER BY id") == requests
    assert await sql.rows("SELECT jsonb_path_query_array(decisions, '$[*].code') FROM request ORDER BY id") == codes


async def test_somebody_else_of_the_same_name_is_left_alone(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the name was given again after it had become free."""
    await choose(scim, match_order="emails")
    await gone(scim)
    other = document(await scim.post("/Users", user("ann", emails=[{"value": "other@example.com"}])))
    await scim.patch(f"/Users/{other['id']}", {"op": "replace", "path": "title", "value": "Clerk"})
    later(monkeypatch, days=7)
    await erase(scim)
    found = await sql.rows("SELECT request_body FROM request WHERE resource_id = $1", other["id"])
    assert len(found) == 2
    assert all(row[0] for row in found)
    assert (await member_of(scim, "other@example.com"))["status"] == "ACTIVE"


async def test_an_erased_person_who_comes_again_is_somebody_new(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gone(scim)
    later(monkeypatch, days=7)
    await erase(scim)
    await scim.post("/Users", ANN)
    new, old = await member_of(scim), await tombstone(scim)
    assert new["id"] != old["id"]
    assert new["status"] == "ACTIVE"


async def test_who_comes_while_they_are_erased_is_somebody_new(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request recognised the member before, waits, and finds a tombstone."""
    ready, go = asyncio.Event(), asyncio.Event()
    forget = erasure_rows.forget_history

    async def slow(*arguments: Any) -> None:
        ready.set()
        await go.wait()
        await forget(*arguments)

    await gone(scim)
    later(monkeypatch, days=7)
    monkeypatch.setattr(erasure_rows, "forget_history", slow)
    erasing = asyncio.create_task(erase(scim))
    await ready.wait()
    coming = asyncio.create_task(scim.post("/Users", ANN))
    await asyncio.sleep(0.2)
    go.set()
    assert await erasing == 1
    assert (await coming).status_code == 201
    new, old = await member_of(scim), await tombstone(scim)
    assert (new["id"] != old["id"], new["status"]) == (True, "ACTIVE")


async def test_an_account_that_another_organization_uses_stays(
    scim: Scim, stranger: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await own(scim, "example.com")
    await scim.post("/Users", ANN)
    shared = (await member_of(scim))["account_id"]
    other = document(await stranger.post("/Users", person("eve")))
    await sql.rows(
        "UPDATE member SET account_id = $1 WHERE organization_id = $2", shared, stranger.access.organization_id
    )
    await scim.delete(f"/Users/{(await scim.read('/Users'))['Resources'][0]['id']}")
    later(monkeypatch, days=7)
    assert await erase(scim) == 1
    assert await member_rows.account_exists("ann@example.com")
    assert (await tombstone(scim))["account_id"] != shared
    assert (await stranger.read(f"/Users/{other['id']}"))["active"] is True


async def test_an_account_that_nobody_else_uses_goes(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gone(scim)
    later(monkeypatch, days=7)
    await erase(scim)
    assert not await member_rows.account_exists("ann@example.com")
    [account] = await sql.rows("SELECT email, email_key FROM account")
    assert tuple(account) == (None, None)


async def test_another_policy_alters_nobodys_time(scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await gone(scim)
    await choose(scim, delete_action="DEPROVISION_MEMBER")
    await scim.post("/Users", person("bob"))
    await scim.delete(f"/Users/{(await scim.read('/Users'))['Resources'][0]['id']}")
    await choose(scim, delete_action="REMOVE_MEMBER", grace_days=0)
    later(monkeypatch, days=7)
    assert await erase(scim) == 1
    assert (await member_of(scim, "bob@example.com"))["status"] == "DEPROVISIONED"


async def test_what_recomputes_roles_gives_a_tombstone_none(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gone(scim)
    later(monkeypatch, days=7)
    await erase(scim)
    await govern(scim, ladder.SetDefault("account-manager"), is_sure=True)
    assert (await tombstone(scim))["role"] is None
    assert await members.find(governor(scim), (await tombstone(scim))["id"])


async def test_what_a_deleted_directory_holds_of_the_person_goes_too(
    scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(await scim.post("/Users", ANN))
    await scim.post("/Users", person("bob"))
    group = await team(scim, "viewer", made["id"])
    await delete(scim, Choice.REMOVE_ALL)
    await sql.rows("UPDATE member SET erase_after = NULL WHERE email = 'bob@example.com'")
    later(monkeypatch, days=7)
    assert await erase(scim) == 1
    back = await restored(scim)
    found = await back.read("/Users")
    assert [each["userName"] for each in found["Resources"]] == ["bob"]
    assert found["totalResults"] == 1
    assert (await back.read(f"/Groups/{group['id']}"))["members"] == []
    assert (await tombstone(scim))["status"] == "ERASED"
    assert await role_of(back, "bob@example.com") == "viewer"


async def test_many_are_erased_in_pieces(scim: Scim, leaving: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "_AT_ONCE", 2)
    for name in ("ann", "bob", "cleo"):
        made: Json = document(await scim.post("/Users", person(name)))
        await scim.patch(f"/Users/{made['id']}", active(False))
        await sql.rows('UPDATE organization SET policies = policies || \'{"breaker_response": "OFF"}\'')
        await scim.delete(f"/Users/{made['id']}")
    later(monkeypatch, days=7)
    assert await erase(scim) == 3
