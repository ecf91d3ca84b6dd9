"""How directories are, after what real requests left behind (R062, R145, R149)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.provisioning import connections, diagnosis, keys, request_log
from api.provisioning.health import Condition
from db import sql
from tests.conftest import NewDirectory

from .conversation import SEAT_TYPE, Json, Scim
from .deleting import later
from .governing import governor, person
from .test_directory_states import choose


async def condition(scim: Scim) -> Condition:
    """The condition of the directory."""
    await request_log.flush()
    found = await connections.conditions(governor(scim), scim_url="https://rollcall.example.com/scim/v2")
    return found[scim.access.directory_id]


async def health(scim: Scim) -> str:
    """Its state in one word."""
    return (await condition(scim)).health


async def test_a_directory_that_falls_silent_is_stale_until_it_calls_again(
    scim: Scim, new_directory: NewDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R062: after three times the interval that its provider is known for."""
    entra = replace(scim, access=await new_directory("ENTRA_ID"))
    assert await health(entra) == "NEVER_CALLED"
    await entra.get("/Users")
    found = await condition(entra)
    assert found.health == "HEALTHY"
    assert found.last_request_at is not None
    assert found.next_expected_at == found.last_request_at + timedelta(minutes=40)
    later(monkeypatch, minutes=121)
    assert await health(entra) == "STALE"
    await entra.get("/Users")
    assert await health(entra) == "HEALTHY"


async def test_a_directory_without_remembered_requests_is_judged_by_its_keys(scim: Scim, ann: Json) -> None:
    await request_log.flush()
    await sql.rows("DELETE FROM request")
    assert await health(scim) == "HEALTHY"


async def test_a_directory_that_is_mostly_refused_is_failing(scim: Scim) -> None:
    for _ in range(2):
        await scim.get("/Users")
    for name in ("ann", "bob", "cleo"):
        await scim.post("/Users", person(name, **{SEAT_TYPE: {"seat_type": "guest"}}))
    found = await condition(scim)
    assert (found.health, found.text) == ("FAILING", "3 of the last 5 requests of “GENERIC” were refused.")


async def test_what_is_not_there_is_an_answer_like_any_other(scim: Scim) -> None:
    for _ in range(5):
        await scim.get("/Users/00000000-0000-0000-0000-000000000000")
    assert await health(scim) == "HEALTHY"


async def test_a_paused_directory_is_neither_stale_nor_failing(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose(scim, state="PAUSED")
    later(monkeypatch, days=9)
    for _ in range(5):
        await scim.get("/Users")
    assert await health(scim) == "PAUSED"
    await choose(scim, state="LIVE")
    assert await health(scim) == "HEALTHY"


async def test_a_wrong_path_with_a_valid_key_is_hinted_at_for_a_day(
    scim: Scim, stranger: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R149: with the path that was called and the URL that is right."""
    wrong = replace(scim, access=replace(scim.access, url="/scim"))
    assert (await wrong.get("/Users")).status_code == 404
    [hint] = (await condition(scim)).hints
    assert "called /scim/Users and found nothing" in hint
    assert "https://rollcall.example.com/scim/v2/Users" in hint
    assert (await condition(stranger)).hints == ()
    told = await diagnosis.why(governor(scim), "ann@example.com", scim_url="https://rollcall.example.com/scim/v2")
    assert hint in [each.text for each in told if each.code == "WRONG_URL_OR_KEY"]
    later(monkeypatch, hours=25)
    assert (await condition(scim)).hints == ()


async def test_a_dead_key_is_hinted_at_by_its_last_letters(scim: Scim) -> None:
    await keys.rotate(governor(scim), scim.access.directory_id, overlap=timedelta(0))
    assert (await scim.get("/Users")).status_code == 401
    [hint] = (await condition(scim)).hints
    assert f"the key …{scim.access.key[-4:]}, which has ended" in hint


async def test_somebody_who_is_missing_is_told_that_the_directory_is_silent(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R145, R152: with what can be done about the people whom it left behind; not for somebody who is in."""
    later(monkeypatch, days=4)
    found = await diagnosis.why(governor(scim), "bob@example.com")
    assert [each.code for each in found] == ["NEVER_RECEIVED", "DIRECTORY_UNWELL"]
    assert found[1].text.startswith("Nothing from “GENERIC” for 4 days. It usually calls within minutes of a change;")
    assert "delete the directory" in found[1].next_step
    assert [each.code for each in await diagnosis.why(governor(scim), "ann@example.com")] == ["MEMBER"]


async def test_conditions_are_those_of_ones_own_directories(scim: Scim, sibling: Scim, stranger: Scim) -> None:
    found = await connections.conditions(governor(scim))
    assert set(found) == {scim.access.directory_id, sibling.access.directory_id}
